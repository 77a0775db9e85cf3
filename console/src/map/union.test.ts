import type { Position } from 'geojson'
import { expect, test } from 'vitest'
import { union } from './union'

const box = (west: number, south: number, east: number, north: number): Position[][] => [[[west, south], [east, south], [east, north], [west, north], [west, south]]]
const area = (ring: readonly Position[]) => ring.slice(1).reduce((sum, [x2 = 0, y2 = 0], n) => { const [x1 = 0, y1 = 0] = ring[n] ?? []; return sum + (x1 * y2 - x2 * y1) / 2 }, 0)
/** To ten: a square of the grid more or less does not count. */
const tens = (n: number) => 10 * Math.round(n / 10)
const areas = (polygons: Position[][][]) => polygons.map((p) => p.map((r) => tens(area(r)))).sort((a, b) => (b[0] ?? 0) - (a[0] ?? 0))

test('what overlaps has one outline, what lies apart keeps its own', () => {
  expect(areas(union([box(0, 0, 20, 20), box(10, 10, 30, 30)]))).toEqual([[700]])
  expect(areas(union([box(0, 0, 20, 20), box(5, 5, 10, 10)]))).toEqual([[400]])
  expect(areas(union([box(0, 0, 20, 20), box(30, 30, 40, 40)]))).toEqual([[400], [100]])
})

test('a hole stays a hole of what is around it, also with an island in it, and another fills it', () => {
  const frame = [box(0, 0, 40, 10), box(0, 30, 40, 40), box(0, 0, 10, 40), box(30, 0, 40, 40)]
  expect(areas(union(frame))).toEqual([[1600, -400]])
  expect(areas(union([...frame, box(15, 15, 25, 25)]))).toEqual([[1600, -400], [100]])
  expect(areas(union([...frame, box(10, 10, 30, 30)]))).toEqual([[1600]])
  expect(areas(union([[...(box(0, 0, 40, 40)), ...box(10, 10, 30, 30)]]))).toEqual([[1600, -400]])
})

test('outlines are closed, and nothing has none', () => {
  for (const ring of union([box(0, 0, 20, 20), box(10, 10, 30, 30)]).flat()) expect(ring.at(-1)).toEqual(ring[0])
  expect(union([])).toEqual([])
  expect(union([[[[1, 1], [1, 1], [1, 1]]]])).toEqual([])
})
