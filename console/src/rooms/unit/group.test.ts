import { expect, test } from 'vitest'
import type { UnitRow } from '../../api/types'
import { groupByStation } from './group'

const unit = (id: string, station: string, more: Partial<UnitRow> = {}): UnitRow =>
  ({ id, call_sign: id, station, dispatchable: true, flags: {}, state: 'available', seq: 1, kind: 'car', since: '', stack: [], next: [], ...more }) as unknown as UnitRow

const shown = (rows: UnitRow[], order?: string[]) => groupByStation(rows, order).map((g) => `${g.id}: ${g.units.map((u) => u.id).join(' ')}`)

test('stations stand as the centre names them, those with nobody to send last', () => {
  const rows = [unit('9', 'west'), unit('801', 'command', { dispatchable: false }), unit('10', 'west'), unit('1', 'north')]
  expect(shown(rows, ['command', 'west', 'north'])).toEqual(['west: 9 10', 'north: 1', 'command: 801'])
})

test('officers in danger stand first in their station, which then counts as any other', () => {
  const rows = [unit('1', 'north'), unit('2', 'north', { flags: { duress: { since: '' } } } as Partial<UnitRow>), unit('801', 'command', { dispatchable: false, flags: { duress: { since: '' } } } as Partial<UnitRow>)]
  expect(shown(rows, ['command', 'north'])).toEqual(['command: 801', 'north: 2 1'])
})
