import { describe, expect, test } from 'vitest'
import { fold, foldPositions, fromLists } from '../api/live'
import type { IncidentRow, UnitRow } from '../api/types'
import { arrange } from '../rooms/incident/arrange'
import { byUrgency } from '../rooms/queue/use-queue'
import { timersOf } from '../rooms/queue/timers'
import { groupUnits, sameGroups } from '../rooms/unit/group'

// What the desk works out at each change, at the size of a bad day: 300 incidents, 500 units, 200 changes a second.
const now = Date.UTC(2030, 4, 1, 12)
const iso = (s: number) => new Date(now - s * 1000).toISOString()

const incident = (n: number, assignments: object[] = []): IncidentRow => ({
  id: `i${n}`, number: n, seq: n, priority: `P${1 + (n % 4)}`, received: iso(n * 7), queue: 'active', phase: 'in_work', assignments,
  deadlines: [{ kind: 'arrive', unit: `u${n}`, due: iso(n), passed: true }, { kind: 'feedback', due: iso(-n * 10), passed: false }],
}) as unknown as IncidentRow

const unit = (n: number, more: object = {}): UnitRow => ({
  id: `u${n}`, call_sign: String(100 + n), seq: n, kind: `k${n % 7}`, station: `st${n % 12}`, state: 'assigned', stage: 'on_scene', flags: {}, dispatchable: true, since: iso(60), silent_at: iso(n), incident: `i${n}`,
  position: { lon: 118, lat: 31, at: iso(5), age_s: 5, state: 'trusted' }, ...more,
}) as unknown as UnitRow

const list = <R>(items: R[]) => ({ as_of: 0, items })
const numbers = (n: number) => Array.from({ length: n }, (_, k) => k)
const board = () => fromLists(list(numbers(300).map((n) => incident(n))), list(numbers(500).map((n) => unit(n))), list([]), list([]), list([]))

/** A busy machine is slower by as much; what grows with the square of the rows is slower by far more. */
const slack = 8

/** The shortest of several runs, milliseconds: a busy machine makes runs longer and none shorter. */
function least(runs: number, work: () => void): number {
  let best = Infinity
  for (let n = 0; n < runs; n++) {
    const from = performance.now()
    work()
    best = Math.min(best, performance.now() - from)
  }
  return best
}

describe('at 300 incidents and 500 units', () => {
  test('a frame of the stream is folded and the queue sorted within a hundredth of its time', () => {
    let b = board()
    let seq = 0
    const frame = () => {
      // 25 frames a second carry 200 changes: eight in each.
      const rows = numbers(8).map((n) => ({ ...incident((seq * 8 + n) % 300), seq: 1000 + seq }))
      const next = fold(b, { seq: ++seq, prev: seq - 1, incidents: { upsert: rows } })
      if (next === 'gap') throw new Error('gap')
      b = next
      const shown = [...b.incidents.values()].sort(byUrgency)
      timersOf(b.incidents.values(), b.units, now)
      expect(shown).toHaveLength(300)
    }
    frame()
    expect(least(40, frame)).toBeLessThan(4 * slack)
  })

  test('positions of everybody sort nothing and stay cheap', () => {
    const b = board()
    const moved = { at: iso(0), items: numbers(500).map((n) => ({ unit: `u${n}`, lon: 118.1, lat: 31.1, at: iso(0), age_s: 0, state: 'trusted' as const })) }
    const next = foldPositions(b, moved)
    expect(next.units.get('u7')?.position?.lon).toBe(118.1)
    expect(sameGroups(b.units, next.units, 'station')).toBe(true)
    expect(least(20, () => { foldPositions(b, moved) })).toBeLessThan(10 * slack)
    expect(least(20, () => { sameGroups(b.units, next.units, 'station') })).toBeLessThan(2 * slack)
    expect(least(20, () => { groupUnits(b.units.values(), 'station') })).toBeLessThan(20 * slack)
  })
})

test('one incident with 500 units is looked through in one pass', () => {
  const units = new Map(numbers(500).map((n) => [`u${n}`, unit(n, { incident: 'i1' })]))
  const sent = numbers(500).map((n) => ({ id: `a${n}`, unit: `u${n}`, call_sign: String(n), stage: 'on_scene', primary: true }))
  const big = incident(1, sent)
  expect(timersOf([big], units, now).filter((t) => t.kind === 'word')).toHaveLength(500)
  expect(least(20, () => { timersOf([big], units, now) })).toBeLessThan(20 * slack)
  const items = numbers(500).map((n) => ({ unit: `u${n}`, pick: n < 400, slot: 'near' }))
  const groups = arrange({ need: [{ what: 'near', count: 400, filled: 400 }], items } as unknown as Parameters<typeof arrange>[0])
  expect(groups.map((g) => g.items.length)).toEqual([400, 100])
})
