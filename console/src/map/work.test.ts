import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { drawGapMs, keyGapMs, oldestMs, type GlKind } from './gl'
import type { TheMap } from './MapView'
import { pace } from './work'

/** A map that draws in the frame after it was asked, and says when. */
function drawing(kind: GlKind) {
  const at: number[] = []
  let render = () => {}
  let moving = false
  let frame = false
  const map = {
    triggerRepaint: () => {
      if (!frame) setTimeout(() => { frame = false; at.push(performance.now()); render() }, 16)
      frame = true
    },
    isMoving: () => moving,
    on: (_: string, listen: () => void) => { render = listen },
    off: () => undefined,
  }
  const end = pace(map as unknown as TheMap, kind)
  return { at, end, ask: () => map.triggerRepaint(), move: (on: boolean) => { moving = on } }
}

let keys: (() => void)[] = []
const key = () => keys.forEach((k) => k())

beforeEach(() => {
  vi.useFakeTimers()
  keys = []
  vi.stubGlobal('window', { addEventListener: (name: string, k: () => void) => { if (name === 'keydown') keys.push(k) }, removeEventListener: (_: string, k: () => void) => { keys = keys.filter((x) => x !== k) } })
  vi.stubGlobal('requestAnimationFrame', (work: () => void) => setTimeout(work, 8))
  vi.stubGlobal('performance', { now: () => Date.now(), measure: () => undefined, clearMeasures: () => undefined })
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

/** Asks for a drawing every 20 ms for so long, and types beside it. */
function busy(ask: () => void, forMs: number, typing: boolean): void {
  for (let t = 0; t < forMs; t += 20) {
    if (typing) key()
    ask()
    vi.advanceTimersByTime(20)
  }
}

test('where a program draws it draws four times a second at most, and less while somebody types, but never too late', () => {
  const map = drawing('software')
  busy(map.ask, 4000, false)
  expect(map.at.length).toBeGreaterThan(10)
  expect(Math.min(...gaps(map.at))).toBeGreaterThanOrEqual(drawGapMs.software)
  const before = map.at.length
  busy(map.ask, 5 * oldestMs, true)
  const typed = map.at.slice(before)
  expect(typed.length, 'it is drawn all the same').toBeGreaterThan(2)
  expect(Math.max(...gaps(typed))).toBeLessThan(oldestMs + 100)
  expect(Math.min(...gaps(typed.slice(1))), 'and seldom').toBeGreaterThan(oldestMs - 100)
  const last = map.at.length
  vi.advanceTimersByTime(keyGapMs.software + 100)
  expect(map.at.length, 'the newest is drawn once the hand rests').toBe(last + 1)
  map.end()
  expect(keys).toEqual([])
})

test('a map that a hand moves, and one that a card draws, wait for nothing', () => {
  const slow = drawing('software')
  slow.move(true)
  busy(slow.ask, 1000, true)
  expect(slow.at.length).toBeGreaterThan(40)
  const card = drawing('hardware')
  busy(card.ask, 1000, true)
  expect(card.at.length).toBeGreaterThan(40)
})

const gaps = (at: readonly number[]): number[] => at.slice(1).map((t, n) => t - (at[n] ?? 0))
