import { expect, test } from 'vitest'
import type { IncidentRow } from '../../api/types'
import { askedOf, byAppointment } from './use-queue'

const row = (number: number, more: Partial<IncidentRow>): IncidentRow => ({ id: `i${number}`, number, queue: 'to_dispatch', ...more }) as IncidentRow
const numbers = (rows: readonly IncidentRow[]) => rows.map((r) => r.number)

test('what waits for an appointment: the next one first, and none whose time has brought it into the queue', () => {
  const rows = [
    row(1, { queue: 'scheduled', scheduled: '2030-05-01T16:00:00Z' }),
    row(2, { scheduled: '2030-05-01T14:00:00Z' }),
    row(3, { queue: 'scheduled', scheduled: '2030-05-01T15:00:00Z' }),
    row(4, {}),
  ]
  expect(numbers(byAppointment(rows))).toEqual([3, 1])
})

test('what is asked of a seat: not taken first, then who waits longest; neither what is done nor what others owe', () => {
  const task = (seat: string, state: 'asked' | 'taken' | 'done', since: string) => ({ seats: [{ seat, state, since }] })
  const rows = [
    row(1, task('61', 'taken', '2030-05-01T10:00:00Z')),
    row(2, task('61', 'asked', '2030-05-01T12:00:00Z')),
    row(3, task('61', 'asked', '2030-05-01T11:00:00Z')),
    row(4, task('61', 'done', '2030-05-01T09:00:00Z')),
    row(5, task('62', 'asked', '2030-05-01T09:00:00Z')),
    row(6, {}),
  ]
  expect(numbers(askedOf(rows, '61'))).toEqual([3, 2, 1])
  expect(askedOf(rows, undefined)).toEqual([])
})
