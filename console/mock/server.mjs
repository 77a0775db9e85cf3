// @ts-check
// A development aid: rows in the shape of the API for a full evening, so that the console can be looked at without a
// server. It decides nothing and stores nothing; the browser journeys run the real program and never this.
import { readFileSync, existsSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join } from 'node:path'

const port = Number(process.env.PORT ?? 8110)
const dist = new URL('../../internal/console/dist/', import.meta.url).pathname
const empty = process.env.MOCK === 'empty'
let seed = 7
const rnd = () => (seed = (seed * 16807) % 2147483647) / 2147483647
const one = (list) => list[Math.floor(rnd() * list.length)]
const t0 = Date.now()
const ago = (s) => new Date(Date.now() - s * 1000).toISOString()
const center = { lon: 121.02, lat: 31.05 }
const at = () => ({ lon: center.lon + (rnd() - 0.5) * 0.09, lat: center.lat + (rnd() - 0.5) * 0.06 })
const stations = ['汀兰', '柳堰', '石埠', '东屏', '星浦', '鹤汀', '采菱', '站前', '水上'].map((n, i) => ({ id: `st${i + 1}`, name: { zh: `${n}所`, en: `Station ${i + 1}` } }))
const types = [['knife', '持刀伤人', 'Knife attack', 'P1', ['刀']], ['robbery', '抢劫', 'Robbery', 'P1', []], ['burglary', '入室盗窃', 'Burglary', 'P3', []], ['dv', '家庭暴力', 'Domestic violence', 'P2', []], ['crash', '人伤交通事故', 'Injury crash', 'P2', []], ['fight', '殴打他人', 'Assault', 'P2', ['打架']], ['gas', '燃气泄漏', 'Gas leak', 'P1', []], ['noise', '噪音扰民', 'Noise', 'P3', []], ['missing', '儿童走失', 'Missing child', 'P1', []], ['escort', '预约护送', 'Escort', 'P4', []]]
  .map(([id, zh, en, priority, keywords]) => ({ id, name: { zh, en }, priority, keywords, tags: id === 'knife' ? ['knife'] : [] }))
const step = (verb, allowed = true, reason = undefined) => ({ verb, allowed, ...(reason ? { reason } : {}) })
const stageOf = { to_sign: 'dispatched', to_arrive: 'en_route', active: 'on_scene', to_report: 'on_scene' }
const units = []
for (let i = 0; i < (empty ? 0 : 200); i++) {
  const st = stations[i % 9]
  const sign = i < 162 ? `${200 + (i % 9) * 20 + Math.floor(i / 9) + 11}` : `${101 + i - 162}`
  units.push({ id: sign, seq: 1, call_sign: sign, kind: i < 162 ? 'car' : 'patrol', kind_name: i < 162 ? { zh: '派出所车组', en: 'Station car' } : { zh: '巡特警车巡', en: 'Patrol car' },
    station: i < 162 ? st.id : 'pt', station_name: i < 162 ? st.name : { zh: '巡特警', en: 'Patrol' }, state: rnd() < 0.06 ? 'unavailable' : 'available', since: ago(rnd() * 4000), stage_since: ago(rnd() * 900),
    position: { ...at(), at: ago(rnd() < 0.08 ? 140 : rnd() * 9), state: rnd() < 0.05 ? 'stale' : 'trusted', heading: Math.floor(rnd() * 360), speed_kmh: rnd() * 50 },
    dispatchable: true, crew: { officers: 2 }, next: [step('acknowledge', false, { code: 'x', text: 'nothing to sign for' }), step('unavailable'), step('off_duty'), step('duress')] })
}
if (units[107]) units[107].flags = { duress: { since: ago(22) } }
const queues = ['to_dispatch', 'to_dispatch', 'to_sign', 'to_arrive', 'to_report', 'to_review', 'active', 'active', 'active']
const incidents = []
for (let n = 1; n <= (empty ? 0 : 60); n++) {
  const type = n === 58 ? types[0] : one(types), queue = n > 57 ? 'to_dispatch' : one(queues), age = n > 57 ? 64 - (60 - n) * 10 : 60 + (60 - n) * 55
  const u = stageOf[queue] ? units.find((x) => x.state === 'available' && !x.flags) : undefined
  const st = one(stations)
  const row = { id: `018f0000-0000-7000-8000-${String(n).padStart(12, '0')}`, number: n, seq: n, phase: queue === 'to_dispatch' ? 'classified' : queue === 'to_review' ? 'reported_back' : 'in_work', queue, type: type.id, type_name: type.name, tags: type.tags, priority: type.priority, level: type.id === 'knife' ? 'III' : undefined,
    place: { ...at(), address: `${one(['汀兰路', '星浦路', '采菱东街', '柳堰里', '鹤汀路', '东屏路'])}${Math.ceil(rnd() * 180)}号` }, narrative: n === 58 ? '两名男子互殴,一人持刀,有人流血' : '报警人称情况紧急', caller: { name: '王女士', number: '138****2207' },
    responsible: { id: st.id, name: st.name, by: 'polygon', border: n % 7 ? [] : [stations[0]] }, commander: { actor: 'c21', name: '指挥长 21席', since: ago(age) }, received: ago(age), classified_at: ago(age - 8),
    ...(queue === 'to_dispatch' ? {} : { first_dispatch_at: ago(age - 30) }), ...(queue === 'active' || queue === 'to_report' ? { first_ack_at: ago(age - 40), first_on_scene_at: ago(age - 200) } : {}), ...(queue === 'to_review' ? { reported_at: ago(40) } : {}),
    assignments: u ? [{ id: `a${n}`, unit: u.id, call_sign: u.call_sign, stage: stageOf[queue], since: ago(age - 30), eta_s: 80, primary: true }] : [],
    calls: n === 58 ? [{ id: 'c1', state: 'attached', arrived: ago(age), number_masked: '138****2207' }, { id: 'c2', state: 'attached', arrived: ago(age), number_masked: '139****8812' }] : [],
    deadlines: queue === 'to_dispatch' ? [{ kind: 'dispatch', due: ago(n === 58 ? 4 : -40), passed: n === 58 }] : [], late: n === 58 || n % 13 === 0, links: [], partners: n % 9 ? [] : [{ id: '120', mode: 'with', since: ago(20) }], urges: n === 59 ? 1 : 0,
    next: [step('dispatch', queue !== 'to_review'), step('classify'), step('note'), step('merge'), step('with'), step('feedback', queue !== 'to_dispatch', { code: 'incident.feedback.nobody_sent', text: 'nobody has been sent' }), step('review', queue === 'to_review', { code: 'incident.review.not_reported', text: 'no final report yet' }), step('close', queue === 'to_review', { code: 'incident.close.units_committed', text: 'units are still committed' }), step('recall'), step('link'), step('transfer'), step('handover'), step('invalid'), step('locate')] }
  if (u) Object.assign(u, { state: 'assigned', stage: stageOf[queue], incident: row.id, incident_number: n })
  incidents.push(row)
}
const calls = empty ? [] : [{ id: 'r1', seq: 3, state: 'ringing', arrived: ago(3), number: '13800001111' }, { id: 'r2', seq: 4, state: 'answered', arrived: ago(30), answered_at: ago(25), number: '13900002222' }]
const streets = { type: 'FeatureCollection', features: [] }
const line = (coordinates, properties) => streets.features.push({ type: 'Feature', geometry: { type: 'LineString', coordinates }, properties })
const poly = (kind, ring, name) => streets.features.push({ type: 'Feature', geometry: { type: 'Polygon', coordinates: [ring] }, properties: { kind, name } })
const bend = (x, y) => [x + 0.0012 * Math.sin(y * 300), y + 0.0009 * Math.sin(x * 260)]
poly('water', [[120.95, 31.03], [121.0, 31.025], [121.05, 31.033], [121.1, 31.027], [121.1, 31.022], [121.05, 31.027], [121.0, 31.019], [120.95, 31.024], [120.95, 31.03]], '云澜江')
poly('park', [[121.03, 31.06], [121.045, 31.06], [121.045, 31.07], [121.03, 31.07], [121.03, 31.06]], '采菱公园')
for (let i = 0; i < 44; i++) {
  const x = 120.965 + i * 0.0026, y = 31.015 + i * 0.0018, big = i % 6 === 0
  line(Array.from({ length: 20 }, (_, k) => bend(x, 31.01 + k * 0.0043)), { class: big ? 'primary' : 'residential', name: big ? '东屏路' : undefined })
  line(Array.from({ length: 20 }, (_, k) => bend(120.96 + k * 0.0063, y)), { class: big ? 'primary' : 'residential', name: big ? '汀兰路' : undefined })
}
streets.features.push({ type: 'Feature', geometry: { type: 'Point', coordinates: [121.037, 31.065] }, properties: { kind: 'place', name: '采菱公园' } })
const areas = { type: 'FeatureCollection', features: stations.map((s, i) => { const x = 120.97 + (i % 3) * 0.034, y = 31.02 + Math.floor(i / 3) * 0.021; return { type: 'Feature', geometry: { type: 'Polygon', coordinates: [[[x, y], [x + 0.034, y], [x + 0.034, y + 0.021], [x, y + 0.021], [x, y]]] }, properties: { id: s.id, name: s.name.zh, kind: 'station' } } }) }
const session = () => ({ actor: 'c21', name: '值班指挥长', role: 'commander', seat: '21席', centre: 'yunze', centre_name: { zh: '澜湖分局情报指挥中心', en: 'Lanhu command centre' }, world: 'demo', speed: 1, clock: new Date().toISOString(), personas: [{ id: 'c21', role: 'commander', name: { zh: '值班指挥长', en: 'Duty commander' }, seat: '21席' }, { id: 'd11', role: 'dispatcher', name: { zh: '调度员', en: 'Dispatcher' }, seat: '11席' }], attribution: '© OpenStreetMap' })
const config = { as_of: 60, types, tags: [{ id: 'knife', name: { zh: '涉刀', en: 'knife' } }, { id: 'gun', name: { zh: '涉枪', en: 'gun' } }, { id: 'school', name: { zh: '涉校', en: 'school' } }, { id: 'minor', name: { zh: '涉未成年人', en: 'minor' } }], priorities: [['P1', '危及生命', 'life'], ['P2', '紧急', 'urgent'], ['P3', '一般', 'routine'], ['P4', '预约', 'booked']].map(([id, zh, en]) => ({ id, name: { zh, en } })), stations, results: [{ id: 'settled', name: { zh: '调解', en: 'settled' } }], dispositions: [{ id: 'done', name: { zh: '处理完毕', en: 'done' } }], partners: [{ id: '120', name: { zh: '急救 120', en: 'Ambulance 120' }, mode: 'with' }, { id: '12345', name: { zh: '热线 12345', en: 'Hotline 12345' }, mode: 'transfer' }], unavailable_reasons: [{ id: 'fuel', name: { zh: '加油', en: 'fuel' } }], bounds: [120.965, 31.012, 121.075, 31.09] }
const recommendation = () => ({ as_of: 60, need: [{ what: 'near', count: 2, filled: 2, label: { zh: '近(持械)', en: 'near, armed' } }, { what: 'station', count: 1, filled: 1, label: { zh: '属', en: 'station' } }, { what: 'swat', count: 1, filled: 0, label: { zh: '特警', en: 'SWAT' } }],
  items: units.filter((u) => u.state === 'available' && u.dispatchable).slice(-5).map((u, i) => ({ unit: u.id, call_sign: u.call_sign, kind: u.kind, pick: i < 3, eta_s: 110 + i * 45, position_age_s: i * 3, position_state: i === 3 ? 'stale' : 'trusted', reasons: [{ code: 'x.nearest', text: 'nearest' }, { code: 'x.cover', text: 'little cover lost' }] })),
  left_out: units.filter((u) => u.state === 'assigned').slice(0, 8).map((u) => ({ unit: u.id, call_sign: u.call_sign, eta_s: 80, reasons: [{ code: 'x.busy', text: `busy at #${u.incident_number}` }] })), shortfalls: [{ what: '特警', count: 1, remedy: { code: 'x', text: 'ask the city bureau' } }], computed_ms: 3.14 })
const timeline = (i) => ({ as_of: 60, items: [['incident.opened', 0], ['incident.classified', 8, { priority: i.priority, type: i.type_name.zh }], ['incident.noted', 20, {}, '刀很长,有人流血']].map(([type, s, params, text], n) => ({ seq: n, at: new Date(Date.parse(i.received) + Number(s) * 1000).toISOString(), type, params, text, actor: 'k02', actor_name: '接警 02', seat: '02席' })) })
let seq = 60
const clients = new Set()
const push = (name, data, id = undefined) => { for (const c of clients) c.write(`${id ? `id: ${id}\n` : ''}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`) }
setInterval(() => push('beat', { seq, clock: new Date().toISOString() }), 1000)
setInterval(() => {
  const moved = units.filter((u) => u.stage === 'en_route' || rndMove(u)).slice(0, 60)
  for (const u of moved) Object.assign(u.position, { lon: u.position.lon + Math.sin(u.position.heading / 57) * 0.0001, lat: u.position.lat + Math.cos(u.position.heading / 57) * 0.0001, at: new Date().toISOString() })
  push('positions', { at: new Date().toISOString(), items: moved.map((u) => ({ unit: u.id, ...u.position })) })
}, 1000)
const rndMove = (u) => Number(u.id) % 3 === 0 && u.position.state === 'trusted'
const change = (part) => { const prev = seq++; push('rows', { seq, prev, clock: new Date().toISOString(), ...part }, seq) }
const kinds = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' }

createServer(async (req, res) => {
  const url = new URL(req.url ?? '/', 'http://x'), p = url.pathname.replace('/api/v1', '')
  const send = (status, value, type = 'application/json') => { res.writeHead(status, { 'Content-Type': type }); res.end(typeof value === 'string' || Buffer.isBuffer(value) ? value : JSON.stringify(value)) }
  if (!url.pathname.startsWith('/api/v1')) {
    const file = join(dist, url.pathname === '/' || !existsSync(join(dist, url.pathname)) ? 'index.html' : url.pathname)
    return send(200, readFileSync(file), kinds[extname(file)] ?? 'application/octet-stream')
  }
  if (p === '/stream') {
    res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' })
    res.write(`event: hello\ndata: ${JSON.stringify({ as_of: seq, world: 'demo', clock: new Date().toISOString() })}\n\n`)
    if (process.env.MOCK !== 'cut') { clients.add(res); req.on('close', () => clients.delete(res)) }
    return
  }
  let body = ''
  for await (const part of req) body += part
  const input = body ? JSON.parse(body) : {}
  const found = incidents.find((i) => p.startsWith(`/incidents/${i.id}`))
  if (req.method === 'POST') {
    if (p === '/command') return send(200, input.text.startsWith('拍') ? { status: 'wrong', preview: { code: 'x', text: '没有这个动词' }, remedy: '是不是 派?' } : /xpl/.test(input.text) ? { status: 'ambiguous', preview: { code: 'x', text: '两条路都对' }, candidates: [{ n: 1, label: '星浦路8号' }, { n: 2, label: '杏铺路8号' }] } : { status: input.dry_run ? 'preview' : 'ok', preview: { code: 'x', text: '将派 101 1:50 · 104 2:40 到 #42' }, answer: '已派 101 104 到 #42' })
    if (p === '/incidents') {
      const type = types.find((x) => x.id === input.type)
      const row = { ...incidents[0], id: input.id, number: incidents.length + 1, seq: seq + 1, queue: 'to_dispatch', phase: 'received', type: input.type, type_name: type?.name, priority: input.priority, place: input.place, narrative: input.narrative, received: new Date().toISOString(), assignments: [] }
      incidents.push(row)
      change({ incidents: { upsert: [row] } })
      return send(201, { id: row.id, number: row.number, seq })
    }
    if (found && p.endsWith('/dispatch')) Object.assign(found, { seq: seq + 1, queue: 'to_sign', assignments: input.units.map((u) => ({ id: `x${u}`, unit: u, call_sign: u, stage: 'dispatched', since: new Date().toISOString() })) })
    if (found) change({ incidents: { upsert: [found] } })
    return send(200, { seq })
  }
  if (p === '/session') return send(200, session())
  if (p === '/config') return send(200, config)
  if (p === '/map/streets') return send(200, streets)
  if (p === '/map/areas') return send(200, areas)
  if (p === '/incidents') return send(200, { as_of: seq, items: incidents })
  if (p === '/units') return send(200, { as_of: seq, items: units })
  if (p === '/calls') return send(200, { as_of: seq, items: calls })
  if (p === '/search') return send(200, { as_of: seq, items: ['星浦路8号', '杏铺路8号', '汀兰路12号'].map((title, i) => ({ kind: 'place', id: `p${i}`, title, subtitle: '东屏所', place: i === 2 && incidents[57] ? incidents[57].place : at() })) })
  if (found && p.endsWith('/timeline')) return send(200, timeline(found))
  if (found && p.endsWith('/recommendation')) return send(200, recommendation())
  if (found) return send(200, found)
  return send(404, { status: 404, kind: 'not_found', detail: 'no such address' })
}).listen(port, '127.0.0.1', () => console.log(`mock on http://127.0.0.1:${port} after ${Date.now() - t0} ms`))
