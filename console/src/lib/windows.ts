import { arranging, popped } from './desk'
import { focus, lookAt, picks } from './focus'
import { past } from './past'
import { createStore, type Store } from './store'

/** The windows of one person: the desk, and panels that stand apart on another screen. They look at the same things. */

type Word = { kind: 'value'; name: string; value: unknown } | { kind: 'ask' }

const channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel('shuniu.windows')
const locks = typeof navigator === 'undefined' ? undefined : (navigator.locks as LockManager | undefined) // Only on https and on the machine itself.
const lockOf = 'shuniu.window.'
const lookEveryMs = 500

/** The panel that this window shows alone; empty on the desk. */
export const apart: string = new URLSearchParams(typeof location === 'undefined' ? '' : location.search).get('window') ?? ''

const shared = new Map<string, { get: () => unknown; take: (value: unknown) => void }>()

/** Keeps a value the same in all windows. `part` is what of it is shared, `join` puts what came from another window in its place. */
export function inStep<T, P>(name: string, store: Store<T>, part: (value: T) => P, join: (mine: T, theirs: P) => T): void {
  let taking = false
  let said = JSON.stringify(part(store.get()))
  shared.set(name, {
    get: () => part(store.get()),
    take: (value) => {
      taking = true
      store.set((mine) => join(mine, value as P))
      said = JSON.stringify(part(store.get()))
      taking = false
    },
  })
  store.subscribe(() => {
    const value = part(store.get())
    const words = JSON.stringify(value)
    if (taking || words === said) return
    said = words
    channel?.postMessage({ kind: 'value', name, value } satisfies Word)
  })
}

inStep('focus', focus, ({ incident, unit }) => ({ incident, unit }), (mine, theirs) => ({ ...mine, ...theirs, form: theirs.incident !== mine.incident && theirs.incident !== '' ? 'none' : mine.form }))
inStep('look', lookAt, (look) => look, (_, theirs) => theirs)
inStep('picks', picks, (p) => ({ incident: p.incident, units: [...p.units] }), (_, theirs) => ({ incident: theirs.incident, units: new Map(theirs.units) }))
// The desk chooses the moment of the past, its windows show it; whoever goes back to the present takes all of them along.
inStep('past', past, (p) => (apart !== '' || popped.get().size > 0 ? p : undefined), (mine, theirs) => (apart === '' && theirs ? mine : theirs))

channel?.addEventListener('message', (e: MessageEvent<Word>) => {
  const word = e.data
  if (word.kind === 'value') shared.get(word.name)?.take(word.value)
  else if (apart === '') for (const [name, s] of shared) channel.postMessage({ kind: 'value', name, value: s.get() } satisfies Word)
})

const opened = new Map<string, Window>()

/** Opens a panel in a window of its own, or brings that window to the front. */
export function popOut(id: string): void {
  const held = opened.get(id)
  if (held && !held.closed) return held.focus()
  const made = window.open(`/?window=${encodeURIComponent(id)}`, `shuniu-${id}`, 'popup,width=1280,height=800')
  if (!made) return blocked.set(id)
  blocked.set('')
  opened.set(id, made)
  popped.set((all) => new Set([...all, id]))
}

/** The panel whose window the browser did not allow. */
export const blocked = createStore('')

/** Closes the window of a panel; the panel comes back to the desk. */
export function takeBack(id: string): void {
  opened.get(id)?.close()
  channel?.postMessage({ kind: 'value', name: `close ${id}`, value: true } satisfies Word)
}

// The windows that stand apart now. A window that crashed lets its lock go, and its panel comes back.
async function standing(): Promise<Set<string>> {
  if (!locks) return new Set([...opened].filter(([, w]) => !w.closed).map(([id]) => id))
  const held = (await locks.query()).held ?? []
  const ids = held.flatMap((l) => (l.name?.startsWith(lockOf) ? [l.name.slice(lockOf.length)] : []))
  // One that was just opened has not taken its lock yet.
  return new Set([...ids, ...[...opened].filter(([id, w]) => !w.closed && popped.get().has(id)).map(([id]) => id)])
}

/** On the desk: knows which panels stand apart, until it is stopped. */
export function watchWindows(): () => void {
  const look = async () => {
    const now = await standing()
    const before = popped.get()
    if (now.size !== before.size || [...now].some((id) => !before.has(id))) popped.set(now)
  }
  const timer = setInterval(() => void look(), lookEveryMs)
  void look()
  arranging.set(false)
  return () => clearInterval(timer)
}

/** In a window that stands apart: says that it does, and asks the desk what everybody looks at. */
export function standApart(): void {
  void locks?.request(lockOf + apart, () => new Promise(() => undefined)) // Held as long as the window lives.
  shared.set(`close ${apart}`, { get: () => undefined, take: (value) => { if (value === true) window.close() } })
  channel?.postMessage({ kind: 'ask' } satisfies Word)
}
