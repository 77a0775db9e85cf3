import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createPace } from './pace'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const started = (everyMs: number) => {
  const told: number[] = []
  return { told, pace: createPace<number>(everyMs, (v) => void told.push(v)) }
}

test('changes that never cease go on at the pace, the newest each time, and the last is never lost', () => {
  const { told, pace } = started(3000)
  for (let n = 0; n < 100; n++) {
    pace.next(n)
    vi.advanceTimersByTime(100)
  }
  expect(told).toEqual([0, 29, 59, 89])
  vi.advanceTimersByTime(3000)
  expect(told).toEqual([0, 29, 59, 89, 99])
})

test('a change after a rest goes on at once', () => {
  const { told, pace } = started(3000)
  pace.next(1)
  vi.advanceTimersByTime(3000)
  pace.next(2)
  expect(told).toEqual([1, 2])
})

test('what waits is forgotten at the end, and it may begin again', () => {
  const { told, pace } = started(3000)
  pace.next(1)
  pace.next(2)
  pace.end()
  vi.advanceTimersByTime(9000)
  expect(told).toEqual([1])
  pace.next(3)
  expect(told).toEqual([1, 3])
})
