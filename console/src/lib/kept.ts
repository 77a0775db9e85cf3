/** Things that a seat keeps over a reload, a crash of the page and a restart of the machine, by their key. */
export type Kept<T> = {
  all: () => Promise<T[]>
  put: (item: T) => Promise<void>
  remove: (key: string) => Promise<void>
  /** Several at once: all of it is kept, or nothing. With `anew` nothing stays of what was there. */
  change: (put: readonly T[], remove: readonly string[], anew?: boolean) => Promise<void>
}

// So many are copied before the page may do something else.
const atOnce = 50

/** Keeps things in the browser's own database. `keyOf` names the field that tells them apart. */
export function keptInBrowser<T>(name: string, keyOf: keyof T & string): Kept<T> {
  let opened: Promise<IDBDatabase> | undefined
  const open = () => {
    opened ??= new Promise((done, fail) => {
      const asked = indexedDB.open(`shuniu.${name}`, 1)
      asked.onupgradeneeded = () => asked.result.createObjectStore('items', { keyPath: keyOf })
      asked.onsuccess = () => done(asked.result)
      asked.onerror = () => fail(asked.error ?? new Error('the browser keeps nothing'))
    })
    return opened
  }
  const run = async <R>(mode: IDBTransactionMode, work: (items: IDBObjectStore) => IDBRequest<R>): Promise<R> => {
    const db = await open()
    return new Promise((done, fail) => {
      const t = db.transaction('items', mode)
      const asked = work(t.objectStore('items'))
      t.oncomplete = () => done(asked.result)
      t.onabort = () => fail(t.error ?? new Error('the browser kept nothing'))
    })
  }
  const change = async (put: readonly T[], remove: readonly string[], anew = false): Promise<void> => {
    const db = await open()
    return new Promise((done, fail) => {
      const t = db.transaction('items', 'readwrite')
      t.oncomplete = () => done()
      t.onabort = () => fail(t.error ?? new Error('the browser kept nothing'))
      const items = t.objectStore('items')
      if (anew) items.clear()
      for (const key of remove) items.delete(key)
      let n = 0
      const next = () => {
        let asked: IDBRequest | undefined
        for (const end = Math.min(n + atOnce, put.length); n < end; n++) asked = items.put(put[n])
        if (asked && n < put.length) asked.onsuccess = next
      }
      next()
    })
  }
  return {
    change,
    all: () => run('readonly', (items) => items.getAll() as IDBRequest<T[]>),
    put: async (item) => void (await run('readwrite', (items) => items.put(item))),
    remove: async (key) => void (await run('readwrite', (items) => items.delete(key))),
  }
}

/** Keeps things as long as the page lives: where the browser has no database, and in tests. */
export function keptInMemory<T>(keyOf: keyof T & string): Kept<T> {
  const items = new Map<string, T>()
  return {
    change: async (put, remove, anew) => {
      if (anew) items.clear()
      for (const key of remove) items.delete(key)
      for (const item of put) items.set(String(item[keyOf]), item)
    },
    all: async () => [...items.values()],
    put: async (item) => void items.set(String(item[keyOf]), item),
    remove: async (key) => void items.delete(key),
  }
}
