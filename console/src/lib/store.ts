import { useSyncExternalStore } from 'react'

/** A value that several panels share. Set replaces it whole; readers are told once per change. */
export type Store<T> = {
  get: () => T
  set: (next: T | ((before: T) => T)) => void
  subscribe: (listener: () => void) => () => void
}

/** Makes a store that holds the first value until it is set. */
export function createStore<T>(first: T): Store<T> {
  let value = first
  const listeners = new Set<() => void>()
  return {
    get: () => value,
    set: (next) => {
      const made = typeof next === 'function' ? (next as (before: T) => T)(value) : next
      if (Object.is(made, value)) return
      value = made
      for (const listener of listeners) listener()
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** A store whose readers can also be told one after another. */
export type TurnStore<T> = Store<T> & {
  /**
   * Sets the value at once and tells each reader in a task of its own, so that a key that comes meanwhile is answered between two
   * of them and not behind all. `done` is told how long they took together, milliseconds. Set, or a later call, tells everybody anew;
   * the turns before it are over then.
   */
  setInTurns: (next: T, done: (tookMs: number) => void) => void
}

/** Makes a store that can tell its readers in turns; `task` runs something in a task of its own. */
export function createTurnStore<T>(first: T, task: (work: () => void) => void = nextTask()): TurnStore<T> {
  const store = createStore(first)
  const listeners = new Set<() => void>()
  let round = 0
  let quiet = false
  store.subscribe(() => {
    if (quiet) return
    round++
    for (const listener of listeners) listener()
  })
  return {
    get: store.get,
    set: store.set,
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    setInTurns: (next, done) => {
      quiet = true
      store.set(next)
      quiet = false
      const mine = ++round
      const due = [...listeners].values()
      let took = 0
      const turn = () => {
        if (mine !== round) return done(took)
        const listener = due.next().value
        if (!listener) return done(took)
        if (!listeners.has(listener)) return turn() // It went meanwhile.
        const began = performance.now()
        listener()
        // React draws in a microtask of its own, which stands before this one.
        queueMicrotask(() => {
          took += performance.now() - began
          task(turn)
        })
      }
      turn()
    },
  }
}

/** Runs something in a task of its own, behind what a hand has asked for and before any timer. */
function nextTask(): (work: () => void) => void {
  let channel: MessageChannel | undefined
  const works: (() => void)[] = []
  return (work) => {
    if (!channel) {
      channel = new MessageChannel()
      channel.port1.onmessage = () => works.shift()?.()
    }
    works.push(work)
    channel.port2.postMessage(0)
  }
}

/** Reads a store and draws again when it changes. */
export const useStore = <T>(store: Pick<Store<T>, 'get' | 'subscribe'>): T => useSyncExternalStore(store.subscribe, store.get, store.get)

/** Reads what is picked out of a store; draws again only when that changes. What is picked must be the same value each time, not a new object. */
export const useOf = <T, R>(store: Pick<Store<T>, 'get' | 'subscribe'>, pick: (value: T) => R): R => {
  const get = () => pick(store.get())
  return useSyncExternalStore(store.subscribe, get, get)
}

/** A store that is worked out from another, once for each of its values. */
export function derived<T, R>(from: Store<T>, work: (value: T) => R): Pick<Store<R>, 'get' | 'subscribe'> {
  let last: { of: T; made: R } | undefined
  return {
    get: () => {
      const of = from.get()
      if (!last || !Object.is(last.of, of)) last = { of, made: work(of) }
      return last.made
    },
    subscribe: from.subscribe,
  }
}
