import { describe, expect, test } from 'vitest'
import { fold, foldPositions, fromLists, type Board } from './live'
import type { AlarmRow, CallRow, IncidentRow, UnitRow } from './types'

const incident = (id: string, seq: number, extra: Partial<IncidentRow> = {}): IncidentRow =>
  ({ id, seq, number: 1, phase: 'received', queue: 'to_dispatch', received: '2026-01-01T00:00:00Z', ...extra }) as IncidentRow
const unit = (id: string, seq: number, extra: Partial<UnitRow> = {}): UnitRow =>
  ({ id, seq, call_sign: id, kind: 'car', state: 'available', dispatchable: true, ...extra }) as UnitRow
const call = (id: string, seq: number): CallRow => ({ id, seq, state: 'ringing', direction: 'in', arrived: '2026-01-01T00:00:00Z', next: [] })
const alarm = (seq: number, state: string): AlarmRow => ({ id: 'v', seq, kind: 'void', area: 'st1', detail: {}, next: [], raised: '2026-01-01T00:00:00Z', state })

const start = (): Board =>
  fromLists(
    { as_of: 10, items: [incident('a', 8), incident('b', 9)] },
    { as_of: 12, items: [unit('101', 12)] },
    { as_of: 10, items: [call('c', 4)] },
    { as_of: 11, items: [alarm(5, 'raised')] },
    { as_of: 11, items: [] },
  )

const taken = (b: Board | 'gap'): Board => {
  if (b === 'gap') throw new Error('unexpected gap')
  return b
}

describe('fold', () => {
  test('a snapshot is as old as its oldest list', () => {
    expect(start().asOf).toBe(10)
  })

  test('an alarm that was seen replaces the one that was raised', () => {
    const b = taken(fold(start(), { seq: 13, prev: 10, alarms: { upsert: [alarm(13, 'acknowledged')] } }))
    expect(b.alarms.get('v')?.state).toBe('acknowledged')
  })

  test('rows are replaced by id and removed by id', () => {
    const b = taken(fold(start(), {
      seq: 13, prev: 10,
      incidents: { upsert: [incident('a', 13, { queue: 'to_sign' }), incident('z', 13)], remove: ['b'] },
      calls: { remove: ['c'] },
    }))
    expect([...b.incidents.keys()]).toEqual(['a', 'z'])
    expect(b.incidents.get('a')?.queue).toBe('to_sign')
    expect(b.calls.size).toBe(0)
    expect(b.asOf).toBe(13)
  })

  test('a missed change is a gap, never guessed over', () => {
    expect(fold(start(), { seq: 13, prev: 11 })).toBe('gap')
    expect(fold(start(), { seq: 13, prev: 12 })).toBe('gap')
  })

  test('an event that begins before the board and ends after it misses nothing', () => {
    const b = taken(fold(start(), { seq: 13, prev: 9, incidents: { upsert: [incident('z', 13)] } }))
    expect([...b.incidents.keys()]).toEqual(['a', 'b', 'z'])
    expect(b.asOf).toBe(13)
  })

  test('a replay after reconnecting changes nothing', () => {
    const b = start()
    expect(fold(b, { seq: 10, prev: 3, incidents: { remove: ['a'] } })).toBe(b)
  })

  test('a list that was read later is not set back by an older change', () => {
    const b = taken(fold(start(), { seq: 11, prev: 10, units: { upsert: [unit('101', 11, { state: 'off_duty' })] } }))
    expect(b.units.get('101')?.state).toBe('available')
    const c = taken(fold(start(), { seq: 11, prev: 10, units: { remove: ['101'] } }))
    expect(c.units.has('101')).toBe(true)
  })

  test('lists that did not change keep their identity, so their panels are not drawn again', () => {
    const b = start()
    const c = taken(fold(b, { seq: 11, prev: 10, calls: { upsert: [call('d', 11)] } }))
    expect(c.incidents).toBe(b.incidents)
    expect(c.calls).not.toBe(b.calls)
  })
})

describe('positions', () => {
  const at = (s: string) => ({ at: s, items: [{ unit: '101', lon: 1, lat: 2, at: s, age_s: 0, state: 'trusted' }] })

  test('the newest fix wins, an older one is dropped', () => {
    const b = foldPositions(start(), at('2026-01-01T00:00:05Z'))
    expect(b.units.get('101')?.position?.lon).toBe(1)
    const c = foldPositions(b, at('2026-01-01T00:00:04Z'))
    expect(c).toBe(b)
  })

  test('a fix for a unit that is not on the board is dropped', () => {
    const b = start()
    expect(foldPositions(b, { at: '', items: [{ unit: '999', lon: 0, lat: 0, at: '2026-01-01T00:00:00Z', age_s: 0, state: 'trusted' }] })).toBe(b)
  })
})
