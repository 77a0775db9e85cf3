import { expect, test } from 'vitest'
import { busiest, demandFeatures, scale, siteFeatures, stepper, stepStarts, verdict, week } from './figures'

test('the ramp gives each fifth a step, and nothing where nobody calls', () => {
  const values = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
  expect(values.map(stepper(values))).toEqual([-1, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4])
  expect(stepStarts(values)).toEqual([1, 3, 5, 7, 9])
  expect([stepStarts([]), stepper([])(0)]).toEqual([[], -1])
})

test('a week is seven days from Monday, and nothing else is taken for one', () => {
  const hours = Array.from({ length: 168 }, (_, n) => n)
  expect(week(hours)?.map((d) => d[0])).toEqual([0, 24, 48, 72, 96, 120, 144])
  expect([week(hours.slice(1)), week(null)]).toEqual([undefined, undefined])
  expect(busiest(hours)).toEqual({ day: 6, hour: 23, rate: 167 })
  expect(busiest([])).toBeUndefined()
})

test('only an interval without 0 says faster or slower', () => {
  expect([verdict(-20, -4), verdict(3, 9), verdict(-3, 9), verdict(0, 9), verdict(-9, 0)]).toEqual(['faster', 'slower', 'unsure', 'unsure', 'unsure'])
})

test('a scale keeps everything inside, also a single value', () => {
  const at = scale([100, 200])
  expect([at(100) > 0, at(200) < 1, at(150)]).toEqual([true, true, 0.5])
  expect(scale([7])(7)).toBe(0.5)
  expect(scale([])(7)).toBe(0.5)
})

test('squares without calls are not drawn, and proposed sites stand over those of today', () => {
  const cell = (rate: number) => ({ type: 'Feature' as const, geometry: { type: 'Point' as const, coordinates: [0, 0] }, properties: { rate } })
  expect(demandFeatures({ type: 'FeatureCollection', features: [cell(0), cell(1), cell(2)] }).features.map((f) => f.properties?.['fill'])).toEqual(['demand-2', 'demand-4'])
  const site = { id: 'a', place: { lon: 1, lat: 2 } }
  expect(siteFeatures([site], [site], (s) => s.id).features.map((f) => `${f.properties?.['sign']} ${f.properties?.['rank']}`)).toEqual(['today 0', 'site 1'])
})
