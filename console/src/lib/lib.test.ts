import { describe, expect, test } from 'vitest'
import { metres } from './distance'
import { holdOrder, type Held } from './held-list'
import { initials, matchScore } from './pinyin'
import { centreMinute, dayAndMinute, duration, momentOf, shortAge, zone } from './time'
import { uuid7 } from './uuid7'

test('pinyin initials find Chinese names', () => {
  expect(initials('持刀伤人')).toBe('cdsr')
  expect(initials('星浦路8号')).toBe('xpl8h')
  expect(initials('入室盗窃')).toBe('rsdq')
  expect(initials('家庭暴力')).toBe('jtbl')
  expect(initials('落水')).toBe('ls')
  expect(initials('燃气泄漏')).toBe('rqxl')
})

test('a typed word finds by name, part and initials, the better match higher', () => {
  const names = ['持刀伤人', 'Knife attack', '刀']
  expect(matchScore('持刀伤人', names)).toBe(100)
  expect(matchScore('cds', names)).toBeGreaterThan(matchScore('dsr', names))
  expect(matchScore('knife', names)).toBe(80)
  expect(matchScore('fire', names)).toBe(0)
  expect(matchScore('  ', names)).toBe(0)
})

test('nothing moves while a row is held', () => {
  const before: Held = { shown: ['a', 'b', 'c'], waiting: [], gone: new Set() }
  const held = holdOrder(before, ['z', 'a', 'c'], true)
  expect(held.shown).toEqual(['a', 'b', 'c'])
  expect(held.waiting).toEqual(['z'])
  expect([...held.gone]).toEqual(['b'])
  expect(holdOrder(held, ['z', 'a', 'c'], false)).toEqual({ shown: ['z', 'a', 'c'], waiting: [], gone: new Set() })
})

test('ages read like a dispatcher says them', () => {
  expect(duration(64)).toBe('1:04')
  expect(duration(3870)).toBe('1:04:30')
  expect(duration(-3)).toBe('0:00')
  expect(shortAge(88)).toBe('88s')
  expect(shortAge(125)).toBe('2min')
  expect(shortAge(Number.NaN)).toBe('—')
})

test('identifiers carry their time and their version', () => {
  const id = uuid7(0x0192_3456_789a, new Uint8Array(10).fill(0xff))
  expect(id).toBe('01923456-789a-7fff-bfff-ffffffffffff')
  expect(uuid7()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(uuid7(1000) < uuid7(2000)).toBe(true)
})

test('metres between two points', () => {
  expect(metres({ lon: 121, lat: 31 }, { lon: 121, lat: 31.001 })).toBeCloseTo(111.2, 0)
})

describe('a moment in a field', () => {
  test('is by the clock of the centre, also on the days on which that is put forward and back', () => {
    zone.set('America/Los_Angeles')
    for (const at of ['2030-01-05T20:00:00Z', '2030-07-05T20:00:00Z', '2030-03-10T09:59:00Z', '2030-03-10T10:00:00Z', '2030-11-03T10:00:00Z']) {
      expect(momentOf(centreMinute(Date.parse(at)))).toBe(Date.parse(at))
    }
    expect(new Date(momentOf('2030-03-10T02:30')).toISOString(), 'an hour that is jumped over').toBe('2030-03-10T09:30:00.000Z')
    expect(momentOf('')).toBeNaN()
  })

  test('is told with its year when that is not this one', () => {
    zone.set('Asia/Shanghai')
    const now = Date.parse('2030-12-31T10:00:00Z')
    expect(dayAndMinute(Date.parse('2030-12-31T15:59:00Z'), now)).toBe('12-31 23:59')
    expect(dayAndMinute(Date.parse('2030-12-31T16:00:00Z'), now)).toBe('2031-01-01 00:00')
  })
})
