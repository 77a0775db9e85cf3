import { describe, expect, test } from 'vitest'
import type { CallRow, IncidentRow } from '../../api/types'
import { forHold, graceLeft, isMine, nextForF4, sorted } from './calls'

const row = (id: string, more: Partial<CallRow>): CallRow => ({ id, seq: 1, state: 'ringing', arrived: `2030-05-01T14:00:0${id}Z`, direction: 'in', next: [], ...more })
const me = { actor: 'p1', seat: '02' }
const mine = { holder: { actor: 'p1', seat: '02' }, state: 'answered', speaking: true }

describe('calls of a seat', () => {
  test('a colleague at the same seat has the same calls; nobody without a seat has another’s', () => {
    expect(isMine(row('1', { holder: { actor: 'p9', seat: '02' } }), me)).toBe(true)
    expect(isMine(row('1', { holder: { actor: 'p9', seat: '' } }), { actor: 'p1', seat: '' })).toBe(false)
  })
  test('F4 takes the call that has rung longest, and resumes only when none rings', () => {
    const held = row('1', { ...mine, held: '2030-05-01T14:05:00Z' })
    const earlier = row('2', { ...mine, held: '2030-05-01T14:04:00Z' })
    expect(nextForF4(sorted([held, row('4', {}), row('3', {})], new Map(), me))?.id).toBe('3')
    expect(nextForF4(sorted([held, earlier], new Map(), me))?.id).toBe('2')
    expect(nextForF4(sorted([row('5', mine)], new Map(), me))).toBeUndefined()
    expect(forHold(sorted([held, row('5', mine)], new Map(), me))?.id).toBe('5')
  })
  test('our own ringing is not to be answered', () => {
    const s = sorted([row('1', { direction: 'out', holder: { actor: 'p1', seat: '02' } })], new Map(), me)
    expect(s.ringing).toEqual([])
    expect(s.mine.length).toBe(1)
  })
  test('an attached call is in hand as long as its line is open', () => {
    expect(sorted([row('1', { ...mine, state: 'attached', incident: 'i' })], new Map(), me).mine.length).toBe(1)
    expect(sorted([row('1', { ...mine, state: 'attached', incident: 'i', speaking: false })], new Map(), me).mine).toEqual([])
  })
  test('a lost call waits until somebody is reached, or its incident is over', () => {
    const lost = row('1', { state: 'attached', lost: 'abandoned', incident: 'i' })
    const of = (c: CallRow, phase: string) => sorted([c], new Map([['i', { phase } as IncidentRow]]), me).lost.length
    expect(of(lost, 'received')).toBe(1)
    expect(of(lost, 'invalid')).toBe(0)
    expect(of({ ...lost, back: { call: 'b', result: 'not_reached', at: '', tries: 1 } }, 'received')).toBe(1)
    expect(of({ ...lost, back: { call: 'b', result: 'reached', at: '', tries: 1 } }, 'received')).toBe(0)
  })
  test('the grace is counted in whole seconds and ends at nothing', () => {
    expect(graceLeft('2030-05-01T14:00:10Z', Date.parse('2030-05-01T14:00:00.400Z'))).toBe(10)
    expect(graceLeft('2030-05-01T14:00:10Z', Date.parse('2030-05-01T14:00:30Z'))).toBe(0)
  })
})
