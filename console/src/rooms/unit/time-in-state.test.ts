import { expect, test } from 'vitest'
import type { UnitRow } from '../../api/types'
import { timeInState } from './time-in-state'

const at = (s: number) => new Date(Date.UTC(2030, 4, 1, 12, 0, s)).toISOString()
const now = Date.parse(at(0))
const said = (more: object) => {
  const t = timeInState({ flags: {}, since: at(-300), ...more } as unknown as UnitRow, now, 1800)
  return [t.key, t.time, t.tone].join(' ').trim()
}
const sent = (stage: string, s: number, more: object = {}) => said({ state: 'assigned', stage, stage_since: at(-s), ...more })

test('each state says what its time means', () => {
  expect(said({ state: 'available' })).toBe('free 5min')
  expect(sent('dispatched', 64)).toBe('sign 1:04 soon')
  expect(sent('acknowledged', 30)).toBe('acknowledged 30s')
  expect(sent('en_route', 30, { eta_at: at(80) })).toBe('eta 1:20')
  expect(sent('en_route', 300, { eta_at: at(-120) })).toBe('over_eta 2min soon')
  expect(sent('on_scene', 480)).toBe('there 8min')
  expect(said({ state: 'unavailable' })).toBe('5min')
})

test('on scene it is amber after what is usual, and red when nobody has heard from it', () => {
  expect(sent('on_scene', 1900)).toBe('there 31min soon')
  expect(sent('on_scene', 1900, { heard: at(-1000), silent_at: at(-100) })).toBe('silent 16min late')
  expect(sent('on_scene', 1900, { heard: at(-10), silent_at: at(890) })).toBe('there 31min soon')
})

test('danger says its own time before all else', () => {
  expect(sent('on_scene', 1900, { flags: { duress: { since: at(-22) } }, silent_at: at(-100) })).toBe('duress 0:22 late')
})
