import type { Pack } from './pack'

// One value in a database of the browser: it is larger than what other storage of it takes.
const name = 'shuniu-pack'

function open(): Promise<IDBDatabase> {
  return new Promise((done, fail) => {
    const asked = indexedDB.open(name, 1)
    asked.onupgradeneeded = () => asked.result.createObjectStore('pack')
    asked.onsuccess = () => done(asked.result)
    asked.onerror = () => fail(asked.error)
  })
}

async function within<T>(mode: IDBTransactionMode, f: (s: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const db = await open()
  try {
    return await new Promise<T>((done, fail) => {
      const asked = f(db.transaction('pack', mode).objectStore('pack'))
      asked.onsuccess = () => done(asked.result)
      asked.onerror = () => fail(asked.error)
    })
  } finally {
    db.close()
  }
}

/** Keeps a pack on this machine, in the place of the last one. Without room for it the last one stays. */
export async function keepPack(pack: Pack): Promise<void> {
  try {
    await within('readwrite', (s) => s.put(pack, 'newest'))
  } catch {
    // The screen still holds the room; only a page that is opened anew would miss it.
  }
}

/** The pack that this machine kept last; undefined if there is none. */
export async function keptPack(): Promise<Pack | undefined> {
  try {
    return (await within('readonly', (s) => s.get('newest'))) as Pack | undefined
  } catch {
    return undefined
  }
}
