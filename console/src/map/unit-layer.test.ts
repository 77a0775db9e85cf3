import { expect, test } from 'vitest'
import type { IncidentRow, UnitRow } from '../api/types'
import { incidentFeatures, kindMarks, stackingAt, unitFeatures } from './unit-layer'

const at = '2026-01-01T00:00:00Z'
const now = Date.parse(at)
const fix = { lon: 121, lat: 31, at, age_s: 0, state: 'trusted' }
const unit = (extra: Partial<UnitRow>): UnitRow => ({
  id: '101', seq: 1, call_sign: '101', kind: 'car', state: 'available', dispatchable: true, position: fix, ...extra,
}) as UnitRow
const incident = (extra: Partial<IncidentRow>): IncidentRow => ({ id: 'i', seq: 1, number: 42, phase: 'in_work', queue: 'active', received: at, ...extra }) as IncidentRow
const first = (f: ReturnType<typeof unitFeatures>) => f.features[0]?.properties

test('a unit is drawn by what it does, danger before all', () => {
  expect(first(unitFeatures([unit({})], now, ''))?.['look']).toBe('free')
  expect(first(unitFeatures([unit({ state: 'assigned', stage: 'dispatched' })], now, ''))?.['look']).toBe('sign')
  expect(first(unitFeatures([unit({ state: 'assigned', stage: 'on_scene' })], now, ''))?.['look']).toBe('there')
  expect(first(unitFeatures([unit({ state: 'assigned', stage: 'on_scene', flags: { duress: { since: at, by: 'x' } } })], now, ''))?.['look']).toBe('duress')
})

test('an old or doubtful position is faded and says its age', () => {
  expect(first(unitFeatures([unit({})], now + 59_000, ''))).toMatchObject({ faded: false, label: '101' })
  expect(first(unitFeatures([unit({})], now + 88_000, ''))).toMatchObject({ faded: true, label: '101 88s' })
  expect(first(unitFeatures([unit({ position: { ...fix, state: 'suspect' } })], now, ''))?.['faded']).toBe(true)
})

test('whoever has no position, or is off duty, is not drawn at a guessed place', () => {
  const { position: _, ...nowhere } = unit({})
  expect(unitFeatures([nowhere, unit({ state: 'off_duty' })], now, '').features).toEqual([])
  expect(incidentFeatures([incident({})], '').features).toEqual([])
  expect(incidentFeatures([incident({ place: { address: 'a street, as told' } })], '').features).toEqual([])
})

test('incidents at one place stand in a stack, the open one lowest, and the rest is counted', () => {
  const near = (n: number) => incident({ id: `i${n}`, number: n, priority: n === 3 ? 'P1' : 'P3', place: { lon: 121.1 + n * 1e-5, lat: 31.1 } })
  const stack = (n: number, open: string) => incidentFeatures(Array.from({ length: n }, (_, i) => near(i + 1)), open).features.map((f) => [f.properties?.['label'], f.properties?.['slot']])
  expect(stack(4, '')).toEqual([['3', 0], ['1', 1], ['2', 2], ['4', 3]])
  expect(stack(3, 'i2')).toEqual([['2', 0], ['3', 11], ['1', 12]])
  expect(stack(6, '')).toEqual([['3', 0], ['1', 1], ['2', 2], ['+3', 3]])
  const apart = incidentFeatures([near(1), incident({ id: 'far', number: 9, place: { lon: 121.101, lat: 31.1 } })], '')
  expect(apart.features.map((f) => f.properties?.['slot'])).toEqual([0, 0])
})

test('marks that would lie on each other at a zoom stand in a stack there, and apart when it is nearer', () => {
  const pair = [incident({ id: 'a', number: 1, place: { lon: 121.1, lat: 31.1 } }), incident({ id: 'b', number: 2, place: { lon: 121.101, lat: 31.1 } })] // 95 m.
  const slots = (zoom: number) => incidentFeatures(pair, '', stackingAt(zoom, 31.1)).features.map((f) => f.properties?.['slot'])
  expect([slots(13), slots(13.6), slots(15), slots(18)]).toEqual([[0, 1], [0, 1], [0, 0], [0, 0]])
  expect(stackingAt(18, 31).withinMeters).toBe(40) // Near by only one place is one place.
  expect(stackingAt(13.1, 31)).toEqual(stackingAt(13.4, 31))
  const crowd = Array.from({ length: 9 }, (_, n) => incident({ id: `i${n}`, number: n, place: { lon: 121.1, lat: 31.1 } }))
  const drawn = (zoom: number) => incidentFeatures(crowd, '', stackingAt(zoom, 31.1)).features.length
  expect([drawn(12.9), drawn(13)]).toEqual([9, 4]) // A crowd must be counted whole where crowds are counted.
})

test('the kind of a unit is a small mark, by how it gets on and what it is for', () => {
  const kinds = [
    { id: 'car', patrol: true }, { id: 'crew', own_station: true }, { id: 'engine', patrol: true, own_station: true }, { id: 'walker', patrol: true, kmh: 6 },
    { id: 'boat', straight: true, kmh: 30 }, { id: 'lab' }, { id: 'bicycle', patrol: true, kmh: 18 },
  ].map((k) => ({ name: {}, ...k }))
  expect([...kindMarks(kinds as Parameters<typeof kindMarks>[0])].map(([, m]) => m)).toEqual(['plain', 'station', 'plain', 'foot', 'straight', 'special', 'plain'])
  expect(first(unitFeatures([unit({ kind: 'walker' })], now, '', kindMarks(kinds as Parameters<typeof kindMarks>[0])))?.['image']).toBe('unit-free-foot')
})
