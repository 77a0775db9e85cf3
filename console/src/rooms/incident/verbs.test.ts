import { expect, test } from 'vitest'
import type { IncidentRow } from '../../api/types'
import { zone } from '../../lib/time'
import { bodyOf, isUpFront, missing, optionsFor, pathOf, verbs } from './verbs'

const seats = (...states: ('asked' | 'taken' | 'done')[]): IncidentRow =>
  ({ seats: states.map((state, n) => ({ seat: `6${n + 1}`, state, since: '2030-05-01T10:00:00Z' })) }) as IncidentRow

test('no two verbs share a key, and none takes the letter of the wave, the scene or the nearby', () => {
  const keys = Object.values(verbs).map((v) => v.key)
  expect(new Set(keys).size).toBe(keys.length)
  for (const taken of ['E', 'D', 'G']) expect(keys).not.toContain(taken)
})

test('the verbs of a seat have addresses of their own', () => {
  expect(['seat_takes', 'seat_done', 'ask_seat', 'schedule', 'follow_up'].map(pathOf)).toEqual(['seat-takes', 'seat-done', 'ask-seat', 'schedule', 'follow_up'])
})

test('a seat that owes something has its buttons up front, one that has done it has not', () => {
  expect(['seat_takes', 'seat_done'].map((v) => isUpFront(v, seats('asked')))).toEqual([true, true])
  expect(['seat_takes', 'seat_done'].map((v) => isUpFront(v, seats('taken')))).toEqual([false, true])
  expect(['seat_takes', 'seat_done'].map((v) => isUpFront(v, seats('done')))).toEqual([false, false])
})

test('only a seat that was asked takes it, and only one that owes it ends it', () => {
  const row = seats('asked', 'taken', 'done')
  expect(optionsFor('tasks', 'seat_takes', undefined, row).map((o) => o.id)).toEqual(['61'])
  expect(optionsFor('tasks', 'seat_done', undefined, row).map((o) => o.id)).toEqual(['61', '62'])
})

test('answers go as a list without the empty ones; an appointment as a moment, and left empty it takes it back', () => {
  expect(bodyOf('answers', { answers: { weapon: 'knife', hurt: ' ' } })).toEqual({ answers: [{ question: 'weapon', value: 'knife' }] })
  expect(missing('answers', { answers: { hurt: '' } })?.name).toBe('answers')
  zone.set('Asia/Shanghai') // The clock is the centre's, wherever the seat is.
  expect(bodyOf('schedule', { at: '2030-05-01T14:00' })).toEqual({ at: '2030-05-01T06:00:00.000Z' })
  expect(bodyOf('schedule', { at: '' })).toEqual({})
})
