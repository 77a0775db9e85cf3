import { describe, expect, test } from 'vitest'
import type { TimelineItem } from '../../api/types'
import { bar, lateBy } from './intervals'
import { chosenItems, commandBefore, type Filter } from './story'
import { sizeText } from './files'

const item = (seq: number, type: string, actor: string, text = '', params: unknown = {}): TimelineItem =>
  ({ seq, at: `2030-05-01T14:0${seq}:00Z`, happened: `2030-05-01T14:0${seq}:00Z`, happened_from: 'clock', actor, type, params, text }) as TimelineItem

const items = [
  item(1, 'incident.opened', 'k02', '两男子互殴'),
  item(2, 'assignment.dispatched', 'seat-21'),
  item(3, 'incident.deadline_passed', 'deadlines'),
  item(4, 'assignment.stage_changed', 'crew-101'),
  item(5, 'incident.file_added', 'seat-21'),
  item(6, 'incident.handed_over', 'seat-21', '', { from: 'k02', to: 'seat-21' }),
]
const left = (filter: Filter, searched = '', me = 'seat-21') => chosenItems(items, filter, me, searched, (i) => `${i.type} ${i.text}`).map((i) => i.seq)

describe('the timeline', () => {
  test('shows what a person looks for', () => {
    expect(left('all')).toEqual([1, 2, 3, 4, 5, 6])
    expect(left('people')).toEqual([1, 2, 5, 6])
    expect(left('units')).toEqual([2, 4])
    expect(left('system')).toEqual([3])
    expect(left('mine')).toEqual([2, 5, 6])
    expect(left('files')).toEqual([5])
  })
  test('every word that is searched must stand in what is read', () => {
    expect(left('all', '互殴 opened')).toEqual([1])
    expect(left('mine', '互殴')).toEqual([])
  })
  test('says who commanded before', () => {
    expect(commandBefore(items)).toEqual([{ actor: 'k02', until: '2030-05-01T14:06:00Z' }])
  })
})

describe('the stretches of an assignment', () => {
  const from = '2030-05-01T14:00:00Z'
  test('are measured against the limit of the day', () => {
    expect(bar({ kind: 'sign', from, to: '2030-05-01T14:00:20Z', limit_s: 30 }, 0)).toEqual({ seconds: 20, part: 2 / 3, late: false, running: false })
    expect(bar({ kind: 'arrive', from, limit_s: 300 }, Date.parse('2030-05-01T14:10:00Z'))).toEqual({ seconds: 600, part: 1, late: true, running: true })
    expect(bar({ kind: 'handle', from }, Date.parse('2030-05-01T14:10:00Z')).part).toBeUndefined()
  })
  test('what ended before it was reached is not late', () => {
    expect(bar({ kind: 'arrive', from, to: '2030-05-01T14:20:00Z', limit_s: 300, ended: true }, 0).late).toBe(false)
  })
  test('the worst stretch of several is found', () => {
    expect(lateBy([{ kind: 'sign', from, to: '2030-05-01T14:01:00Z', limit_s: 30 }], 0)).toBe(true)
    expect(lateBy([], 0)).toBe(false)
  })
})

test('sizes are said as people read them', () => {
  expect([734, 12_400, 3_400_000].map(sizeText)).toEqual(['734 B', '12 KB', '3.4 MB'])
})
