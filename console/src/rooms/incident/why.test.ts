import { expect, test } from 'vitest'
import type { Candidate } from '../../api/advice'
import { chipsOf, otherReasons } from './why'

const unit = (more: Partial<Candidate>): Candidate => ({ unit: '1', call_sign: '1', kind: 'car', pick: true, position_age_s: 1, position_state: 'trusted', reasons: [], ...more })
const codes = (more: Partial<Candidate>) => chipsOf(unit(more)).map((c) => `${c.code} ${c.tone}`)

test('a free unit whose leaving costs nothing has nothing to explain', () => {
  expect(codes({ state: 'free', cover: { loss_s: 0.04, loss_calls: 0 }, workload: { jobs_today: 0, busy_s: 0 } })).toEqual([])
})

test('an area that would stand empty is said before the seconds, and louder', () => {
  expect(codes({ cover: { loss_s: 4.23, loss_calls: 1, voids: [{ area: 'st1', class: 'patrol' }] } })).toEqual(['void danger', 'cover plain'])
  expect(chipsOf(unit({ cover: { loss_s: 4.23, loss_calls: 1 } }))[0]?.params).toEqual({ s: 4.2 })
})

test('who is not free yet, or is at work, is marked', () => {
  expect(codes({ state: 'soon', soon_s: 90 })).toEqual(['soon caution'])
  expect(codes({ state: 'redeployable' })).toEqual(['redeployable caution'])
})

test('no reason is said twice', () => {
  expect(otherReasons([{ code: 'street_time' }, { code: 'cover_cost' }, { code: 'responsible_station' }]).map((r) => r.code)).toEqual(['responsible_station'])
})
