import { renderToString } from 'react-dom/server'
import { expect, test } from 'vitest'
import type { IncidentRow } from '../../api/types'
import { blockRows } from '../../ui/Windowed'
import { AssignmentList } from './AssignmentList'

const row = (n: number): IncidentRow =>
  ({
    assignments: Array.from({ length: n }, (_, k) => ({
      id: `a${k}`, unit: `u${k}`, call_sign: `${k}`, stage: k % 2 === 0 ? 'en_route' : 'cleared', since: '2030-05-01T10:00:00Z', primary: false,
      intervals: [{ kind: 'sign', from: '2030-05-01T10:00:00Z', to: '2030-05-01T10:00:20Z', limit_s: 60 }, { kind: 'arrive', from: '2030-05-01T10:00:20Z', limit_s: 600 }],
    })),
  }) as unknown as IncidentRow
const drawn = (n: number): string[] => [...renderToString(<AssignmentList row={row(n)} />).matchAll(/class="link">(\d+)</g)].map((m) => m[1] ?? '')

test('five hundred units on one incident cost what the screen can hold', () => {
  expect(drawn(500)).toHaveLength(2 * blockRows)
})

test('those at work stand before those that are over, and a short list is whole', () => {
  expect(drawn(6)).toEqual(['0', '2', '4', '1', '3', '5'])
})
