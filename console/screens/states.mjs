// @ts-check
// What the pictures show: the world that a state needs, and what somebody does at the screen until it stands there.
import { ask, list, pause } from './worlds.mjs'

/** @typedef {import('./screens.mjs').Page} Page */
/** @typedef {import('./worlds.mjs').World} World */

/** @param {Page} page @param {string} id */
const open = async (page, id) => {
  await page.goto(`${new URL(page.url()).origin}/?tour=0&incident=${id}`)
  await page.locator('.incident .timeline li').first().waitFor()
}

/** @param {World} w */
const idOf = (w) => w.id ?? ''
/** The page as a printer gets it: A4 at 96 dots an inch. @param {Page} page */
const onPaper = async (page) => {
  await page.emulateMedia({ media: 'print' })
  await page.evaluate(() => { document.body.style.padding = '12mm' }) // What @page gives on paper.
  await page.setViewportSize({ width: 794, height: 1123 })
  await pause(500)
}
/** The form of a new call with nothing in it: the seat's last draft comes back by itself. @param {Page} page @param {boolean} zh */
const newCall = async (page, zh) => {
  await page.keyboard.press('F2')
  await page.locator('#call-place').waitFor()
  await page.locator('.call-form').getByRole('button', { name: zh ? '清空' : 'Clear' }).press('Enter')
  await page.locator('#call-place').focus()
}
/** A tab of the commander's panel. @param {Page} page @param {number} n */
const commander = async (page, n) => {
  await page.keyboard.press('F7')
  await page.locator('.commander [role=tab]').nth(n).press('Enter')
  await pause(800)
}
/** @param {Page} page @param {string} line */
const command = async (page, line) => {
  await page.keyboard.press('/')
  await page.keyboard.type(line)
  await page.locator('.effect:not(.good), .command .candidates, .effect.good').first().waitFor()
  await pause(700)
}

/** @param {Page} page @param {boolean} zh @param {string} place */
const find = async (page, zh, place) => {
  await newCall(page, zh)
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

/** @type {Record<string, { world: keyof typeof import('./worlds.mjs').makers, act: (page: Page, w: World, zh: boolean) => Promise<void>}>} */
export const states = {
  start: { world: 'town', act: async () => {} },
  yunze: { world: 'yunze', act: async () => {} },
  big: { world: 'yunze', act: async (p, w) => { const i = (await list(w)).find((x) => x.type === 'knife'); await open(p, i.id) } },
  surge: { world: 'surge', act: async () => {} },
  premises: { world: 'yunze', act: async (p, _, zh) => { await find(p, zh, '鹤汀医院'); await p.keyboard.press('Enter') } },
  traps: { world: 'yunze', act: async (p, _, zh) => { await find(p, zh, 'xpl8') } },
  tour: { world: 'yunze', act: async (p) => { await p.goto(`${new URL(p.url()).origin}/?tour=1`); await p.locator('.tour-card').waitFor() } },
  panel: { world: 'yunze', act: async (p) => { await p.keyboard.press('Alt+0'); await p.locator('.demo-panel').waitFor() } },
  open: { world: 'waiting', act: async (p, w) => { await open(p, idOf(w)); await p.locator('.rec input').first().waitFor() } },
  armed: { world: 'waiting', act: async (p, w) => { await open(p, idOf(w)); await p.locator('.rec input:checked').first().waitFor(); await p.keyboard.press('Enter') } },
  unit: { world: 'waiting', act: async (p, w) => { await open(p, idOf(w)); await p.locator('.chip').nth(3).click() } },
  story: { world: 'town', act: async (p, w) => { const i = (await list(w)).find((x) => x.stage === 'on_scene' || x.assignments?.length) ?? (await list(w))[0]; await open(p, i.id) } },
  call: { world: 'waiting', act: async (p, _, zh) => {
    await newCall(p, zh)
    await p.keyboard.type('汀兰')
    await p.locator('.suggestions li').first().waitFor()
    await p.keyboard.press('Enter')
    await p.keyboard.type(zh ? 'cd' : 'st')
    await p.locator('.suggestions li').first().waitFor()
  } },
  place: { world: 'waiting', act: async (p, _, zh) => {
    await newCall(p, zh)
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
  frozen: { world: 'town', act: async (p, w) => { await p.locator('.map-box[data-gl] canvas').waitFor(); await pause(5000); w.child.kill('SIGSTOP'); await pause(4200) } },
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
  card: { world: 'town', act: async (p, w, zh) => {
    await p.locator('.map-box[data-gl] canvas').waitFor()
    await pause(4000)
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
    await newCall(p, zh)
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
    await newCall(p, zh)
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
  owed: { world: 'command', act: async (p) => commander(p, 1) },
  orders: { world: 'command', act: async (p) => commander(p, 2) },
  order: { world: 'command', act: async (p, _, zh) => {
    await commander(p, 2)
    await p.getByRole('button', { name: zh ? '补记口头指令' : /oral/i }).press('Enter')
    await p.keyboard.type('101')
    await pause(600)
  } },
  report: { world: 'command', act: async (p) => { await commander(p, 3); await p.locator('.commander .btn').first().press('Enter'); await pause(1500) } },
  timers: { world: 'town', act: async (p) => { await p.locator('.timers-on').press('Enter'); await pause(500) } },
  phone: { world: 'command', act: async (p, w) => {
    const calls = (await ask(w, '/calls')).items ?? []
    if (!calls.some((/** @type {any} */ c) => c.speaking)) await p.keyboard.press('F4')
    await p.locator('.phone-call').first().waitFor()
    await p.keyboard.press('Escape')
    await p.locator('.phone-buttons button').nth(2).press('Enter').catch(() => {})
    await pause(600)
  } },
  draw: { world: 'command', act: async (p, w, zh) => {
    await open(p, idOf(w))
    await p.locator('.map-box[data-gl] canvas').waitFor()
    await p.keyboard.press('Alt+g')
    const bar = p.locator('.tool-bar')
    await bar.locator('.map-bar button').nth(3).press('Enter')
    await bar.locator('.label').fill(zh ? '搜索区' : 'search area')
    for (const [lon, lat] of [[118.399, 31.198], [118.406, 31.1985], [118.405, 31.2035]]) {
      await bar.locator('.corner-field').fill(`${lon}, ${lat}`)
      await bar.locator('.corner-field').press('Enter')
      await p.waitForFunction(() => /** @type {HTMLInputElement | null} */ (document.querySelector('.corner-field'))?.value === '')
    }
  } },
  measure: { world: 'command', act: async (p) => {
    await p.locator('.map-box[data-gl] canvas').waitFor()
    await p.keyboard.press('Alt+m')
    await p.locator('.tool-bar .map-bar button').nth(2).press('Enter')
    for (const at of ['118.4018, 31.2001', '118.412, 31.196']) {
      await p.locator('.corner-field').fill(at)
      await p.locator('.corner-field').press('Enter')
      await pause(800)
    }
  } },
  'in-view': { world: 'command', act: async (p, _, zh) => { await p.getByRole('button', { name: zh ? '在图列表' : 'In view' }).press('Enter'); await p.locator('.in-view').waitFor() } },
  ground: { world: 'command', act: async (p) => { await p.locator('.map-box canvas').click({ button: 'right', position: { x: 220, y: 330 }, force: true }); await p.locator('.menu').waitFor() } },
  menu: { world: 'command', act: async (p) => { await p.locator('.queue .row').first().click({ button: 'right' }); await p.locator('.menu').waitFor() } },
  files: { world: 'command', act: async (p, w, zh) => {
    await open(p, idOf(w))
    const had = (await ask(w, `/incidents/${idOf(w)}`)).file_count ?? 0
    if (had === 0) await p.locator('.files').evaluate(async (part, called) => {
      const canvas = document.createElement('canvas')
      canvas.width = 320
      canvas.height = 200
      const pen = canvas.getContext('2d')
      if (pen) {
        pen.fillStyle = '#44566a'
        pen.fillRect(0, 0, 320, 200)
        pen.fillStyle = '#c9a227'
        pen.fillRect(60, 70, 200, 130)
      }
      const blob = await new Promise((/** @type {(b: Blob | null) => void} */ done) => canvas.toBlob(done, 'image/png'))
      const data = new DataTransfer()
      data.items.add(new File([blob ?? ''], called ?? ''))
      part.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: data }))
    }, zh ? '金店门口.png' : 'shop door.png')
    await p.locator('.file').first().waitFor()
    await p.locator('.files').evaluate((e) => e.scrollIntoView({ block: 'start' }))
  } },
  desk: { world: 'command', act: async (p, _, zh) => { await p.getByRole('button', { name: zh ? '桌面' : 'Desk', exact: true }).press('Enter'); await p.locator('.desk-sheet').waitFor() } },
  notices: { world: 'command', act: async (p) => { await p.locator('.tray button').first().press('Enter'); await pause(500) } },
  unsent: { world: 'rooms', act: async (p, w, zh) => {
    await open(p, idOf(w))
    await p.route('**/api/v1/**', (r) => (r.request().method() === 'POST' ? r.abort('connectionreset') : r.continue()))
    await p.keyboard.press('F8')
    await p.keyboard.type(`11 ${zh ? '记 店员说往河边跑了' : 'note they ran for the river'}`)
    await p.keyboard.press('Enter')
    await pause(1500)
    await p.keyboard.press('Escape')
    await p.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur())
    await p.keyboard.press('c')
    await p.locator('.verb-form').waitFor()
    await p.locator('#f-classify-priority').selectOption('P2')
    await p.locator('#f-classify-reason').fill(zh ? '刀已收' : 'the knife is taken')
    await p.locator('#f-classify-reason').press('Enter')
    await pause(1000)
    await ask(w, `/incidents/${idOf(w)}/note`, { text: '120已到' })
    await ask(w, `/incidents/${idOf(w)}/classify`, { priority: 'P3', reason: '刀是玩具，双方已分开' })
    await pause(500)
    await p.unroute('**/api/v1/**')
    await p.locator('.unsent-mark').waitFor({ timeout: 60000 })
    await p.locator('.unsent-mark').press('Enter')
    await pause(1500)
  } },
  layers: { world: 'command', act: async (p) => { await p.keyboard.press('Alt+l'); await p.locator('.layer-menu').waitFor() } },
  past: { world: 'rooms', act: async (p, w) => {
    await fileOf(p, w, 'Alt+Shift+H')
    const slider = p.locator('input[type=range]').first()
    await slider.focus()
    for (let n = 0; n < 4; n++) await p.keyboard.press('ArrowLeft')
    await pause(1500)
  } },
  pack: { world: 'rooms', act: async (p) => { await p.keyboard.press('Alt+Shift+P'); await p.getByRole('dialog').first().waitFor() } },
  record: { world: 'command', act: async (p, w) => {
    await open(p, idOf(w))
    await pause(2000)
    await p.evaluate(() => window.dispatchEvent(new Event('beforeprint')))
    await onPaper(p)
  } },
  'pack-print': { world: 'rooms', act: async (p, _, zh) => {
    await p.evaluate(() => { window.print = () => undefined })
    await p.waitForFunction(() => localStorage.getItem('shuniu.paper') !== null)
    await p.keyboard.press('Alt+Shift+P')
    await p.getByRole('button', { name: zh ? '打印应急包' : /^Print/ }).press('Enter')
    await p.locator('.print-only .pack-card').first().waitFor({ state: 'attached' })
    await onPaper(p)
  } },
  'pack-file': { world: 'rooms', act: async (p, w) => {
    await p.goto(`file://${w.pack}`)
    await p.locator('.pack-pages').waitFor()
  } },
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
