import type { Finding } from '../../api/types'
import type { Key } from '../../i18n/i18n'

/** What a report needs of the catalogues and the centre's lists: sentences, and names of what the findings name by id. */
export type Words = {
  t: (key: Key, params?: Record<string, unknown>) => string
  word: (prefix: string, id: string | undefined) => string
  term: (kind: 'type' | 'tag' | 'partner' | 'result' | 'org' | 'seat' | 'unit', id: string) => string
  actor: (id: string | undefined) => string
  time: (at: string | undefined) => string
}

/** One sentence of a report with the records that it rests on. */
export type Sentence = { text: string; facts: readonly number[] }

/** The sentences of the findings, in their order. A finding that this console has no words for is left out, never guessed. */
export function sentences(w: Words, findings: readonly Finding[]): Sentence[] {
  const out: Sentence[] = []
  for (const f of findings) {
    const say = says[f.id]
    const text = say ? say(w, (key) => f.params[key]?.[0] ?? '', (key) => f.params[key] ?? []) : ''
    if (text.trim() !== '') out.push({ text, facts: f.facts ?? [] })
  }
  return out
}

type One = (key: string) => string
type All = (key: string) => readonly string[]

const and = (w: Words, items: readonly string[]): string => items.join(w.t('cmdr.say.and'))
/** Told words end without their own full stop, because the sentence has one. */
const told = (text: string): string => text.trim().replace(/[。.！!]+$/, '')

const says: Readonly<Record<string, (w: Words, one: One, all: All) => string>> = {
  received: (w, one) =>
    w.t('cmdr.say.received', { at: w.time(one('at')), source: w.word('cmdr.say.source.', one('source')), number: one('number') }) +
    (one('place') ? w.t('cmdr.say.received_place', { place: told(one('place')) }) : '') +
    (one('told') ? w.t('cmdr.say.received_told', { told: told(one('told')) }) : ''),
  graded: (w, one, all) => {
    const level = one('level')
    const grade = [one('type') && w.term('type', one('type')), one('priority'), level && w.t('cmdr.say.level', { level: roman(level) })].filter(Boolean)
    const tags = all('tags').map((id) => w.term('tag', id))
    return (grade.length > 0 ? w.t('cmdr.say.graded', { grade: and(w, grade) }) : '') + (tags.length > 0 ? w.t('cmdr.say.graded_tags', { tags: and(w, tags) }) : '')
  },
  sent: (w, one, all) => w.t('cmdr.say.sent', { at: w.time(one('at')), units: and(w, all('units')), count: all('units').length }),
  arrived: (w, one, all) =>
    !one('at') ? w.t('cmdr.say.arrived_since', { units: and(w, all('units')) }) : w.t(one('minutes') ? 'cmdr.say.arrived_minutes' : 'cmdr.say.arrived', { at: w.time(one('at')), first: all('units')[0] ?? '', minutes: one('minutes') }) +
    (all('units').length > 1 ? w.t('cmdr.say.arrived_all', { units: and(w, all('units')) }) : ''),
  partner: (w, one) => w.t('cmdr.say.partner', { at: w.time(one('at')), partner: w.term('partner', one('partner')) }),
  order: (w, one, all) => {
    const to = [...all('to_unit').map((id) => w.term('unit', id)), ...all('to_org').map((id) => w.term('org', id)), ...all('to_seat').map((id) => w.term('seat', id))]
    return w.t('cmdr.say.order', { at: w.time(one('at')), number: one('number'), to: and(w, to), told: told(one('told')) })
  },
  feedback: (w, one) =>
    (one('told') ? w.t('cmdr.say.feedback', { at: w.time(one('at')), told: told(one('told')) }) : '') +
    (one('result') ? w.t('cmdr.say.feedback_result', { result: w.term('result', one('result')) }) : ''),
  taken: (w, one) => w.t('cmdr.say.taken', { officers: one('officers'), people: one('people') }),
  commander: (w, one) => w.t('cmdr.say.commander', { at: w.time(one('at')), commander: w.actor(one('commander')) }),
  filed: (w, one) => w.t('cmdr.say.filed', { at: w.time(one('at')), kind: w.word('cmdr.report.', one('kind')) }),
  working: (w, _, all) => {
    const there = all('on_scene')
    return w.t(there.length > 0 ? 'cmdr.say.working_scene' : 'cmdr.say.working_way', { units: and(w, there.length > 0 ? there : all('working')) })
  },
  idle: (w) => w.t('cmdr.say.idle'),
  ended: (w, one) =>
    one('result')
      ? w.t('cmdr.say.ended', { at: w.time(one('at')), result: w.term('result', one('result')) })
      : w.t('cmdr.say.ended_phase', { at: w.time(one('at')), phase: w.word('cmdr.say.phase.', one('phase') || 'closed') }),
}

/** Event levels are written in Roman figures of one sign. */
export const roman = (level: string): string => ({ I: 'Ⅰ', II: 'Ⅱ', III: 'Ⅲ', IV: 'Ⅳ' })[level] ?? level

/** The whole page: title, to whom, sentences, closing and signature. It is a draft: a person edits and files it. */
export function page(w: Words, kind: string, to: string, made: readonly Sentence[], findings: readonly Finding[], centre: string, now: string): string {
  const of = (id: string, key: string) => findings.find((f) => f.id === id)?.params[key]?.[0] ?? ''
  const type = of('graded', 'type')
  const title = w.t('cmdr.say.title', { kind: w.word('cmdr.report.', kind), place: told(of('received', 'place')), type: type ? w.term('type', type) : w.t('cmdr.say.incident') })
  const body = made.map((s) => s.text).join('').trim()
  const closing = w.word('cmdr.say.end.', kind)
  return [title, w.t('cmdr.say.to', { to }), body, closing, w.t('cmdr.say.sign', { centre, at: now })].filter(Boolean).join('\n\n')
}
