import { expect, test } from 'vitest'
import type { Finding } from '../../api/types'
import { text, type Language } from '../../i18n/i18n'
import { page, sentences, type Words } from './report-text'

const names: Record<string, string> = { 'type:knife': '持刀伤人', 'tag:knife': '涉刀', 'org:st1': '汀兰派出所', 'unit:101': '101', 'result:resolved': '现场处置完毕' }
const words = (lang: Language): Words => ({
  t: (key, params) => text(lang, key, params),
  word: (prefix, id) => text(lang, `${prefix}${id ?? ''}` as never),
  term: (kind, id) => names[`${kind}:${id}`] ?? id,
  actor: (id) => id ?? '',
  time: (at) => (at ?? '').slice(11, 16),
})

const findings: Finding[] = [
  { id: 'received', params: { at: ['2026-03-02T04:00:00Z'], number: ['42'], source: ['phone'], place: ['汀兰路12号'], told: ['两名男子持刀。'] }, facts: [7, 9] },
  { id: 'graded', params: { type: ['knife'], priority: ['P1'], level: ['III'], tags: ['knife'] }, facts: [8] },
  { id: 'sent', params: { at: ['2026-03-02T04:01:00Z'], units: ['101', '211'] }, facts: [12, 13] },
  { id: 'arrived', params: { at: ['2026-03-02T04:06:00Z'], minutes: ['6'], units: ['101', '211'] }, facts: [20, 21] },
  { id: 'order', params: { at: ['2026-03-02T04:08:00Z'], number: ['3'], to_unit: ['101'], to_org: ['st1'], told: ['管控路口'] }, facts: [23] },
  { id: 'feedback', params: { at: ['2026-03-02T04:20:00Z'], kind: ['final'], result: ['resolved'], told: ['人已控制'] }, facts: [30] },
  { id: 'of tomorrow', params: {}, facts: [31] },
]

test('each sentence is made of its finding and names the records it rests on', () => {
  const made = sentences(words('zh'), findings)
  expect(made.map((s) => s.text)).toEqual([
    '04:00，我中心接群众电话报警，警情编号42号。地点：汀兰路12号。报称：两名男子持刀。',
    '该警情定为持刀伤人、P1、Ⅲ级事件。涉及要素：涉刀。',
    '04:01，我中心指令101、211共2个警组赶赴现场处置。',
    '04:06，101率先到达现场，距接警6分钟。已到场警力：101、211。',
    '04:08，下达3号指令，由101、汀兰派出所承办：管控路口。',
    '04:20，现场反馈：人已控制。处置结果：现场处置完毕。',
  ])
  expect(made.map((s) => s.facts)).toEqual([[7, 9], [8], [12, 13], [20, 21], [23], [30]])
})

test('a follow-up calls nobody the first of those who came after others', () => {
  const late: Finding[] = [{ id: 'arrived', params: { units: ['211', '212'] }, facts: [40, 41] }]
  expect(sentences(words('zh'), late).map((s) => s.text)).toEqual(['211、212随后到达现场。'])
  expect(sentences(words('en'), late).map((s) => s.text.trim())).toEqual(['211, 212 arrived since.'])
})

test('the page has a title, whom it goes to, and a closing by the kind of report', () => {
  const w = words('zh')
  const whole = page(w, 'first', '上级情报指挥中心', sentences(w, findings), findings, '澜湖分局', '12:00')
  expect(whole.split('\n\n')[0]).toBe('【首报】关于汀兰路12号持刀伤人的报告')
  expect(whole).toContain('上级情报指挥中心：')
  expect(whole).toContain('后续情况续报。')
  expect(page(w, 'final', 'x', [], findings, '', '')).toContain('特此报告。')
})

test('every finding has words in English, too, and no name of a parameter is left in them', () => {
  const made = sentences(words('en'), findings)
  expect(made).toHaveLength(6)
  for (const s of made) expect(s.text).not.toMatch(/[{}]/)
})
