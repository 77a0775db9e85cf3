// @ts-check
// What a person waits for in front of the console, measured in Chromium against the real server. One JSON object a line.
// usage: node bench/bench.mjs [page|input|map|memory ...]     all of them when none is named
// HOURS=8 simulated hours for the memory, SPEED=60 world seconds in a second, SECONDS=20 for input and map each
import { chromium } from 'playwright-core'
import { chromiumFlags, chromiumPath } from '../e2e/start.mjs'
import { Feed } from './feed.mjs'
import { bareInput, inputListener, mapListener, quantile, slopePerHour } from './measure.mjs'
import { machine, screenScripts, workerKb, World } from './world.mjs'

const seconds = Number(process.env.SECONDS ?? 20)
const hours = Number(process.env.HOURS ?? 8)
const speed = Number(process.env.SPEED ?? 60)
const flags = [...chromiumFlags, '--js-flags=--expose-gc', '--enable-precise-memory-info']
const patience = 120_000
const view = { width: 1920, height: 1080 }

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {Record<string, unknown>} Figures */

/** @param {string} bench @param {Figures} sizes @param {Figures} figures */
function print(bench, sizes, figures) {
  const rounded = Object.fromEntries(Object.entries(figures).map(([k, v]) => [k, typeof v === 'number' ? Math.round(v * 1000) / 1000 : v]))
  process.stdout.write(`${JSON.stringify({ bench: `console ${bench}`, machine: machine(), sizes, at: new Date().toISOString(), ...rounded })}\n`)
}

/** @param {string} words */
const say = (words) => process.stderr.write(`bench-console: ${words}\n`)

/** A browser of its own with empty caches, for as long as the work takes. @template T @param {(page: Page) => Promise<T>} work @returns {Promise<T>} */
async function inBrowser(work) {
  const browser = await chromium.launch({ executablePath: chromiumPath, args: flags })
  try {
    const context = await browser.newContext({ viewport: view, reducedMotion: 'reduce' })
    context.setDefaultTimeout(patience)
    return await work(await context.newPage())
  } finally {
    await browser.close()
  }
}

/** Waits until the queue stands there. @param {Page} page @param {string} url */
async function sit(page, url) {
  await page.goto(`${url}/?tour=0`)
  await page.locator('.queue .row').first().waitFor()
}

/** The first page from a cold cache: what is painted when, and when the first key press has an effect. */
async function firstPages() {
  say('the first page, five times from a cold cache')
  const world = await World.serve({ units: 0 })
  try {
    const feed = new Feed(world.url)
    await feed.fill(60)
    /** @type {Awaited<ReturnType<typeof firstPage>>[]} */
    const runs = []
    for (let n = 0; n < 5; n++) runs.push(await firstPage(world.url))
    /** @param {(r: typeof runs[number]) => number} of */
    const middle = (of) => quantile(runs.map(of), 0.5)
    const scripts = runs[0]?.scripts
    print('page', { runs: runs.length, open_incidents: 60 }, {
      first_paint_ms: middle((r) => r.paint), interactive_ms: middle((r) => Math.max(r.rows, r.key)), rows_ms: middle((r) => r.rows), key_answered_ms: middle((r) => r.key),
      slowest_first_paint_ms: Math.max(...runs.map((r) => r.paint)), slowest_interactive_ms: Math.max(...runs.map((r) => Math.max(r.rows, r.key))),
      bare_first_paint_ms: middle((r) => r.bare), first_paint_to_bare: middle((r) => r.paint) / middle((r) => r.bare),
      first_screen_js_kb_gzip: scripts?.gzipKb, first_screen_js_kb: scripts?.kb, map_worker_js_kb_gzip: await workerKb(runs[0]?.urls ?? []),
      promised: { first_paint_ms: 1000, interactive_ms: 2000, first_screen_js_kb_gzip: 600 },
    })
  } finally {
    await world.stop()
  }
}

/** @param {string} url */
async function firstPage(url) {
  const bare = await inBrowser(async (p) => {
    await p.goto(`${url}/favicon.svg`)
    return firstPaint(p)
  })
  return inBrowser(async (p) => {
    await p.addInitScript(inputListener)
    await p.goto(`${url}/?tour=0`, { waitUntil: 'commit' })
    // A person would press a key as soon as something stands there: F8 goes to the command line, the letter must show.
    await p.locator('.command input').waitFor({ state: 'attached' })
    await p.keyboard.press('F8')
    await p.keyboard.press('a')
    await p.waitForFunction(() => document.querySelector('.command input')?.value === 'a')
    const key = await p.evaluate(() => performance.now())
    await p.locator('.queue .row').first().waitFor()
    const rows = await p.evaluate(() => window.benched.rows)
    const urls = await p.evaluate(() => performance.getEntriesByType('resource').map((e) => e.name).filter((n) => n.endsWith('.js')))
    return { paint: await firstPaint(p), rows, key, bare, urls, scripts: await p.evaluate(screenScripts, rows) }
  })
}

/** @param {Page} p @returns {Promise<number>} */
const firstPaint = (p) => p.evaluate(() => new Promise((done) => {
  const seen = () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? performance.getEntriesByName('first-paint')[0]?.startTime
  const look = () => { const at = seen(); if (at === undefined) setTimeout(look, 5); else done(at) }
  look()
}))

/** Keys while 200 changes a second arrive: from the event to the DOM that React has written. */
async function input() {
  const sizes = { open_incidents: 300, units: 500, changes_per_s: 200, seconds }
  say(`typing for ${seconds} s beside ${sizes.changes_per_s} changes a second`)
  const world = await World.serve({ units: sizes.units })
  try {
    const feed = new Feed(world.url)
    await feed.fill(sizes.open_incidents)
    await inBrowser(async (p) => {
      await p.addInitScript(inputListener)
      const bare = await bareInput(p, seconds / 4)
      await sit(p, world.url)
      await p.locator('canvas.maplibregl-canvas').waitFor()
      const quiet = await typing(p, seconds / 4)
      await feed.start(sizes.changes_per_s)
      const busy = await typing(p, seconds)
      const fed = await feed.stop()
      print('input', sizes, {
        input_to_dom_p95_ms: quantile(busy.all, 0.95), input_to_dom_p50_ms: quantile(busy.all, 0.5), input_to_dom_max_ms: Math.max(...busy.all), inputs: busy.all.length,
        command_line_p95_ms: quantile(busy.command, 0.95), queue_arrows_p95_ms: quantile(busy.arrows, 0.95), call_form_p95_ms: quantile(busy.form, 0.95),
        quiet_p95_ms: quantile(quiet.all, 0.95), bare_page_p95_ms: quantile(bare.took, 0.95), to_bare: quantile(busy.all, 0.95) / quantile(bare.took, 0.95),
        key_to_picture_p95_ms: quantile(busy.painted, 0.95), key_to_picture_quiet_p95_ms: quantile(quiet.painted, 0.95), key_to_picture_bare_p95_ms: quantile(bare.painted, 0.95),
        changes_sent: fed.sent, changes_refused: fed.refused, changes_per_s_sent: fed.perS, rows_events_per_s: busy.rowsPerS, gl: await gl(p), promised: { input_to_dom_p95_ms: 50 },
      })
    })
  } finally {
    await world.stop()
  }
}

/** @param {Page} p */
const gl = (p) => p.evaluate(() => document.querySelector('[data-gl]')?.getAttribute('data-gl') ?? 'unknown')

/** Types, walks through the queue and fills the form of a call by turns. @param {Page} p @param {number} forS */
async function typing(p, forS) {
  await p.evaluate(() => window.benched.reset())
  const end = Date.now() + forS * 1000
  const part = forS * 1000 / 3
  /** @type {Record<'command' | 'arrows' | 'form', number[]>} */
  const took = { command: [], arrows: [], form: [] }
  /** @type {number[]} */
  const painted = []
  /** @param {'command' | 'arrows' | 'form'} name @param {() => Promise<void>} press */
  const during = async (name, press) => {
    const until = Math.min(end, Date.now() + part)
    do await press()
    while (Date.now() < until)
    const seen = await p.evaluate(() => window.benched.take())
    took[name] = seen.took
    painted.push(...seen.painted)
  }
  await p.keyboard.press('F8')
  let n = 0
  await during('command', async () => { await p.keyboard.press(n++ % 12 === 11 ? 'Backspace' : 'a'); await p.waitForTimeout(40) })
  await p.locator('.command input').fill('')
  await p.locator('.queue [role=listbox]').focus()
  await p.evaluate(() => window.benched.take())
  await during('arrows', async () => { await p.keyboard.press(n++ % 40 < 20 ? 'ArrowDown' : 'ArrowUp'); await p.waitForTimeout(60) })
  await p.keyboard.press('F2')
  await p.locator('#call-narrative').focus()
  await p.evaluate(() => window.benched.take())
  await during('form', async () => { await p.keyboard.press('b'); await p.waitForTimeout(40) })
  await p.locator('#call-narrative').fill('')
  await p.keyboard.press('Escape')
  const rowsPerS = await p.evaluate((s) => window.benched.changes / s, forS)
  return { ...took, all: [...took.command, ...took.arrows, ...took.form], painted, rowsPerS }
}

/** What the map costs the main thread while 2,000 units move. */
async function map() {
  const sizes = { units: 2000, open_incidents: 300, positions_per_s: 200, seconds }
  say(`the map with ${sizes.units} units for ${seconds} s`)
  const world = await World.serve({ units: sizes.units })
  try {
    const feed = new Feed(world.url)
    await feed.fill(sizes.open_incidents)
    await inBrowser(async (p) => {
      await p.addInitScript(mapListener)
      await sit(p, world.url)
      await p.locator('canvas.maplibregl-canvas').waitFor()
      await feed.start(sizes.positions_per_s, 'positions')
      await p.waitForTimeout(3000)
      await p.evaluate(() => window.mapWork.reset())
      await p.waitForTimeout(seconds * 1000)
      const work = await p.evaluate(() => window.mapWork.take())
      const fed = await feed.stop()
      const kind = await gl(p)
      const all = [...work.took.update, ...work.took.draw]
      if (work.took.draw.length < seconds / 4) throw new Error(`the map was drawn ${work.took.draw.length} times in ${seconds} s: nothing moves on it`)
      print('map', sizes, {
        map_work_p95_ms: quantile(all, 0.95), map_work_p50_ms: quantile(all, 0.5), map_work_max_ms: Math.max(0, ...all),
        map_update_p95_ms: quantile(work.took.update, 0.95), map_update_max_ms: Math.max(0, ...work.took.update), updates_per_s: work.took.update.length / seconds,
        map_draw_p95_ms: quantile(work.took.draw, 0.95), map_draw_p50_ms: quantile(work.took.draw, 0.5), draws_per_s: work.took.draw.length / seconds, longest_task_ms: work.longest, long_tasks: work.long, changes_sent: fed.sent, changes_refused: fed.refused, gl: kind,
        redraws_capped_per_s: kind === 'software' ? 4 : null, promised: { map_work_p95_ms: 8 },
      })
    })
  } finally {
    await world.stop()
  }
}

/** Whether the page grows over a shift of its world. */
async function memory() {
  say(`${hours} simulated hours at ${speed} times, ${Math.round(hours * 60 / speed)} min`)
  const world = await World.demo(speed)
  try {
    await inBrowser(async (p) => {
      const cdp = await p.context().newCDPSession(p)
      await cdp.send('HeapProfiler.enable')
      await sit(p, world.url)
      const minutes = hours * 60 / speed
      /** @type {{ hour: number, mb: number, nodes: number }[]} */
      const seen = []
      const began = Date.now()
      const samples = Math.max(12, Math.ceil(minutes * 4))
      for (let n = 0; n <= samples; n++) {
        await p.waitForTimeout(Math.max(0, began + n * minutes * 60_000 / samples - Date.now()))
        await cdp.send('HeapProfiler.collectGarbage')
        const heap = await cdp.send('Runtime.getHeapUsage')
        const dom = await cdp.send('Memory.getDOMCounters')
        seen.push({ hour: (Date.now() - began) / 3_600_000 * speed, mb: heap.usedSize / 1e6, nodes: dom.nodes })
      }
      const settled = seen.slice(Math.ceil(seen.length / 4)) // Caches fill, tiles come: the first quarter is warming up.
      print('memory', { simulated_hours: hours, speed, samples: seen.length, warm_up_hours: hours / 4 }, {
        heap_slope_mb_per_h: slopePerHour(settled.map((s) => [s.hour, s.mb])), heap_first_mb: settled[0]?.mb, heap_last_mb: settled.at(-1)?.mb, heap_max_mb: Math.max(...seen.map((s) => s.mb)),
        dom_nodes_first: settled[0]?.nodes, dom_nodes_last: settled.at(-1)?.nodes, heap_mb: seen.map((s) => Math.round(s.mb * 10) / 10), promised: 'flat',
      })
    })
  } finally {
    await world.stop()
  }
}

const all = { page: firstPages, input, map, memory }
const wanted = process.argv.slice(2)
for (const name of wanted) if (!Object.hasOwn(all, name)) throw new Error(`there is no ${name}; there are ${Object.keys(all).join(', ')}`)
for (const [name, run] of Object.entries(all)) if (wanted.length === 0 || wanted.includes(name)) await run()
