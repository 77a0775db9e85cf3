const slices = 4

/**
 * Gives up after so many milliseconds in which this page was at work. A page that stands still (the map is drawn
 * without a graphics card, the machine is busy) hears nothing: what came meanwhile waits behind the clock, and a plain
 * timeout would call it silence. So the time is counted in slices, and a slice that ends late counts once.
 */
export function patience(ms: number): { signal: AbortSignal; end: () => void } {
  const stop = new AbortController()
  let left = slices
  let timer: ReturnType<typeof setTimeout>
  const next = () => {
    timer = setTimeout(() => (--left > 0 ? next() : stop.abort(new DOMException('no answer in time', 'TimeoutError'))), ms / slices)
  }
  next()
  return { signal: stop.signal, end: () => clearTimeout(timer) }
}
