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
