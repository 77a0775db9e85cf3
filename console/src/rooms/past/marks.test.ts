import { describe, expect, test } from 'vitest'
import type { PastMark } from '../../api/past'
import { neighbour, spots, within } from './marks'

const mark = (at: string, kind = 'call'): PastMark => ({ at, kind, count: 1 })
const from = Date.parse('2030-05-01T13:00:00Z')
const to = Date.parse('2030-05-01T14:00:00Z')

describe('the bar of the hour', () => {
  const list = spots([mark('2030-05-01T13:45:00Z'), mark('2030-05-01T13:30:00Z', 'order'), mark('2030-05-01T12:59:59Z'), mark('2030-05-01T14:00:00Z')], from, to)

  test('marks stand where they happened, and what lies outside of the hour is left out', () => {
    expect(list.map((m) => m.part)).toEqual([0.5, 0.75, 1])
  })
  test('the next and the last mark are found from any moment', () => {
    expect(neighbour(list, from, 1)?.kind).toBe('order')
    expect(neighbour(list, Date.parse('2030-05-01T13:30:00.400Z'), 1)?.part).toBe(0.75)
    expect(neighbour(list, Date.parse('2030-05-01T13:45:00Z'), -1)?.part).toBe(0.5)
    expect(neighbour(list, from, -1)).toBeUndefined()
  })
  test('a moment stays within what is known', () => {
    expect(within(from - 5, from + 300, to + 700)).toBe(from + 1000)
    expect(within(to + 9999, from, to + 700)).toBe(to)
    expect(within(from + 1400, from, to)).toBe(from + 1000)
  })
})
