// @ts-check
// Takes pictures of the console in the states that it must hold, for a person to look at. It starts the worlds by itself.
// usage: node screens/screens.mjs [state|picture ...]     ALL=1 for every state in every size, theme and language; OUT=folder
// The pictures of docs/screens: OUT=../docs/screens node screens/screens.mjs
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const root = fileURLToPath(new URL('../..', import.meta.url))
const binary = process.env.SHUNIU_BIN ?? `${root}bin/shuniu`
const data = process.env.SHUNIU_DATA ?? `${root}../shared/data`
const out = process.env.OUT ?? fileURLToPath(new URL('out/', import.meta.url))
mkdirSync(out, { recursive: true })

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {{ url: string, child: import('node:child_process').ChildProcess, folder: string }} World */

/** @param {string[]} args @returns {Promise<World>} */
async function start(...args) {
  const folder = mkdtempSync(`${tmpdir()}/shuniu-screens-`)
  const child = spawn(binary, [...args, '--addr', '127.0.0.1:0', '--data', folder], { cwd: root })
  const url = await new Promise((done, fail) => {
    let said = ''
    /** @param {Buffer} chunk */
    const hear = (chunk) => {
      said += chunk.toString()
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(said)
      if (found) done(found[0])
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.on('exit', (code) => fail(new Error(`the world ended with ${code}: ${said}`)))
  })
  return { url, child, folder }
}

/** @param {World} w */
async function stop(w) {
  const ended = new Promise((done) => w.child.exitCode === null && w.child.signalCode === null ? w.child.once('exit', done) : done(0))
  w.child.kill('SIGCONT')
  w.child.kill('SIGTERM')
  await ended
  rmSync(w.folder, { recursive: true, force: true })
}

/** @param {World} w @param {string} path @param {unknown} [body] @returns {Promise<any>} */
async function ask(w, path, body) {
  const res = await fetch(`${w.url}/api/v1${path}`, body === undefined ? {} : { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) })
  return res.json()
}

/** @param {World} w */
const list = async (w) => (await ask(w, '/incidents?state=open&limit=500')).items
/** @param {number} ms */
const pause = (ms) => new Promise((done) => setTimeout(done, ms))
/** @param {World} w @param {(i: any) => boolean} wanted @param {number} [seconds] */
async function until(w, wanted, seconds = 60) {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await pause(300)) {
    const found = (await list(w)).find(wanted)
    if (found) return found
  }
  throw new Error('it did not come to that')
}
/** @param {Page} page @param {string} id */
const open = async (page, id) => {
  await page.goto(`${new URL(page.url()).origin}/?tour=0&incident=${id}`)
  await page.locator('.incident .timeline li').first().waitFor()
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
const worlds = {}
const makers = {
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
    const w = (worlds.crowd = await start('demo', '--city', 'town', '--speed', '1', '--autopilot', 'off'))
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
    const w = (worlds.rooms = await start('demo', '--city', 'town', '--speed', '1', '--autopilot', 'off'))
    const told = await ask(w, '/incidents', { place: { lon: 118.4018, lat: 31.2001, address: '汀兰步行街12号' }, type: 'knife', priority: 'P1', tags: ['knife'], narrative: '两名男子互殴，一人持刀，围观的人很多', caller: { name: '周女士', number: '19900001234' }, source: 'phone' })
    const fight = await ask(w, '/incidents', { place: { lon: 118.4062, lat: 31.2013, address: '汀兰步行街44号' }, type: 'fight', priority: 'P2', narrative: '有人打架', source: 'phone' })
    await ask(w, `/incidents/${fight.id}/dispatch`, { units: ['108'] })
    Object.assign(w, { id: told.id })
    return w
  },
  danger: async () => {
    const w = (worlds.danger = await start('demo', '--city', 'town', '--speed', '1'))
    await ask(w, '/units/107/duress', { on: true })
    return w
  },
}

/** @param {World} w */
const idOf = (w) => /** @type {any} */ (w).id
/** @param {Page} page @param {string} line */
const command = async (page, line) => {
  await page.keyboard.press('/')
  await page.keyboard.type(line)
  await page.locator('.effect:not(.good), .command .candidates, .effect.good').first().waitFor()
  await pause(700)
}

/** @param {Page} page @param {string} place */
const find = async (page, place) => {
  await page.keyboard.press('F2')
  await page.keyboard.type(place)
  await page.locator('.suggestions li').first().waitFor()
  await pause(1500)
}

/** @param {Page} page @param {string} part */
const study = (page, part) => page.goto(`${new URL(page.url()).origin}/study?part=${part}`)

/** @param {Page} page @param {string} line */
const typeLine = async (page, line) => {
  await page.keyboard.press('F8')
  await page.keyboard.type(line)
  await pause(1500)
}

/** @param {Page} page @param {World} w @param {string} key */
const fileOf = async (page, w, key) => {
  await open(page, idOf(w))
  await page.keyboard.press(key)
}

/** @type {Record<string, { world: keyof typeof makers, act: (page: Page, w: World, zh: boolean) => Promise<void>}>} */
const states = {
  start: { world: 'town', act: async () => {} },
  yunze: { world: 'yunze', act: async () => {} },
  big: { world: 'yunze', act: async (p, w) => { const i = (await list(w)).find((x) => x.type === 'knife'); await open(p, i.id) } },
  surge: { world: 'surge', act: async () => {} },
  premises: { world: 'yunze', act: async (p) => { await find(p, '鹤汀医院'); await p.keyboard.press('Enter') } },
  traps: { world: 'yunze', act: async (p) => { await find(p, 'xpl8') } },
  tour: { world: 'yunze', act: async (p) => { await p.goto(`${new URL(p.url()).origin}/?tour=1`); await p.locator('.tour-card').waitFor() } },
  panel: { world: 'yunze', act: async (p) => { await p.keyboard.press('Alt+0'); await p.locator('.demo-panel').waitFor() } },
  open: { world: 'waiting', act: async (p, w) => { await open(p, idOf(w)); await p.locator('.rec input').first().waitFor() } },
  armed: { world: 'waiting', act: async (p, w) => { await open(p, idOf(w)); await p.locator('.rec input:checked').first().waitFor(); await p.keyboard.press('Enter') } },
  unit: { world: 'waiting', act: async (p, w) => { await open(p, idOf(w)); await p.locator('.chip').nth(3).click() } },
  story: { world: 'town', act: async (p, w) => { const i = (await list(w)).find((x) => x.stage === 'on_scene' || x.assignments?.length) ?? (await list(w))[0]; await open(p, i.id) } },
  call: { world: 'waiting', act: async (p, _, zh) => {
    await p.keyboard.press('F2')
    await p.keyboard.type('汀兰')
    await p.locator('.suggestions li').first().waitFor()
    await p.keyboard.press('Enter')
    await p.keyboard.type(zh ? 'cd' : 'st')
    await p.locator('.suggestions li').first().waitFor()
  } },
  place: { world: 'waiting', act: async (p) => {
    await p.keyboard.press('F2')
    await p.keyboard.type('汀兰')
    await p.locator('.suggestions li').first().waitFor()
  } },
  preview: { world: 'waiting', act: async (p, _, zh) => command(p, zh ? '派 101 104 去 11' : 'send 101 104 to 11') },
  ambiguous: { world: 'waiting', act: async (p, _, zh) => { await command(p, zh ? '派 10 去 11' : 'send 10 to 11'); await p.keyboard.press('Enter'); await pause(400) } },
  wrong: { world: 'waiting', act: async (p, _, zh) => command(p, zh ? '飞 101 去 11' : 'fly 101 to 11') },
  classify: { world: 'forms', act: async (p, w) => { await open(p, idOf(w)); await p.keyboard.press('c'); await p.locator('.verb-form').waitFor() } },
  feedback: { world: 'forms', act: async (p, w) => { await open(p, idOf(w)); await p.keyboard.press('f'); await p.locator('.verb-form').waitFor() } },
  review: { world: 'forms', act: async (p, w) => { await open(p, idOf(w)); await p.keyboard.press('v'); await p.locator('.verb-form').waitFor() } },
  close: { world: 'forms', act: async (p, w) => { await open(p, idOf(w)); await p.locator('.actions .btn.plain').last().click(); await p.keyboard.press('x'); await pause(300) } },
  merge: { world: 'waiting', act: async (p, w) => { await open(p, idOf(w)); await p.keyboard.press('m'); await p.locator('.verb-form').waitFor() } },
  keys: { world: 'waiting', act: async (p) => { await p.keyboard.press('?') } },
  empty: { world: 'empty', act: async () => {} },
  busy: { world: 'crowd', act: async (p, w) => { const i = (await list(w)).filter((x) => x.queue === 'to_dispatch').sort((a, b) => a.number - b.number)[2]; await open(p, i.id); await p.locator('.rec input').first().waitFor() } },
  // Not in the album: what it shows was really called in, and is nobody's to keep here.
  city: { world: 'sf', act: async (p, w) => { const i = (await list(w)).filter((x) => x.queue === 'to_dispatch').sort((a, b) => a.number - b.number)[2]; await open(p, i.id); await p.locator('.rec input').first().waitFor() } },
  duress: { world: 'danger', act: async (p) => { await p.keyboard.press('F9'); await pause(400); } },
  'duress-bar': { world: 'danger', act: async () => {} },
  frozen: { world: 'danger', act: async (p, w) => { w.child.kill('SIGSTOP'); await pause(4200) } },
  advice: { world: 'thin', act: async (p, w) => { await open(p, idOf(w)); await p.locator('.rec input').first().waitFor(); await p.keyboard.press('e'); await pause(2000) } },
  rings: { world: 'thin', act: async (p, w) => { await open(p, idOf(w)); await p.keyboard.press('Alt+8'); await pause(4000) } },
  cover: { world: 'thin', act: async (p) => { await p.keyboard.press('Alt+9'); await p.locator('.cover-row.move').first().waitFor(); await pause(6000) } },
  moved: { world: 'thin', act: async (p) => { await p.keyboard.press('Alt+9'); await p.locator('.cover-row.move .btn.go').first().press('Enter'); await p.locator('.cover-row.alarm .danger').first().press('Enter').catch(() => {}); await pause(9000) } },
  'study-demand': { world: 'yunze', act: async (p) => { await study(p, 'demand'); await p.locator('.heat').waitFor() } },
  'study-locate': { world: 'yunze', act: async (p) => { await study(p, 'locate'); await p.locator('.study-form .go').press('Enter'); await p.locator('.study .figures').waitFor({ timeout: 120_000 }) } },
  'study-load': { world: 'yunze', act: async (p) => { await study(p, 'load'); await p.locator('.bars li').first().waitFor({ timeout: 120_000 }) } },
  'study-whatif': { world: 'yunze', act: async (p) => {
    await study(p, 'whatif')
    const form = p.locator('.study-form').first()
    await form.locator('select').first().selectOption('remove')
    await form.locator('select').nth(1).selectOption({ index: 1 })
    await form.locator('button[type=submit]').press('Enter')
    await p.locator('.study-form .go').press('Enter')
    await p.locator('.intervals').first().waitFor({ timeout: 300_000 })
  } },
  'study-fair': { world: 'sf', act: async (p) => { await study(p, 'fair'); await p.locator('.intervals').first().waitFor({ timeout: 300_000 }) } },
  card: { world: 'danger', act: async (p, w, zh) => {
    w.child.kill('SIGSTOP')
    await p.keyboard.press('F2')
    await p.keyboard.type(zh ? '汀兰步行街12号' : '12 Tinglan St')
    await p.keyboard.press('Enter')
    await p.keyboard.press('Tab')
    await p.keyboard.press('Tab')
    await p.locator('#call-narrative').focus()
    await p.keyboard.type(zh ? '两人持刀，一人受伤，往河边跑了' : 'two men with knives, one hurt, running for the river')
    await p.keyboard.press('Enter')
    await p.locator('.paper').waitFor({ timeout: 20000 })
  } },
  radar: { world: 'rooms', act: async (p, _, zh) => {
    await p.keyboard.press('F2')
    await p.locator('#call-place').fill('汀兰')
    await p.locator('.suggestions li').first().waitFor()
    await p.keyboard.press('Enter')
    await p.locator('#call-type').fill(zh ? 'cd' : 'kni')
    await p.locator('.suggestions li').first().waitFor()
    await p.keyboard.press('Enter')
    await p.locator('#call-narrative').fill(zh ? '汀兰步行街有人拿刀打架' : 'two men fight on Tinglan street, one has a knife')
    await pause(4000)
  } },
  appointment: { world: 'rooms', act: async (p, _, zh) => {
    await p.keyboard.press('F2')
    await p.locator('#call-scheduled').fill(zh ? '明天 15:30' : 'tomorrow 3:30 pm')
    await p.locator('#call-scheduled').evaluate((e) => e.scrollIntoView({ block: 'center' }))
  } },
  send: { world: 'rooms', act: async (p, w) => {
    const fight = (await list(w)).find((x) => x.type === 'fight')
    const knife = (await list(w)).find((x) => x.type === 'knife')
    await open(p, fight.id)
    await p.locator('.chip', { hasText: '108' }).first().dragTo(p.locator('.queue', { hasText: `#${knife.number}` }).getByText(`#${knife.number}`).first())
    await p.locator('.send-box').waitFor()
  } },
  near: { world: 'rooms', act: async (p, w) => { await fileOf(p, w, 'g'); await p.locator('.quick-box').waitFor(); await p.keyboard.press('1') } },
  alerts: { world: 'rooms', act: async (p) => { await p.keyboard.press('F6'); await p.locator('.commander').waitFor() } },
  owed: { world: 'rooms', act: async (p) => { await p.keyboard.press('F7'); await p.locator('.commander [role=tab]').nth(1).press('Enter'); await pause(800) } },
  report: { world: 'rooms', act: async (p) => { await p.keyboard.press('F7'); await p.locator('.commander [role=tab]').nth(3).press('Enter'); await p.locator('.commander .btn').first().press('Enter'); await pause(1500) } },
  layers: { world: 'rooms', act: async (p) => { await p.keyboard.press('Alt+l'); await p.locator('.layer-menu').waitFor() } },
  past: { world: 'rooms', act: async (p, w) => {
    await fileOf(p, w, 'Alt+Shift+H')
    const slider = p.locator('input[type=range]').first()
    await slider.focus()
    for (let n = 0; n < 4; n++) await p.keyboard.press('ArrowLeft')
    await pause(1500)
  } },
  pack: { world: 'rooms', act: async (p) => { await p.keyboard.press('Alt+Shift+P'); await p.getByRole('dialog').first().waitFor() } },
  entry: { world: 'rooms', act: async (p) => { await p.keyboard.press('Alt+Shift+B'); await pause(1200) } },
  find: { world: 'rooms', act: async (p, _, zh) => { await p.keyboard.press('Control+k'); await p.keyboard.type(zh ? '汀兰' : '10'); await p.locator('.everything [role=option]').first().waitFor() } },
  arrange: { world: 'rooms', act: async (p) => { await p.keyboard.press('Alt+Shift+Digit0'); await pause(800) } },
  contrast: { world: 'rooms', act: async (p, w) => {
    await p.addInitScript(() => { localStorage.setItem('shuniu.theme', 'contrast'); localStorage.setItem('shuniu.palette', 'deutan') })
    await open(p, idOf(w))
  } },
  complete: { world: 'rooms', act: async (p, _, zh) => typeLine(p, zh ? '派 10' : 'send 10') },
  help: { world: 'rooms', act: async (p, _, zh) => typeLine(p, zh ? '帮助' : 'help') },
  gone: { world: 'danger', act: async (p) => {
    await p.route('**/api/**', (r) => r.abort())
    await p.reload()
    await pause(1500)
  } },
}

const sizes = { wide: { width: 1920, height: 1080 }, small: { width: 1366, height: 768 } }
/** What docs/screens holds. @type {[string, keyof typeof sizes, 'dark' | 'light', 'zh' | 'en'][]} */
let album = [
  ['yunze', 'wide', 'light', 'zh'], ['yunze', 'wide', 'dark', 'zh'], ['big', 'wide', 'light', 'en'], ['surge', 'wide', 'dark', 'zh'], ['premises', 'wide', 'light', 'zh'], ['traps', 'wide', 'dark', 'zh'],
  ['tour', 'wide', 'dark', 'zh'], ['panel', 'small', 'light', 'en'],
  ['start', 'wide', 'dark', 'zh'], ['open', 'wide', 'dark', 'zh'], ['open', 'wide', 'light', 'en'], ['open', 'small', 'light', 'en'], ['story', 'wide', 'dark', 'en'],
  ['call', 'wide', 'dark', 'zh'], ['call', 'small', 'light', 'en'], ['preview', 'small', 'dark', 'zh'], ['wrong', 'small', 'dark', 'en'],
  ['feedback', 'small', 'light', 'zh'], ['review', 'wide', 'light', 'zh'], ['merge', 'small', 'dark', 'en'], ['keys', 'small', 'dark', 'zh'],
  ['empty', 'small', 'light', 'zh'], ['busy', 'wide', 'dark', 'zh'], ['busy', 'small', 'light', 'en'],
  ['advice', 'wide', 'dark', 'zh'], ['advice', 'small', 'light', 'en'], ['rings', 'wide', 'light', 'zh'], ['cover', 'wide', 'dark', 'zh'], ['cover', 'small', 'light', 'en'], ['moved', 'wide', 'light', 'zh'],
  ['study-demand', 'wide', 'dark', 'zh'], ['study-locate', 'wide', 'light', 'zh'], ['study-load', 'small', 'dark', 'en'], ['study-whatif', 'wide', 'dark', 'zh'],
  ['radar', 'wide', 'dark', 'zh'], ['appointment', 'small', 'dark', 'zh'], ['send', 'wide', 'dark', 'zh'], ['alerts', 'wide', 'dark', 'zh'], ['owed', 'wide', 'dark', 'zh'],
  ['report', 'wide', 'dark', 'zh'], ['past', 'wide', 'dark', 'zh'], ['find', 'wide', 'dark', 'zh'], ['help', 'wide', 'dark', 'zh'],
  ['duress', 'small', 'dark', 'zh'], ['frozen', 'wide', 'dark', 'en'], ['card', 'small', 'light', 'zh'], ['gone', 'small', 'dark', 'en'],
]
if (process.env.ALL) {
  album = Object.keys(states).flatMap((s) => /** @type {const} */ (['wide', 'small']).flatMap((size) => /** @type {const} */ (['dark', 'light']).flatMap((theme) =>
    /** @type {const} */ (['zh', 'en']).map((language) => /** @type {(typeof album)[number]} */ ([s, size, theme, language])))))
}

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--headless', '--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'] })
const wanted = process.argv.slice(2)
for (const [name, size, theme, language] of album) {
  const picture = `${name}-${size}-${theme}-${language}`
  if (wanted.length > 0 && !wanted.includes(name) && !wanted.includes(picture)) continue
  const state = /** @type {NonNullable<(typeof states)[string]>} */ (states[name])
  if (state.world === 'sf' && !existsSync(`${data}/sf`)) continue
  try {
    const w = worlds[state.world] ?? (await makers[state.world]())
    const context = await browser.newContext({ viewport: sizes[size], timezoneId: 'Asia/Shanghai' })
    await context.addInitScript(([t, l]) => {
      localStorage.setItem('shuniu.theme', t)
      localStorage.setItem('shuniu.language', l)
    }, /** @type {const} */ ([theme, language]))
    const page = await context.newPage()
    page.on('pageerror', (e) => console.log(picture, 'error', e.message))
    await page.goto(`${w.url}/?tour=0`)
    await page.locator('.live').waitFor()
    await state.act(page, w, language === 'zh')
    await pause(['sf', 'yunze', 'surge', 'thin'].includes(state.world) ? 9000 : 3000) // The map draws its tiles; a whole city takes longer.
    await page.screenshot({ path: `${out}/${picture}.png` })
    w.child.kill('SIGCONT')
    await context.close()
  } catch (e) {
    console.log(picture, 'FAILED', e instanceof Error ? e.message.slice(0, 400) : e)
  }
}
await browser.close()
for (const w of Object.values(worlds)) await stop(w)
