import { expect, test } from 'vitest'
import { standing, unseen } from './alarms'
import type { AlarmRow } from './types'

const alarm = (id: string, raised: string, state = 'raised'): AlarmRow => ({ id, seq: 1, kind: 'void', area: 'st1', detail: {}, next: [], raised, state })
const rows = [
  alarm('seen', '2030-01-01T00:00:00Z', 'acknowledged'), alarm('late', '2030-01-01T00:05:00Z'),
  alarm('over', '2030-01-01T00:00:00Z', 'cleared'), alarm('early', '2030-01-01T00:02:00Z'),
]

test('what nobody has seen stands first, the oldest before the newest, and what is over is gone', () => {
  expect(standing(rows).map((a) => a.id)).toEqual(['early', 'late', 'seen'])
})

test('the bar counts only what nobody has seen', () => {
  expect(unseen(rows)).toBe(2)
  expect(unseen([])).toBe(0)
})
