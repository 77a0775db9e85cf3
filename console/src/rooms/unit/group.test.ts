import { expect, test } from 'vitest'
import type { UnitRow } from '../../api/types'
import { groupUnits, sameGroups, withoutTail, type Grouping } from './group'

const unit = (id: string, station: string, more: object = {}): UnitRow =>
  ({ id, call_sign: id, station, kind: 'car', dispatchable: true, flags: {}, state: 'available', seq: 1, ...more }) as unknown as UnitRow
const danger = { flags: { duress: { since: '' } } }

const shown = (rows: UnitRow[], by: Grouping = 'station') => groupUnits(rows, by).map((g) => `${g.id}: ${g.units.map((u) => u.id).join(' ')}`)

test('those who can send most stand first, those with nobody to send last, whatever the units do', () => {
  const rows = [unit('801', 'command', { dispatchable: false }), unit('4', 'st10'), unit('9', 'west'), unit('10', 'west', { state: 'assigned' }), unit('1', 'st2')]
  expect(shown(rows)).toEqual(['west: 9 10', 'st2: 1', 'st10: 4', 'command: 801'])
})

test('officers in danger stand first in their station', () => {
  expect(shown([unit('1', 'north'), unit('2', 'north', danger)])).toEqual(['north: 2 1'])
})

test('by state danger stands first, then who is free', () => {
  const rows = [unit('1', 'a', { state: 'assigned', stage: 'on_scene' }), unit('2', 'a'), unit('3', 'a', danger), unit('4', 'a', { state: 'assigned', stage: 'dispatched' })]
  expect(shown(rows, 'state')).toEqual(['duress: 3', 'free: 2', 'sign: 4', 'there: 1'])
  expect(shown([unit('1', 'a', { beat: 'b2' }), unit('2', 'a', { beat: 'b2' }), unit('3', 'a')], 'beat')).toEqual(['b2: 1 2', ': 3'])
})

test('a unit that only moves changes no group; one that goes out does, by state', () => {
  const before = new Map([['1', unit('1', 'a')], ['2', unit('2', 'a')]])
  const moved = new Map(before).set('1', { ...unit('1', 'a'), position: { lon: 1, lat: 1 } } as UnitRow)
  const out = new Map(before).set('1', unit('1', 'a', { state: 'unavailable' }))
  expect([sameGroups(before, moved, 'state'), sameGroups(before, out, 'state'), sameGroups(before, out, 'station')]).toEqual([true, false, true])
})

test('among stations the word that all have is left away, and never the whole name', () => {
  expect([withoutTail('Tinglan Station', ' Station'), withoutTail('Logistics', ' Station'), withoutTail('Station', 'Station'), withoutTail('汀兰派出所', '派出所')]).toEqual(['Tinglan', 'Logistics', 'Station', '汀兰'])
})
