/** What a feed reads from: the browser's EventSource, or a test's. */
export type Source = {
  addEventListener: (name: string, listen: (e: { data?: string; lastEventId?: string }) => void) => void
  close: () => void
}

/** What the server says, by name; "lost" and "found" are the feed's own: the connection broke, it is there again. */
export type Tell = (name: string, data: string) => void

const names = ['hello', 'beat', 'positions', 'rows', 'cover', 'gone'] as const
const retryMs = [250, 500, 1000, 2000, 5000]
/** The server beats once a second. A connection that said nothing for so many milliseconds is dead, whatever the browser thinks of it. */
export const deadMs = 10_000

/**
 * One stream of changes. It is opened once and opened again from the last change that it told, so nobody who listens misses
 * one; only when the server cannot go on from there ("gone") it waits for somebody who has read the lists anew.
 */
export function createFeed(parts: { source: (url: string) => Source; tell: Tell; later: (ms: number, work: () => void) => void }) {
  let source: Source | undefined
  let last = 0
  let tries = 0
  let opened = false

  let heard = 0 // How often anything was said.

  // A wire that was pulled out breaks nothing that a browser would notice for minutes: it is only silent.
  const watch = (es: Source) => {
    const before = heard
    parts.later(deadMs, () => {
      if (es !== source) return
      if (heard !== before) return watch(es)
      shut()
      connect()
    })
  }
  const shut = () => {
    source?.close()
    source = undefined
  }
  const connect = () => {
    if (!opened || source) return
    const es = parts.source(`/api/v1/stream?after=${last}`)
    source = es
    watch(es)
    for (const name of names) {
      es.addEventListener(name, (e) => {
        if (es !== source) return
        tries = 0
        heard++
        if (name === 'rows') last = Math.max(last, Number(e.lastEventId) || 0)
        if (name === 'gone') {
          opened = false
          shut()
        }
        parts.tell(name, e.data ?? '')
      })
    }
    // The browser would reconnect by itself, from its own idea of the last change; ours is what we told.
    es.addEventListener('error', () => {
      if (es !== source) return
      shut()
      parts.later(retryMs[Math.min(tries++, retryMs.length - 1)] ?? 5000, connect)
    })
  }
  return {
    /** Opens the stream after a change. Where it is open already it goes on from where it is. */
    open: (after: number) => {
      if (opened) return
      opened = true
      last = after
      connect()
    },
    close: () => {
      opened = false
      shut()
    },
  }
}
