import { keptInBrowser, keptInMemory } from '../lib/kept'
import { mayWriteInPast, past } from '../lib/past'
import { inPast, write } from './client'
import { link, takenNow } from './connection'
import { createQueue, type Intent, type Sent, type Waiting } from './queue'
import type { CommandAnswer, Problem } from './types'

const againMs = 2000
const channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel('shuniu.outgoing')
const locks = typeof navigator === 'undefined' ? undefined : (navigator.locks as LockManager | undefined) // Only on https and on the machine itself.
let demo = false

// A line that was kept and is then ambiguous or wrong was not executed: somebody must choose.
function objection(item: Waiting, value: unknown): Problem | undefined {
  const said = value as CommandAnswer | undefined
  if (item.path !== '/command' || !said || said.status === 'ok') return undefined
  const { code, params, text } = said.preview ?? {}
  return { status: 409, kind: 'conflict', ...(code ? { code } : {}), ...(params ? { params } : {}), ...(text ? { detail: text } : {}) }
}

/** The writes of this browser: one queue for all its windows. */
export const outgoing = createQueue({
  kept: typeof indexedDB === 'undefined' ? keptInMemory<Waiting>('key') : keptInBrowser<Waiting>('outgoing', 'key'),
  write,
  now: Date.now,
  worldNow: () => takenNow(demo),
  alone: async (work) => {
    await (locks ? locks.request('shuniu.outgoing', work) : work())
  },
  objection,
  told: () => channel?.postMessage('changed'),
})

/** Sends what a person did, or keeps it until the server is back; nothing new is done in the past. See Queue.send. */
export const send = <T>(intent: Intent): Promise<Sent<T>> =>
  past.get() && !intent.present && !mayWriteInPast(intent.path, intent.body) ? Promise.resolve({ state: 'refused', problem: inPast }) : outgoing.send<T>(intent)

/** Sends for the person who sits here what waits, and goes on until it is stopped. */
export function sendFor(actor: string, inDemo: boolean): () => void {
  demo = inDemo
  const hear = () => void outgoing.reload()
  channel?.addEventListener('message', hear)
  const again = () => {
    if (outgoing.waiting.get().length > 0) void outgoing.drain()
  }
  const timer = setInterval(again, againMs)
  let was = link.get().state
  const back = link.subscribe(() => {
    const now = link.get().state
    if (now === 'live' && was !== 'live') again()
    was = now
  })
  void outgoing.sitDown(actor)
  return () => {
    clearInterval(timer)
    back()
    channel?.removeEventListener('message', hear)
  }
}
