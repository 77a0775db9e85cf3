import { expect, test } from 'vitest'
import type { UnitRow } from '../../api/types'
import { groupByStation } from './group'

const unit = (id: string, station: string, more: object = {}): UnitRow =>
  ({ id, call_sign: id, station, dispatchable: true, flags: {}, state: 'available', seq: 1, ...more }) as unknown as UnitRow
const danger = { flags: { duress: { since: '' } } }

const shown = (rows: UnitRow[]) => groupByStation(rows).map((g) => `${g.id}: ${g.units.map((u) => u.id).join(' ')}`)

test('those who can send most stand first, those with nobody to send last, whatever the units do', () => {
  const rows = [unit('801', 'command', { dispatchable: false }), unit('4', 'st10'), unit('9', 'west'), unit('10', 'west', { state: 'assigned' }), unit('1', 'st2')]
  expect(shown(rows)).toEqual(['west: 9 10', 'st2: 1', 'st10: 4', 'command: 801'])
})

test('officers in danger stand first in their station', () => {
  expect(shown([unit('1', 'north'), unit('2', 'north', danger)])).toEqual(['north: 2 1'])
})
