// @ts-check
// The worlds that the pictures are taken of: each is started when the first picture needs it.
import { spawn } from 'node:child_process'
import { appendFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { addressOf } from '../e2e/start.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const binary = process.env.SHUNIU_BIN ?? `${root}bin/shuniu`
export const data = process.env.SHUNIU_DATA ?? `${root}../shared/data`

/** @typedef {{ url: string, child: import('node:child_process').ChildProcess, folder: string, id?: string, pack?: string }} World */

/** @param {string[]} args @returns {Promise<World>} */
export async function start(...args) {
  const folder = mkdtempSync(`${tmpdir()}/shuniu-screens-`)
  const child = spawn(binary, [...args, '--addr', '127.0.0.1:0', '--data', folder], { cwd: root })
  return { url: await addressOf(child), child, folder }
}

/** @param {World} w */
export async function stop(w) {
  const ended = new Promise((done) => w.child.exitCode === null && w.child.signalCode === null ? w.child.once('exit', done) : done(0))
  w.child.kill('SIGCONT')
  w.child.kill('SIGTERM')
  await ended
  rmSync(w.folder, { recursive: true, force: true })
}

/** @param {World} w @param {string} path @param {unknown} [body] @param {string} [persona] @returns {Promise<any>} */
export async function ask(w, path, body, persona) {
  const who = persona ? { 'X-Demo-Persona': persona } : {}
  const res = await fetch(`${w.url}/api/v1${path}`, body === undefined ? { headers: who } : { method: 'POST', headers: { 'Content-Type': 'application/json', ...who }, body: JSON.stringify(body) })
  return res.json()
}

/** @param {World} w */
export const list = async (w) => (await ask(w, '/incidents?state=open&limit=500')).items
/** @param {number} ms */
export const pause = (ms) => new Promise((done) => setTimeout(done, ms))
/** @param {World} w @param {(i: any) => boolean} wanted @param {number} [seconds] */
export async function until(w, wanted, seconds = 60) {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await pause(300)) {
    const found = (await list(w)).find(wanted)
    if (found) return found
  }
  throw new Error('it did not come to that')
}
/** Our own centre with 200 units: more crews at each station, more patrol cars. */
function largerCentre() {
  const folder = mkdtempSync(`${tmpdir()}/shuniu-centre-`)
  cpSync(`${root}centres/yunze`, folder, { recursive: true })
  appendFileSync(`${folder}/units.yaml`, `  - {ids: "9{s}{n}", for: {s: 1..9, n: 1..9}, kind: station_crew, station: "st{s}", officers: 3, sworn: 1}
  - {ids: "{1001..1056}", kind: patrol_car, station: patrol, officers: 2, sworn: 1, at: [post_zhanqian, post_tinglan, post_xingpu, post_cailing, post_heting, post_dongping, st2, st3, st4, patrol]}
`)
  return folder
}

/** Several calls at places of the city, so that the room is busy. @param {World} w @param {number} count */
async function fill(w, count) {
  const config = await ask(w, '/config')
  const had = await list(w)
  const [west, south, east, north] = config.bounds
  for (let n = had.length; n < count; n++) {
    const type = config.types[(n * 7) % config.types.length]
    const at = { lon: west + (east - west) * (0.2 + 0.6 * ((n * 37) % 101) / 101), lat: south + (north - south) * (0.2 + 0.6 * ((n * 59) % 97) / 97) }
    const told = await ask(w, '/incidents', { place: { ...at, address: `${100 + n} ${w === worlds.sf ? 'Valencia St' : '汀兰路'}` }, type: type.id, priority: type.priority, narrative: w === worlds.sf ? 'smoke on the second floor, nobody hurt so far' : '两人在路口争执，一人手里有刀', source: 'phone' })
    if (n % 3 !== 0) {
      const rec = await ask(w, `/incidents/${told.id}/recommendation`)
      const units = (rec.items ?? []).filter((/** @type {any} */ i) => i.pick).map((/** @type {any} */ i) => i.unit)
      if (units.length > 0) await ask(w, `/incidents/${told.id}/dispatch`, { units: units.slice(0, 2) })
    }
  }
}

/** @type {Record<string, World>} */
export const worlds = {}
export const makers = {
  town: async () => {
    const w = (worlds.town = await start('demo', '--city', 'town', '--speed', '10'))
    await pause(9000)
    await ask(w, '/demo/speed', { speed: 1 })
    return w
  },
  waiting: async () => {
    const w = (worlds.waiting = await start('demo', '--city', 'town', '--speed', '1', '--autopilot', 'off'))
    const told = await ask(w, '/incidents', { place: { lon: 118.4018, lat: 31.2001, address: '汀兰步行街12号' }, type: 'knife', priority: 'P1', tags: ['knife'], narrative: '两名男子互殴，一人持刀，围观的人很多，报警人躲在店里', caller: { name: '周女士', number: '19900001234' }, source: 'phone' })
    await ask(w, '/incidents', { place: { lon: 118.4022, lat: 31.2003, address: '汀兰步行街14号' }, narrative: '有人打架', source: 'phone' })
    Object.assign(w, { id: told.id })
    return w
  },
  forms: async () => {
    const w = (worlds.forms = await start('demo', '--city', 'town', '--speed', '30'))
    const i = await until(w, (x) => x.phase === 'reported_back', 90)
    await ask(w, '/demo/speed', { speed: 1 })
    Object.assign(w, { id: i.id })
    return w
  },
  empty: async () => (worlds.empty = await start('serve', '--centre', 'centres/yunze')),
  sf: async () => {
    const w = (worlds.sf = await start('demo', '--city', 'sf', '--from', `${data}/sf`, '--speed', '1', '--autopilot', 'off'))
    await fill(w, 60)
    return w
  },
  crowd: async () => {
    const w = (worlds.crowd = await start('demo', '--city', 'town', '--centre', largerCentre(), '--speed', '1', '--autopilot', 'off'))
    await fill(w, 60)
    return w
  },
  yunze: async () => {
    const w = (worlds.yunze = await start('demo', '--speed', '10'))
    await pause(9000)
    await ask(w, '/demo/speed', { speed: 1 })
    return w
  },
  surge: async () => {
    const w = (worlds.surge = await start('demo', '--speed', '10'))
    await ask(w, '/demo/surge', { kind: 'storm', factor: 10 })
    await ask(w, '/demo/pause', {})
    for (let n = 0; n < 3; n++) await ask(w, '/demo/step', { seconds: 300 })
    await ask(w, '/demo/speed', { speed: 1 })
    return w
  },
  thin: async () => {
    const w = (worlds.thin = await start('demo', '--speed', '5', '--autopilot', 'off'))
    await pause(9000)
    for (const u of (await ask(w, '/units')).items) {
      if (u.dispatchable && u.state === 'available' && (u.station === 'st2' || (u.kind === 'patrol_car' && Number(u.id) > 104))) await ask(w, `/units/${u.id}/status`, { to: 'unavailable', reason: 'meal' })
    }
    for (const end = Date.now() + 120_000; Date.now() < end && !((await ask(w, '/alarms')).items ?? []).length; await pause(500)) continue
    await ask(w, '/demo/speed', { speed: 1 })
    const told = await ask(w, '/incidents', { place: { lon: 118.4018, lat: 31.2001, address: '汀兰步行街12号' }, type: 'knife', priority: 'P1', tags: ['knife'], narrative: '两名男子互殴，一人持刀，围观的人很多', source: 'phone' })
    Object.assign(w, { id: told.id })
    return w
  },
  // A knife, a fight beside it, and a unit on its way there.
  rooms: async () => {
    const pack = `${mkdtempSync(`${tmpdir()}/shuniu-pack-`)}/pack.html`
    const w = (worlds.rooms = await start('demo', '--city', 'town', '--speed', '1', '--autopilot', 'off', '--pack', pack))
    const told = await ask(w, '/incidents', { place: { lon: 118.4018, lat: 31.2001, address: '汀兰步行街12号' }, type: 'knife', priority: 'P1', tags: ['knife'], narrative: '两名男子互殴，一人持刀，围观的人很多', caller: { name: '周女士', number: '19900001234' }, source: 'phone' })
    const fight = await ask(w, '/incidents', { place: { lon: 118.4062, lat: 31.2013, address: '汀兰步行街44号' }, type: 'fight', priority: 'P2', narrative: '有人打架', source: 'phone' })
    await ask(w, `/incidents/${fight.id}/dispatch`, { units: ['108'] })
    Object.assign(w, { id: told.id, pack })
    return w
  },
  // An armed robbery with everything that a commander has to do with it: alerts, an order signed, one late, a line over the telephone.
  command: async () => {
    const w = (worlds.command = await start('demo', '--city', 'town', '--speed', '1', '--autopilot', 'off'))
    const told = await ask(w, '/incidents', { place: { lon: 118.4018, lat: 31.2001, address: '汀兰步行街12号' }, type: 'knife', priority: 'P1', tags: ['knife'], narrative: '金店门口两人持刀追逐，往星浦桥方向跑了，店员一人受伤', caller: { name: '周女士', number: '19900001234' }, source: 'phone' })
    await ask(w, `/incidents/${told.id}/dispatch`, { units: ['101', '151', '291'] })
    const clock = Date.parse((await ask(w, '/owed')).clock)
    const due = (/** @type {number} */ minutes) => new Date(clock + minutes * 60_000).toISOString()
    const issue = (/** @type {object} */ order) => ask(w, '/orders', { power: 'direct', ...order }, 'commander')
    await issue({ urgency: 'flash', to: [{ kind: 'org', id: 'st2' }, { kind: 'org', id: 'st5' }], text: '封控石埠大道东口和星浦桥北口，逐车检查', due: due(10), incident: told.id })
    const signed = await issue({ urgency: 'urgent', to: [{ kind: 'unit', id: '101' }], text: '管控步行街北口，疏散围观群众', due: due(15), incident: told.id })
    await ask(w, `/orders/${signed.id}/sign`, {}, 'field')
    await ask(w, `/orders/${signed.id}/report`, { text: '已管控，群众疏散到广场' }, 'field')
    await issue({ urgency: 'routine', to: [{ kind: 'org', id: 'detectives' }], text: '派现勘到金店取证', due: due(60), incident: told.id })
    await ask(w, '/calls', { number: '13900001111', line: '110-1' })
    return Object.assign(w, { id: told.id })
  },
  danger: async () => {
    const w = (worlds.danger = await start('demo', '--city', 'town', '--speed', '1'))
    await ask(w, '/units/107/duress', { on: true })
    return w
  },
}
