import { afterEach, expect, test } from 'vitest'
import { zone } from '../../lib/time'
import { momentOf } from './clock'

afterEach(() => zone.set(undefined))

const noon = Date.parse('2026-03-02T04:00:30Z') // 12:00:30 in Shanghai

test('a time of day is the next one in the centre, or the last one for what was said', () => {
  zone.set('Asia/Shanghai')
  const at = (words: string, back = false) => new Date(momentOf(words, noon, back) ?? 0).toISOString()
  expect(at('15:00')).toBe('2026-03-02T07:00:00.000Z')
  expect(at('1500')).toBe('2026-03-02T07:00:00.000Z')
  expect(at('9：30')).toBe('2026-03-03T01:30:00.000Z')
  expect(at('11:50', true)).toBe('2026-03-02T03:50:00.000Z')
  expect(at('23:50', true)).toBe('2026-03-01T15:50:00.000Z')
})

test('a bare number is minutes, and nonsense is nothing', () => {
  zone.set('Asia/Shanghai')
  expect(momentOf('30', noon, false)).toBe(noon + 1_800_000)
  expect(momentOf('30', noon, true)).toBe(noon - 1_800_000)
  for (const words of ['', 'soon', '25:00', '12:60', '2960']) expect(momentOf(words, noon, false), words).toBeUndefined()
})
