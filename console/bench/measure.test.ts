import { expect, test } from 'vitest'
// @ts-expect-error -- plain JavaScript that is run as it stands
import { quantile, slopePerHour } from './measure.mjs'

test('a quantile is a value that was measured', () => {
  expect(quantile([], 0.95)).toBe(0)
  expect(quantile([30, 10, 20], 0.5)).toBe(20)
  expect(quantile(Array.from({ length: 100 }, (_, n) => n + 1), 0.95)).toBe(96)
})

test('a page that keeps one megabyte an hour has that slope, whatever its noise; a flat one has none', () => {
  const growing = Array.from({ length: 41 }, (_, n) => [n / 5, 20 + n / 5 + (n % 2 === 0 ? 0.5 : -0.5)])
  expect(slopePerHour(growing)).toBeCloseTo(1, 1)
  expect(slopePerHour([[0, 7], [1, 7], [2, 7]])).toBe(0)
  expect(slopePerHour([[3, 7]])).toBe(0)
})
