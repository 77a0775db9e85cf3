import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createWalk, restMs, walkMs } from './walk'

beforeEach(() => { vi.useFakeTimers() })
afterEach(() => { vi.useRealTimers() })

function walking() {
  const opened: string[] = []
  const marks: string[] = []
  const walk = createWalk((id) => opened.push(id), (id) => marks.push(id), () => Date.now())
  return { opened, marks, walk }
}

test('a single step opens its row at once', () => {
  const { opened, walk } = walking()
  for (const id of ['a', 'b', 'c']) {
    walk.step(id)
    expect(opened.at(-1)).toBe(id)
    vi.advanceTimersByTime(walkMs)
  }
  expect(opened).toEqual(['a', 'b', 'c'])
})

test('a walk marks each row and opens the first and the last', () => {
  const { opened, marks, walk } = walking()
  for (const id of ['a', 'b', 'c', 'd']) {
    walk.step(id)
    vi.advanceTimersByTime(40)
  }
  expect(opened).toEqual(['a'])
  expect(marks.filter((m) => m !== '')).toEqual(['b', 'c', 'd'])
  vi.advanceTimersByTime(restMs)
  expect(opened).toEqual(['a', 'd'])
  expect(walk.marked()).toBe('')
  vi.advanceTimersByTime(10_000)
  expect(opened).toEqual(['a', 'd'])
})

test('any other key finds the marked row open, and what was opened meanwhile stays open', () => {
  const { opened, walk } = walking()
  walk.step('a')
  walk.step('b')
  walk.arrive()
  expect(opened).toEqual(['a', 'b'])
  walk.arrive()
  expect(opened).toEqual(['a', 'b'])
  walk.step('c')
  walk.drop()
  vi.advanceTimersByTime(10_000)
  expect(opened).toEqual(['a', 'b'])
})
