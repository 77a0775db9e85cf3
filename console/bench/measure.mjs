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
 * so a task that goes before every other one, asked for from within the event, sees it. A key that writes text is followed
 * by an event of its own for the text, and that one counts. Beside it: from the key to the next picture, as the browser
 * tells it, in steps of 8 ms and from 16 ms on. It also notes when the first row of the queue stood there.
 */
export function inputListener() {
  /** @type {number[]} */
  let took = []
  /** @type {number[]} */
  let painted = []
  let keys = 0
  let began = 0
  const written = () => {
    const from = began
    // @ts-expect-error -- the types of this version of the DOM do not know it
    void scheduler.postTask(() => took.push(performance.now() - from), { priority: 'user-blocking' })
  }
  /** @param {KeyboardEvent} e */
  const writes = (e) => (e.key.length === 1 || e.key === 'Backspace') && !e.ctrlKey && !e.altKey && e.target instanceof Element && e.target.matches('input, textarea')
  addEventListener('keydown', (e) => {
    if (!e.isTrusted) return
    began = e.timeStamp
    keys++
    if (!writes(e)) written()
  }, true)
  addEventListener('input', (e) => { if (e.isTrusted) written() }, true)
  new PerformanceObserver((list) => {
    for (const e of list.getEntries()) if (e.name === 'keydown') painted.push(e.duration)
  }).observe({ type: 'event', durationThreshold: 16 })
  const benched = {
    rows: 0, changes: 0,
    take: () => {
      const seen = { took, painted: [...painted, ...Array.from({ length: Math.max(0, keys - painted.length) }, () => 16)] }
      took = []
      painted = []
      keys = 0
      return seen
    },
    reset: () => { benched.take(); benched.changes = 0 },
  }
  Object.assign(window, { benched })
  const Shared = window.SharedWorker
  window.SharedWorker = class extends Shared {
    /** @param {string | URL} url @param {WorkerOptions} [init] */
    constructor(url, init) {
      super(url, init)
      this.port.addEventListener('message', (e) => { if (e.data.name === 'rows') benched.changes++ })
    }
  }
  const look = () => {
    if (document.querySelector('.queue .row')) benched.rows = performance.now()
    else setTimeout(look, 5)
  }
  look()
}

/** Runs in the page: collects what the map measured of itself, to take in changes and to draw, and long tasks. */
export function mapListener() {
  /** @type {Record<'update' | 'draw', number[]>} */
  let took = { update: [], draw: [] }
  let longest = 0
  let long = 0
  new PerformanceObserver((list) => {
    for (const e of list.getEntries()) if (e.name === 'map-work') took[/** @type {{ detail: 'update' | 'draw' }} */ (/** @type {unknown} */ (e)).detail].push(e.duration)
  }).observe({ type: 'measure', buffered: true })
  new PerformanceObserver((list) => {
    for (const e of list.getEntries()) {
      long++
      longest = Math.max(longest, e.duration)
    }
  }).observe({ type: 'longtask', buffered: true })
  Object.assign(window, { mapWork: { reset: () => { took = { update: [], draw: [] }; long = 0; longest = 0 }, take: () => ({ took, long, longest }) } })
}

/** The same keys in a page that holds nothing but a field: what this machine and this browser cost by themselves. @param {any} p the page @param {number} forS */
export async function bareInput(p, forS) {
  await p.goto('data:text/html,<textarea autofocus></textarea>')
  await p.locator('textarea').focus()
  for (const end = Date.now() + forS * 1000; Date.now() < end; await p.waitForTimeout(40)) await p.keyboard.press('a')
  return p.evaluate(() => window.benched.take())
}
