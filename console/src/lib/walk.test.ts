import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createWalk, markMs, restMs, walkMs } from './walk'

beforeEach(() => { vi.useFakeTimers() })
afterEach(() => { vi.useRealTimers() })

function walking() {
  const opened: string[] = []
  const marks: string[] = []
  const walk = createWalk((id) => opened.push(id), (id) => marks.push(id))
  return { opened, marks, walk: { ...walk, step: (id: string) => walk.step(id, Date.now()) } }
}

test('a single step marks its row at once and opens it behind that', () => {
  const { opened, marks, walk } = walking()
  for (const id of ['a', 'b', 'c']) {
    walk.step(id)
    expect(marks.at(-1)).toBe(id)
    expect(opened).not.toContain(id)
    vi.advanceTimersByTime(markMs)
    expect(opened.at(-1)).toBe(id)
    expect(walk.marked()).toBe('')
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
  expect(marks.filter((m) => m !== '')).toEqual(['a', 'b', 'c', 'd'])
  vi.advanceTimersByTime(restMs)
  expect(opened).toEqual(['a', 'd'])
  expect(walk.marked()).toBe('')
  vi.advanceTimersByTime(10_000)
  expect(opened).toEqual(['a', 'd'])
})

test('keys that a busy page hears late were pressed when they were pressed', () => {
  const opened: string[] = []
  const walk = createWalk((id) => opened.push(id), () => undefined)
  walk.step('a', 1000)
  vi.advanceTimersByTime(markMs)
  vi.advanceTimersByTime(400) // The page was held up.
  walk.step('b', 1040)
  vi.advanceTimersByTime(markMs)
  expect(opened).toEqual(['a'])
  vi.advanceTimersByTime(restMs)
  expect(opened).toEqual(['a', 'b'])
})

test('any other key finds the marked row open, and what was opened meanwhile stays open', () => {
  const { opened, walk } = walking()
  walk.step('a')
  walk.step('b')
  walk.arrive()
  expect(opened).toEqual(['b'])
  walk.arrive()
  expect(opened).toEqual(['b'])
  walk.step('c')
  walk.drop()
  vi.advanceTimersByTime(10_000)
  expect(opened).toEqual(['b'])
})
