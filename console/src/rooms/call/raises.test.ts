import { expect, test } from 'vitest'
import type { Question } from '../../api/types'
import { bodyOf, emptyDraft } from './draft'
import { pending, raisedBy } from './raises'

const weapon: Question = { id: 'weapon', ask: { zh: '手里有什么' }, kind: 'choice', options: [{ id: 'none' }, { id: 'knife', raises: { priority: 'P1', tags: ['knife'] } }] }
const hurt: Question = { id: 'hurt', ask: { zh: '几人受伤' }, kind: 'number', options: [{ id: 'some', from: 1, raises: { priority: 'P2' } }, { id: 'many', from: 3, raises: { priority: 'P1', tags: ['many'] } }] }
const inside: Question = { id: 'inside', ask: { zh: '还在屋里' }, kind: 'yes', options: [{ id: 'yes', raises: { type: 'burglary' } }] }

test('what an answer raises follows its option, a number the last one that holds', () => {
  expect(raisedBy(weapon, 'none')).toBeUndefined()
  expect(raisedBy(weapon, '')).toBeUndefined()
  expect(raisedBy(hurt, '')).toBeUndefined()
  expect(raisedBy(hurt, '0')).toBeUndefined()
  expect(raisedBy(hurt, '2')).toEqual({ priority: 'P2' })
  expect(raisedBy(hurt, '12')).toEqual({ priority: 'P1', tags: ['many'] })
  expect(raisedBy(inside, 'yes')).toEqual({ type: 'burglary' })
})

test('only what the form does not say yet is offered, and nothing is ever lowered', () => {
  const draft = { ...emptyDraft(), priority: 'P3' }
  const asked = [weapon, hurt, inside]
  expect(pending(draft, asked)).toBeUndefined()
  expect(pending({ ...draft, answers: { hurt: '1' } }, asked)).toEqual({ priority: 'P2', tags: [] })
  expect(pending({ ...draft, priority: 'P1', answers: { hurt: '1' } }, asked)).toBeUndefined()
  expect(pending({ ...draft, answers: { hurt: '1', weapon: 'knife' } }, asked)).toEqual({ priority: 'P1', tags: ['knife'] })
  expect(pending({ ...draft, priority: 'P1', tags: ['knife'], answers: { weapon: 'knife' } }, asked)).toBeUndefined()
  expect(pending({ ...draft, type: 'burglary_past', answers: { inside: 'yes' } }, asked)).toEqual({ type: 'burglary', tags: [] })
})

test('answers and the appointment go along, and are left out when there are none', () => {
  const empty = bodyOf(emptyDraft(), undefined, undefined)
  expect('answers' in empty || 'scheduled' in empty).toBe(false)
  const body = bodyOf({ ...emptyDraft(), answers: { weapon: 'knife' }, scheduledText: '5-1 14:00', scheduled: '2030-05-01T06:00:00.000Z' }, undefined, undefined)
  expect(body['answers']).toEqual([{ question: 'weapon', value: 'knife' }])
  expect(body['scheduled']).toBe('2030-05-01T06:00:00.000Z')
  expect('narrative' in body).toBe(false)
})

test('a time that was not understood is not lost: it is told, and somebody is sent now', () => {
  const body = bodyOf({ ...emptyDraft(), narrative: '钱包丢了', scheduledText: '周五下午' }, undefined, undefined)
  expect(body['narrative']).toBe('钱包丢了 周五下午')
  expect('scheduled' in body).toBe(false)
})
