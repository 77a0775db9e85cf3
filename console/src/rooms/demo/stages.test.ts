import { describe, expect, test } from 'vitest'
import type { Assignment } from '../../api/types'
import { paceOf, stageOf, stepOf, targetsOf, type Seen, type Stage } from './stages'

const crew = (stage: string, recalled = false) => ({ stage, recalled }) as Assignment
const row = (phase: string, assignments: Assignment[] = [], there = false): Seen['row'] => ({ phase, assignments, ...(there ? { first_on_scene_at: '2030-06-07T00:00:00Z' } : {}) })

describe('the stage of the tour follows from what the room shows', () => {
  test.each<[string, Partial<Seen>, Stage]>([
    ['at first', {}, 'look'],
    ['when the first card was read', { looked: true }, 'ring'],
    ['while a telephone rings', { looked: true, ringing: true }, 'rings'],
    ['when the form was opened at once', { form: true }, 'place'],
    ['in the field of the type', { looked: true, form: true, field: 'call-type' }, 'type'],
    ['in the field of the words', { looked: true, form: true, field: 'call-narrative' }, 'words'],
    ['taken, not graded', { row: row('received') }, 'send'],
    ['graded', { row: row('classified') }, 'send'],
    ['sent', { row: row('in_work', [crew('dispatched')]) }, 'drive'],
    ['called off again', { row: row('in_work', [crew('en_route', true)]) }, 'send'],
    ['one there, one on its way', { row: row('in_work', [crew('on_scene'), crew('en_route')], true) }, 'work'],
    ['reported', { row: row('reported_back', [crew('on_scene')], true) }, 'review'],
    ['reviewed while somebody is there', { row: row('reviewed', [crew('cleared'), crew('on_scene')], true) }, 'leaving'],
    ['reviewed', { row: row('reviewed', [crew('cleared')], true) }, 'close'],
    ['closed', { row: row('closed', [], true) }, 'done'],
    ['merged', { row: row('merged') }, 'ended'],
  ])('%s', (_, seen, stage) => {
    expect(stageOf({ looked: false, ringing: false, form: false, field: '', row: undefined, ...seen })).toBe(stage)
  })

  test('six steps, none left out, and time is hurried only while the visitor waits', () => {
    expect([...new Set(Object.values(stepOf))].sort()).toEqual([1, 2, 3, 4, 5, 6])
    const hurried = Object.entries(paceOf).filter(([, pace]) => (pace ?? 1) > 1).map(([stage]) => stage)
    expect(hurried).toEqual(['drive', 'work', 'leaving'])
    for (const lists of Object.values(targetsOf)) expect(lists.length).toBeGreaterThan(0)
  })
})
