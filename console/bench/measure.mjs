// @ts-check

/** The value below which a share of the values lies; 0 of none. @param {readonly number[]} values @param {number} q */
export function quantile(values, q) {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0
}

/** The slope of the straight line that lies closest to points of hour and value (least squares). @param {readonly (readonly [number, number])[]} points */
export function slopePerHour(points) {
  const n = points.length
  const x = points.reduce((s, p) => s + p[0], 0) / n
  const y = points.reduce((s, p) => s + p[1], 0) / n
  const above = points.reduce((s, p) => s + (p[0] - x) * (p[1] - y), 0)
  const below = points.reduce((s, p) => s + (p[0] - x) ** 2, 0)
  return below === 0 ? 0 : above / below
}

/**
 * Runs in the page before anything else. From the moment at which the browser made the event of a key to the moment at
 * which everything that its handlers did stands in the DOM: React writes what a key changes before the event's task ends,
 * so the next task of the page sees it. It also notes when the first row of the queue stood there.
 */
export function inputListener() {
  /** @type {number[]} */
  let took = []
  const channel = new MessageChannel()
  /** @type {number[]} */
  const waiting = []
  channel.port1.onmessage = () => {
    const began = waiting.shift()
    if (began !== undefined) took.push(performance.now() - began)
  }
  addEventListener('keydown', (e) => {
    if (!e.isTrusted) return
    waiting.push(e.timeStamp)
    channel.port2.postMessage(0)
  }, true)
  const benched = { rows: 0, changes: 0, take: () => { const t = took; took = []; return t }, reset: () => { took = []; benched.changes = 0 } }
  Object.assign(window, { benched })
  const Source = window.EventSource
  window.EventSource = class extends Source {
    /** @param {string | URL} url @param {EventSourceInit} [init] */
    constructor(url, init) {
      super(url, init)
      this.addEventListener('rows', () => { benched.changes++ })
    }
  }
  const look = () => {
    if (document.querySelector('.queue .row')) benched.rows = performance.now()
    else setTimeout(look, 5)
  }
  look()
}

/** Runs in the page: collects what the map measured of itself, and long tasks. */
export function mapListener() {
  /** @type {number[]} */
  let took = []
  let longest = 0
  let long = 0
  new PerformanceObserver((list) => {
    for (const e of list.getEntries()) if (e.name === 'map-work') took.push(e.duration)
  }).observe({ type: 'measure', buffered: true })
  new PerformanceObserver((list) => {
    for (const e of list.getEntries()) {
      long++
      longest = Math.max(longest, e.duration)
    }
  }).observe({ type: 'longtask', buffered: true })
  Object.assign(window, { mapWork: { reset: () => { took = []; long = 0; longest = 0 }, take: () => ({ took, long, longest }) } })
}

/** The same keys in a page that holds nothing but a field: what this machine and this browser cost by themselves. @param {any} p the page @param {number} forS */
export async function bareInput(p, forS) {
  await p.goto('data:text/html,<textarea autofocus></textarea>')
  await p.locator('textarea').focus()
  for (const end = Date.now() + forS * 1000; Date.now() < end; await p.waitForTimeout(40)) await p.keyboard.press('a')
  return p.evaluate(() => window.benched.take())
}
