// @ts-check
// Takes pictures of the console in the states that it must hold, for a person to look at. It starts the worlds by itself, says which
// words are cut or crossed in each picture, and then ends with 1.
// usage: node screens/screens.mjs [state|picture ...]   The pictures of docs/screens: OUT=../docs/screens node screens/screens.mjs
// A picture is <state>-<wide|small>-<dark|light>-<zh|en>; LOOKS=all takes every state (or those named) in the four looks
// of everyday, LOOKS=wide-dark-zh,small-light-en in these two.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { crossedWords, cutWords } from '../e2e/look.mjs'
import { chromiumFlags, chromiumPath } from '../e2e/start.mjs'
import { states } from './states.mjs'
import { data, makers, pause, stop, worlds } from './worlds.mjs'

/** @typedef {import('playwright-core').Page} Page */

const out = process.env.OUT ?? fileURLToPath(new URL('out/', import.meta.url))
mkdirSync(out, { recursive: true })

const sizes = { wide: { width: 1920, height: 1080 }, small: { width: 1366, height: 768 } }
/** What docs/screens holds. @type {[string, keyof typeof sizes, 'dark' | 'light', 'zh' | 'en'][]} */
let album = [
  ['duress', 'small', 'dark', 'zh'], ['duress-bar', 'small', 'light', 'en'], ['card', 'small', 'light', 'zh'], ['gone', 'small', 'dark', 'en'], ['frozen', 'wide', 'dark', 'en'],
  ['radar', 'small', 'light', 'en'], ['past', 'small', 'dark', 'zh'], ['help', 'small', 'dark', 'zh'], ['find', 'small', 'light', 'en'], ['entry', 'small', 'light', 'zh'],
  ['arrange', 'small', 'dark', 'zh'], ['contrast', 'wide', 'dark', 'zh'], ['pack', 'small', 'dark', 'zh'], ['pack-print', 'small', 'light', 'zh'], ['pack-file', 'small', 'light', 'en'],
  ['appointment', 'small', 'dark', 'zh'], ['send', 'small', 'dark', 'zh'], ['unsent', 'small', 'light', 'en'], ['busy', 'wide', 'dark', 'zh'], ['busy', 'small', 'light', 'en'],
  ['orders', 'wide', 'dark', 'zh'], ['order', 'small', 'light', 'en'], ['alerts', 'small', 'light', 'en'], ['owed', 'small', 'dark', 'zh'], ['report', 'small', 'dark', 'zh'],
  ['record', 'small', 'dark', 'zh'], ['phone', 'small', 'dark', 'zh'], ['draw', 'small', 'dark', 'zh'], ['files', 'small', 'light', 'en'], ['open', 'wide', 'dark', 'zh'],
  ['open', 'wide', 'light', 'en'], ['open', 'small', 'dark', 'zh'], ['open', 'small', 'light', 'en'], ['call', 'small', 'light', 'en'], ['preview', 'small', 'dark', 'zh'],
  ['keys', 'small', 'dark', 'zh'], ['yunze', 'wide', 'light', 'zh'], ['yunze', 'wide', 'dark', 'zh'], ['empty', 'small', 'light', 'zh'], ['feedback', 'small', 'light', 'zh'],
  ['merge', 'small', 'dark', 'en'], ['review', 'small', 'light', 'zh'], ['start', 'wide', 'dark', 'zh'], ['story', 'wide', 'dark', 'en'],
  ['tour', 'wide', 'dark', 'zh'], ['panel', 'small', 'light', 'en'], ['big', 'wide', 'dark', 'zh'], ['surge', 'wide', 'dark', 'zh'], ['surge', 'small', 'light', 'en'],
  ['premises', 'wide', 'light', 'zh'], ['traps', 'small', 'light', 'en'], ['rings', 'wide', 'dark', 'zh'], ['cover', 'wide', 'dark', 'zh'], ['cover', 'small', 'light', 'en'],
  ['study-demand', 'wide', 'dark', 'zh'], ['study-locate', 'small', 'light', 'en'], ['study-load', 'small', 'dark', 'zh'], ['study-whatif', 'small', 'light', 'en'],
  ['layers', 'small', 'light', 'en'], ['menu', 'small', 'dark', 'zh'], ['ground', 'small', 'light', 'en'], ['timers', 'small', 'dark', 'zh'], ['unit', 'small', 'light', 'en'],
  ['in-view', 'small', 'light', 'en'], ['desk', 'small', 'light', 'en'],
]
const wanted = process.argv.slice(2)
const looks = /** @type {const} */ ([['wide', 'dark', 'zh'], ['wide', 'light', 'en'], ['small', 'dark', 'zh'], ['small', 'light', 'en']])
if (process.env.LOOKS) album = Object.keys(states).flatMap((s) => looks.filter((l) => ['all', l.join('-')].some((x) => process.env.LOOKS?.split(',').includes(x))).map((l) => /** @type {(typeof album)[number]} */ ([s, ...l])))
else for (const name of wanted) {
  const found = /^(.+)-(wide|small)-(dark|light)-(zh|en)$/.exec(name)
  if (found && !album.some((a) => a.join('-') === name)) album.push(/** @type {any} */ (found.slice(1)))
}
const mostBytes = 250_000

/** The picture as WebP, as good as its size allows. @param {Page} page @param {string} path */
async function keep(page, path) {
  const cdp = await page.context().newCDPSession(page)
  for (const quality of [75, 60, 50]) {
    const shot = Buffer.from((await cdp.send('Page.captureScreenshot', { format: 'webp', quality })).data, 'base64')
    if (shot.length > mostBytes && quality > 50) continue
    writeFileSync(path, shot)
    return shot.length
  }
  return 0
}

const launch = () => chromium.launch({ executablePath: chromiumPath, args: chromiumFlags })
let browser = await launch()
let faults = 0
process.once('SIGINT', () => { // Nothing is left over when somebody has seen enough.
  for (const w of Object.values(worlds)) w.child.kill('SIGKILL')
  process.exit(1)
})
/** @param {...unknown} words */
const fault = (...words) => {
  faults++
  console.log(...words)
}
for (const [name, size, theme, language] of album) {
  const picture = `${name}-${size}-${theme}-${language}`
  if (wanted.length > 0 && !wanted.includes(name) && !wanted.includes(picture)) continue
  const state = /** @type {NonNullable<(typeof states)[string]>} */ (states[name])
  if (state.world === 'sf' && !existsSync(`${data}/sf`)) continue
  /** @type {import('playwright-core').BrowserContext | undefined} */
  let context
  try {
    if (!browser.isConnected()) browser = await launch()
    const w = worlds[state.world] ?? (await makers[state.world]())
    context = await browser.newContext({ viewport: sizes[size], timezoneId: 'Asia/Shanghai', reducedMotion: 'reduce' })
    await context.addInitScript(([t, l]) => {
      localStorage.setItem('shuniu.theme', t)
      localStorage.setItem('shuniu.language', l)
    }, /** @type {const} */ ([theme, language]))
    const page = await context.newPage()
    page.on('pageerror', (e) => fault(picture, 'error', e.message))
    await page.goto(`${w.url}/?tour=0`)
    await page.locator('.live').waitFor()
    await state.act(page, w, language === 'zh')
    await pause(['sf', 'yunze', 'surge', 'thin'].includes(state.world) ? 9000 : 3000) // The map draws its tiles; a whole city takes longer.
    for (const words of [...(await page.evaluate(cutWords)), ...(await page.evaluate(crossedWords))]) fault(picture, words)
    await keep(page, `${out}/${picture}.webp`)
  } catch (e) {
    fault(picture, 'FAILED', e instanceof Error ? e.message.slice(0, 400) : e)
  }
  worlds[state.world]?.child.kill('SIGCONT')
  await context?.close() // A map that nobody looks at still takes a processor.
}
await browser.close()
for (const w of Object.values(worlds)) await stop(w)
process.exitCode = faults > 0 ? 1 : 0
