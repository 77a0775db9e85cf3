import { expect, test } from 'vitest'
import type { IncidentRow, UnitRow } from '../../api/types'
import { timersOf } from './timers'

const at = (s: number) => new Date(Date.UTC(2030, 4, 1, 12, 0, s)).toISOString()
const now = Date.parse(at(0))
const row = (more: object) => ({ id: 'i', number: 7, assignments: [], deadlines: [], ...more }) as unknown as IncidentRow
const none = new Map<string, UnitRow>()
const told = (rows: IncidentRow[], units = none) => timersOf(rows, units, now).map((t) => `${t.kind} ${t.sign || t.org || ''} ${(now - t.due) / 1000}`)

test('the longest overdue stands first within its kind, and what was met since is not owed', () => {
  const rows = [
    row({ id: 'a', assignments: [{ unit: '1', call_sign: '101', stage: 'dispatched', primary: true }], deadlines: [{ kind: 'arrive', unit: '1', due: at(-5), passed: false }, { kind: 'sign', unit: '1', due: at(-30), passed: true }] }),
    row({ id: 'b', assignments: [{ unit: '2', call_sign: '102', stage: 'dispatched', primary: true }], deadlines: [{ kind: 'sign', unit: '2', due: at(-90), passed: true }, { kind: 'depart', unit: '2', passed: true }] }),
  ]
  expect(told(rows)).toEqual(['sign 102 90', 'sign 101 30', 'arrive 101 5'])
})

test('what is about to be late is listed, what is far away is not', () => {
  expect(told([row({ deadlines: [{ kind: 'feedback', due: at(50) }, { kind: 'review', due: at(-50) }, { kind: 'feedback', due: at(90) }], responsible: { id: 'st3' } })])).toEqual(['feedback st3 -50'])
})

test('the desk owes the signature of an order that goes through it, until it has signed', () => {
  const sent = { unit: '1', call_sign: '231', stage: 'dispatched', primary: true, level: 'two', station: 'st3' }
  const late = { kind: 'sign', unit: '1', due: at(-1) }
  expect(timersOf([row({ assignments: [sent], deadlines: [late] })], none, now)[0]?.org).toBe('st3')
  expect(timersOf([row({ assignments: [{ ...sent, desk_signed_at: at(-9) }], deadlines: [late] })], none, now)[0]?.org).toBeUndefined()
})

test('a crew at work that says nothing is listed where it works, with how often it was pressed', () => {
  const i = row({ assignments: [{ unit: '1', call_sign: '101', stage: 'on_scene', primary: true }], chased: [{ kind: 'word', unit: '1', times: 2, at: at(0) }] })
  const silent = new Map([['1', { id: '1', incident: 'i', silent_at: at(-61) } as unknown as UnitRow]])
  expect(told([i], silent)).toEqual(['word 101 61'])
  expect(timersOf([i], silent, now)[0]?.chased).toBe(2)
  expect(told([i], new Map([['1', { id: '1', incident: 'other', silent_at: at(-61) } as unknown as UnitRow]]))).toEqual([])
})
