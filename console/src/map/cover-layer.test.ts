import type { FeatureCollection } from 'geojson'
import { expect, test } from 'vitest'
import type { Move } from '../api/cover'
import type { UnitRow } from '../api/types'
import { bandOf, coverFeatures, joined, moveFeatures, ringFeatures, voidFeatures } from './cover-layer'

const square = (properties: object): FeatureCollection['features'][number] =>
  ({ type: 'Feature', geometry: { type: 'Polygon', coordinates: [[[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]]] }, properties: { ...properties } })
const all = (...features: FeatureCollection['features']): FeatureCollection => ({ type: 'FeatureCollection', features })

test('bands end at shares of the standard, and the end belongs to the faster band', () => {
  expect([150, 151, 225, 300, 301, 450, 451, 1800].map((s) => bandOf(s, 300))).toEqual([0, 1, 1, 2, 3, 3, 4, 4])
})

test('only what misses the standard is hatched, and where nobody calls nothing is drawn', () => {
  const made = coverFeatures(all(square({ expected_s: 300, weight: 1 }), square({ expected_s: 301, weight: 1 }), square({ expected_s: 900, weight: 0 }), square({})), 300)
  expect(made.features.map((f) => `${f.properties?.['fill']} ${f.properties?.['missed']}`)).toEqual(['cover-2 false', 'cover-3 true'])
  expect(coverFeatures(undefined, 300).features).toEqual([])
})

test('the widest ring is drawn first and the innermost has rank 0', () => {
  const made = ringFeatures(all(square({ minutes: 3 }), square({ minutes: 1 }), square({ minutes: 5 })), (m) => `${m} min`)
  expect(made.features.map((f) => `${f.geometry.type} ${f.properties?.['label']} ${f.properties?.['rank']}`)).toEqual(['Polygon 5 min 2', 'Point 5 min 2', 'Polygon 3 min 1', 'Point 3 min 1', 'Polygon 1 min 0', 'Point 1 min 0'])
  expect(made.features[1]?.geometry).toEqual({ type: 'Point', coordinates: [2, 2] }) // The word stands at the top.
})

test('rings of several units that overlap have one outline for each time', () => {
  const box = (from: number, to: number) => [[[from, from], [to, from], [to, to], [from, to], [from, from]]]
  const made = joined(all({ type: 'Feature', geometry: { type: 'MultiPolygon', coordinates: [box(0, 2), box(1, 3)] }, properties: { minutes: 3 } }))
  expect(made.features.map((f) => f.geometry.type === 'MultiPolygon' && f.geometry.coordinates.length)).toEqual([1])
  expect(made.features[0]?.properties).toEqual({ minutes: 3 })
})

test('a void area has an outline and one word inside, other areas have nothing', () => {
  const made = voidFeatures(all(square({ id: 'st1' }), square({ id: 'st2' })), [{ org: 'st1', label: 'a' }, { org: 'st1', label: 'b' }, { org: 'st9', label: 'c' }])
  expect(made.features.map((f) => `${f.geometry.type} ${f.properties?.['label']}`)).toEqual(['Polygon ', 'Point a\nb'])
})

test('a move points from the unit to its place, and a unit without a position has no arrow', () => {
  const move = (unit: string, lon: number, lat: number): Move => ({ id: unit, unit, call_sign: unit, class: 'patrol', to: { place: { lon, lat } }, eta_s: 1, gain_s: 1, gain_calls_per_day: 1, why: [] })
  const units = new Map([['1', { position: { lon: 0, lat: 0 } } as unknown as UnitRow]])
  const heads = moveFeatures([move('1', 1, 0), move('1', 0, -1), move('1', -1, 0), move('2', 1, 1)], units, (m) => m.id).features.filter((f) => f.geometry.type === 'Point')
  expect(heads.map((f) => Math.round(Number(f.properties?.['bearing'])))).toEqual([90, 180, 270])
})
