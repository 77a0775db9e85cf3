import { expect, test } from 'vitest'
import type { Config } from '../../api/types'
import { text, type Language } from '../../i18n/i18n'
import { answerOf } from './alert-reason'

const questions = [
  { id: 'weapon', ask: { zh: '手里有什么？', en: 'What does he hold?' }, kind: 'choice', options: [{ id: 'gun', name: { zh: '枪', en: 'A gun' } }] },
  { id: 'injured', ask: { zh: '有几个人受伤？', en: 'How many are hurt?' }, kind: 'number', options: [{ id: 'several', from: 3 }] },
  { id: 'minors', ask: { zh: '有没有未成年人？', en: 'Are there children?' }, kind: 'yes', options: [{ id: 'yes' }] },
]
const types = [{ id: 'noise' }, { id: 'knife', questions }] as unknown as Config['types']
const said = (why: string, lang: Language = 'zh') => answerOf(why, types, (key, params) => text(lang, key, params), (words, id) => words?.[lang] ?? id ?? '')

test('an alert that an answer raised says the question and the answer, of a number from which one on', () => {
  expect(said('answer.weapon.gun')).toBe('据报警人：手里有什么？枪')
  expect(said('answer.injured.several')).toBe('据报警人：有几个人受伤？3 或更多')
  expect(said('answer.minors.yes')).toBe('据报警人：有没有未成年人？是')
  expect(said('answer.injured.several', 'en')).toBe('The caller says: How many are hurt? 3 or more')
})

test('other reasons, and questions that nobody asks any more, say nothing by themselves', () => {
  expect(['tag', 'level', 'answer.weather.rain', 'answer.weapon', ''].map((why) => said(why))).toEqual([undefined, undefined, undefined, undefined, undefined])
  expect(said('answer.weapon.sword')).toBe('据报警人：手里有什么？sword')
})
