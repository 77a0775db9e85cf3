import { write } from '../../api/client'
import { createStore } from '../../lib/store'
import { uuid7 } from '../../lib/uuid7'
import { left, take, type Run } from './runs'

const place = 'shuniu.paper'
const keepMost = 40
const keepLeast = 20

function load(): Run[] {
  try {
    return JSON.parse(localStorage.getItem(place) ?? '[]') as Run[]
  } catch {
    return []
  }
}

/** Numbers that this seat holds, for the screen. */
export const paperLeft = createStore(typeof localStorage === 'undefined' ? 0 : left(load()))

// Every tab of this seat draws from one place, one at a time, and what was drawn is gone before it is printed.
async function change<T>(f: (runs: Run[]) => { runs: Run[]; value: T }): Promise<T> {
  return navigator.locks.request(place, () => {
    const { runs, value } = f(load())
    localStorage.setItem(place, JSON.stringify(runs))
    paperLeft.set(left(runs))
    return value
  }) as Promise<T>
}

/** Numbers for cards that are printed now. Nobody gets them again, also when the printer jams. */
export const takeNumbers = (count: number): Promise<number[]> =>
  change((runs) => {
    const { numbers, rest } = take(runs, count)
    return { runs: rest, value: numbers }
  })

/** Gets new numbers from the server while there is one, so that there are some when there is none. */
export async function refill(): Promise<void> {
  if (left(load()) >= keepLeast) return
  const told = await write<{ number?: number }>('/paper/cards/take', { count: keepMost }, { key: uuid7() })
  const first = told.ok ? told.value.number : undefined
  if (first !== undefined) await change((runs) => ({ runs: [...runs, { next: first, last: first + keepMost - 1 }], value: undefined }))
}
