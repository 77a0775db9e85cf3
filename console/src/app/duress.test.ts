import { expect, test } from 'vitest'
import type { UnitRow } from '../api/types'
import { inDanger, untaken } from './duress'

const unit = (id: string, duress?: object) => [id, { id, flags: duress ? { duress } : {} } as unknown as UnitRow] as const

test('the alarm is of those whom nobody has taken up, the longest first', () => {
  const units = new Map([unit('1'), unit('2', { since: '2030-05-01T12:01:00Z' }), unit('3', { since: '2030-05-01T12:00:00Z' }), unit('4', { since: '2030-05-01T11:00:00Z', acked_by: 'seat-21' })])
  expect(inDanger(units).map((u) => u.id)).toEqual(['4', '3', '2'])
  expect(untaken(units).map((u) => u.id)).toEqual(['3', '2'])
})
