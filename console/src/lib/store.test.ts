import { describe, expect, test } from 'vitest'
import { createTurnStore } from './store'

/** A store whose tasks run when the test says so, and what its readers saw. */
function turns() {
  const tasks: (() => void)[] = []
  const store = createTurnStore(0, (work) => tasks.push(work))
  const heard: string[] = []
  const listen = (name: string) => store.subscribe(() => heard.push(`${name}${store.get()}`))
  const next = async () => {
    await Promise.resolve() // The microtask in which a reader draws.
    tasks.shift()?.()
    await Promise.resolve()
  }
  return { store, heard, listen, next, tasks }
}

describe('a store that tells in turns', () => {
  test('has its value at once and tells one reader in a task', async () => {
    const { store, heard, listen, next } = turns()
    for (const name of ['a', 'b', 'c']) listen(name)
    let done = -1
    store.setInTurns(1, (ms) => { done = ms })
    expect([store.get(), heard]).toEqual([1, ['a1']])
    await next()
    expect(heard).toEqual(['a1', 'b1'])
    await next()
    expect([heard, done]).toEqual([['a1', 'b1', 'c1'], -1])
    await next()
    expect(done).toBeGreaterThanOrEqual(0)
  })

  test('tells nobody who went, and whoever came reads by himself', async () => {
    const { store, heard, listen, next } = turns()
    listen('a')
    const gone = listen('b')
    listen('c')
    store.setInTurns(1, () => undefined)
    gone()
    listen('d')
    await next()
    await next()
    expect(heard).toEqual(['a1', 'c1'])
  })

  test('tells everybody anew when it is set meanwhile, and ends the turns', async () => {
    const { store, heard, listen, next, tasks } = turns()
    for (const name of ['a', 'b', 'c']) listen(name)
    let done = 0
    store.setInTurns(1, () => { done++ })
    store.set(2)
    expect(heard).toEqual(['a1', 'a2', 'b2', 'c2'])
    await next()
    expect([done, heard.length, tasks.length]).toEqual([1, 4, 0])
    store.setInTurns(3, () => { done++ })
    for (let n = 0; n < 3; n++) await next()
    expect([done, heard.slice(4)]).toEqual([2, ['a3', 'b3', 'c3']])
  })
})
