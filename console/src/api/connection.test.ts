import { expect, test } from 'vitest'
import { drawGap, drawShare, drawWithinMs, togetherMs } from './connection'

test('drawing the room takes its share of the time and no more, and the room is never old', () => {
  expect(drawGap(0)).toBe(togetherMs)
  expect(drawGap(20)).toBe(togetherMs)
  for (const took of [30, 60, 120, 200]) {
    expect(took / (took + drawGap(took)), `a drawing of ${took} ms`).toBeLessThanOrEqual(1 / drawShare + 0.001)
    expect(drawGap(took)).toBeGreaterThanOrEqual(togetherMs)
  }
  expect(drawGap(60_000)).toBe(drawWithinMs)
})
