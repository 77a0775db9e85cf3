import { expect, test } from 'vitest'
import type { CoverArea } from '../../api/cover'
import { bySeverity } from './states'

test('the area that nobody reaches is read first, and rows of one state keep their places', () => {
  const area = (org: string, state: CoverArea['state']): CoverArea => ({ org, name: {}, class: 'patrol', state, units_within: 0, nearest_s: 0, expected_s: 0 })
  const rows = [area('st10', 'ok'), area('st2', 'thin'), area('st9', 'void'), area('st2', 'ok')]
  expect(rows.sort(bySeverity).map((a) => `${a.org} ${a.state}`)).toEqual(['st9 void', 'st2 thin', 'st2 ok', 'st10 ok'])
})
