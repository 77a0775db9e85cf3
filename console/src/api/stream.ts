import { createFeed, type Source, type Tell } from './feed'

/** The stream of changes as one window hears it. */
export type Stream = {
  /** Opens it after a change, unless another window has. */
  open: (after: number) => void
  close: () => void
}

/** Listens to the stream of a person: shared with his other windows where the browser can, this window's own elsewhere. */
export function streamOf(person: string, tell: Tell): Stream {
  if (typeof SharedWorker === 'undefined') return createFeed({ source: (url) => new EventSource(url) as unknown as Source, tell, later: (ms, work) => void setTimeout(work, ms) })
  const { port } = new SharedWorker(new URL('./stream-worker.ts', import.meta.url), { type: 'module', name: `shuniu ${person}` })
  port.addEventListener('message', (e: MessageEvent<{ name: string; data: string }>) => tell(e.data.name, e.data.data))
  port.start()
  const close = () => {
    window.removeEventListener('pagehide', close)
    port.postMessage({ bye: true })
    port.close()
  }
  window.addEventListener('pagehide', close)
  return { open: (after) => port.postMessage({ after }), close }
}
