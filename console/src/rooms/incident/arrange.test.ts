import { expect, test } from 'vitest'
import type { Candidate, Need } from '../../api/advice'
import { arrange, byDigit } from './arrange'

const unit = (id: string, slot: string, pick = true, more: Partial<Candidate> = {}): Candidate =>
  ({ unit: id, call_sign: id, kind: 'car', slot, pick, position_age_s: 1, position_state: 'trusted', reasons: [], ...more })
const need = (what: string, count: number, more: Partial<Need> = {}): Need => ({ what, count, filled: count, ...more })
const shown = (rec: { need: Need[]; items: Candidate[] }) => arrange(rec).map((g) => `${g.need?.what ?? '-'}: ${g.items.map((i) => i.unit).join(' ')}`)

test('each need stands with those who fill it, whatever the order in which they came', () => {
  const rec = { need: [need('near:armed', 2), need('own', 1)], items: [unit('212', 'own'), unit('101', 'near:armed'), unit('300', '', false), unit('104', 'near:armed')] }
  expect(shown(rec)).toEqual(['near:armed: 101 104', 'own: 212', '-: 300'])
  expect(byDigit(rec).map((i) => i.unit)).toEqual(['101', '104', '212', '300'])
})

test('a need that nobody fills is shown empty', () => {
  expect(shown({ need: [need('swat', 1, { filled: 0 })], items: [] })).toEqual(['swat: '])
})

test('the same need twice, once staying back, is told apart', () => {
  const rec = { need: [need('near', 1), need('near', 1, { hold: true })], items: [unit('1', 'near', true, { hold: true }), unit('2', 'near')] }
  expect(shown(rec)).toEqual(['near: 2', 'near: 1'])
})

test('nobody who was picked is lost, even for a need that is not listed', () => {
  expect(shown({ need: [], items: [unit('9', 'a', false), unit('7', 'unheard_of')] })).toEqual(['-: 7 9'])
})

test('only nine have a digit', () => {
  expect(byDigit({ need: [], items: Array.from({ length: 12 }, (_, n) => unit(String(n), '', false)) })).toHaveLength(9)
})
