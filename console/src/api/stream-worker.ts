import { createFeed, type Source } from './feed'

/**
 * The one stream of a browser: every window of the same person listens here. It lives as long as any window does, so a
 * window that closes or crashes takes nothing from the others, and a window whose map holds its page up delays nobody.
 */

type Ask = { after: number } | { bye: true }
type Scope = { addEventListener: (name: 'connect', listen: (e: MessageEvent) => void) => void }

const ports = new Set<MessagePort>()
const feed = createFeed({
  source: (url) => new EventSource(url) as unknown as Source,
  tell: (name, data) => {
    for (const port of ports) port.postMessage({ name, data })
  },
  later: (ms, work) => void setTimeout(work, ms),
})

;(globalThis as unknown as Scope).addEventListener('connect', (e) => {
  const port = e.ports[0]
  if (!port) return
  ports.add(port)
  port.addEventListener('message', (m: MessageEvent<Ask>) => {
    if ('after' in m.data) feed.open(m.data.after)
    else {
      ports.delete(port)
      if (ports.size === 0) feed.close()
    }
  })
  port.start()
})
