import { describe, expect, test } from 'vitest'
import { emptyBoard } from '../../api/live'
import type { IncidentRow, UnitRow } from '../../api/types'
import { atLocal, check, stepsOf, type CardForm } from './entry'
import { packOf } from './pack'
import { left, take } from './runs'

describe('the pack', () => {
  test('holds what is open, the urgent first, and who is on duty', () => {
    const inc = (number: number, priority: string, phase = 'in_work', queue = 'active') => ({ id: `i${number}`, number, priority, phase, queue }) as IncidentRow
    const unit = (id: string, state: string) => ({ id, call_sign: id, state, station: 'st1' }) as UnitRow
    const board = {
      ...emptyBoard, asOf: 9,
      incidents: new Map([inc(1, 'P3'), inc(2, 'P1'), inc(3, 'P1', 'classified', 'to_dispatch'), inc(4, 'P1', 'closed')].map((i) => [i.id, i])),
      units: new Map([unit('102', 'available'), unit('21', 'assigned'), unit('9', 'off_duty')].map((u) => [u.id, u])),
    }
    const pack = packOf(board, undefined, 'Asia/Shanghai', 0)
    expect(pack.incidents.map((i) => i.number)).toEqual([3, 2, 1])
    expect(pack.units.map((u) => u.id)).toEqual(['21', '102'])
    expect(pack.as_of).toBe(9)
  })
})

describe('numbers of paper cards', () => {
  test('are drawn once, the lowest first, and run out honestly', () => {
    let runs = [{ next: 39, last: 40 }, { next: 81, last: 120 }]
    const first = take(runs, 3)
    expect(first.numbers).toEqual([39, 40, 81])
    runs = first.rest
    expect(left(runs)).toBe(39)
    expect(take(runs, 100).numbers).toHaveLength(39)
    expect(take([], 4)).toEqual({ numbers: [], rest: [] })
  })
})

describe('a card that is entered', () => {
  const now = Date.parse('2030-05-01T07:30:00Z') // 15:30 in Shanghai
  const local = '2030-05-01 15:30:00'
  const at = (hhmm: string) => atLocal(hhmm, now, local)
  const form: CardForm = { card: '39', time: '14:20', place: '汀兰路 12 号', what: '两人持刀', units: [{ unit: '101', sent: '14:22', arrived: '14:29', cleared: '15:02' }, { unit: '102', sent: '14:25', arrived: '', cleared: '' }], note: '已移交' }

  test('a time of day is the last one that has been', () => {
    expect(new Date(at('14:20')).toISOString()).toBe('2030-05-01T06:20:00.000Z')
    expect(new Date(at('23:50')).toISOString()).toBe('2030-04-30T15:50:00.000Z')
    expect(Number.isNaN(at('25:00'))).toBe(true)
  })
  test('its steps are in the order in which they happened, each with its true time', () => {
    const steps = stepsOf(form, now, local)
    expect(steps.map((s) => `${s.path} ${s.at.slice(11, 16)}`)).toEqual([
      '/incidents 06:20', '/incidents/{incident}/dispatch 06:22', '/incidents/{incident}/dispatch 06:25', '/units/101/status 06:29', '/units/101/status 07:02', '/incidents/{incident}/note 07:02',
    ])
    expect(steps[0]?.body).toMatchObject({ card: '39', narrative: '两人持刀', place: { address: '汀兰路 12 号' }, happened: '2030-05-01T06:20:00.000Z' })
    expect(steps[3]?.body).toEqual({ to: 'on_scene' })
  })
  test('what is missing or out of order is said before anything is sent', () => {
    expect(check(form, now, local)).toBeUndefined()
    expect(check({ ...form, card: '' }, now, local)?.key).toBe('story.entry_need')
    expect(check({ ...form, what: ' ' }, now, local)?.key).toBe('story.entry_need')
    expect(check({ ...form, units: [{ unit: '101', sent: '14:22', arrived: '14:21', cleared: '' }] }, now, local)).toEqual({ key: 'story.entry_order', params: { unit: '101' } })
    expect(check({ ...form, units: [{ unit: '101', sent: '', arrived: '14:21', cleared: '' }] }, now, local)?.key).toBe('story.entry_order')
  })
})
