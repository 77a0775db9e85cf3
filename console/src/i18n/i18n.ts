import { personOf } from '../lib/actor'
import { createStore, useStore } from '../lib/store'
import { clockTime, duration } from '../lib/time'
import type { Names, Params, Problem, Reason } from '../api/types'
import { codesEn, codesZh } from './codes'
import { en } from './en'
import { zh, type Key } from './zh'

export type Language = 'zh' | 'en'
export type { Key } from './zh'

const remembered = typeof localStorage === 'undefined' ? null : localStorage.getItem('shuniu.language')

/** The language of the glass. Chinese unless the person chose otherwise on this seat. */
export const language = createStore<Language>(remembered === 'en' ? 'en' : 'zh')

/** Switches at once, everywhere, and remembers. */
export function setLanguage(next: Language): void {
  language.set(next)
  localStorage.setItem('shuniu.language', next)
}

const fill = (text: string, params: Params): string =>
  text.replaceAll(/\{(\w+)\}/g, (_, name: string) => show(params[name]))

const show = (value: unknown): string =>
  Array.isArray(value) ? value.map(show).join(' ') : value === undefined || value === null ? '' : typeof value === 'object' ? '' : String(value)

if (typeof window !== 'undefined') window.addEventListener('storage', (e) => { if (e.key === 'shuniu.language') language.set(e.newValue === 'en' ? 'en' : 'zh') }) // Another window of this seat.

/** The words for a key in a language. */
export const text = (lang: Language, key: Key, params: Params = {}): string => fill((lang === 'zh' ? zh : en)[key], params)

/** Whether the catalogues hold words for a key that was put together at run time. */
export const isKey = (key: string): key is Key => Object.hasOwn(zh, key)

/** Words for what the server names by a code; its own English text where we have none, the bare code at worst. */
export function reasonText(lang: Language, r: Reason | undefined): string {
  if (!r?.code) return r?.text ?? ''
  const catalogue: Record<string, string> = lang === 'zh' ? codesZh : codesEn
  const held = Object.hasOwn(catalogue, r.code) ? catalogue[r.code] : undefined
  if (held !== undefined && complete(held, r)) return fill(held, named(lang, r.params ?? {})).replaceAll(/ ?#0\b/g, '')
  return r.text ?? r.code.replaceAll(/[._]/g, ' ')
}

// A sentence with a hole in it is worse than the server's own, if the server sent one.
const complete = (template: string, r: Reason): boolean =>
  r.text === undefined || [...template.matchAll(/\{(\w+)\}/g)].every((m) => r.params?.[m[1] ?? ''] !== undefined)

/** Names that the centre's configuration gives to ids, by the parameter that carries them: "type:knife". */
export const terms = createStore<ReadonlyMap<string, Names | string>>(new Map())

// Which words of the catalogue a parameter's value may be.
const wordsOf: Readonly<Record<string, readonly string[]>> = {
  kind: ['inc.deadline.', 'form.kind.', 'draw.kind.'],
  stage: ['unit.stage.'],
  from: ['unit.stage.', 'unit.state.', 'inc.phase.'],
  to: ['unit.stage.', 'unit.state.'],
  phase: ['inc.phase.'],
  verb: ['verb.'],
  role: ['role.'],
  capability: ['cap.'],
}

/** The word for a need: "near:armed" is a slot or a kind of unit, then what it must be able to do. */
export function needText(lang: Language, what: string): string {
  const [slot = '', able] = what.split(':')
  const key = `rec.slot.${slot}`
  const word = isKey(key) ? text(lang, key) : nameIn(lang, terms.get().get(`need:${slot}`), slot)
  const cap = `cap.${able}`
  return able ? `${word}${lang === 'en' ? ' ' : ''}(${isKey(cap) ? text(lang, cap) : able})` : word
}

// Words that the server sends as ids: stages, states, verbs and who acted have their names here, types and partners in the
// centre's configuration. Times are the centre's.
function named(lang: Language, params: Params): Params {
  const out: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(params)) {
    const key = wordsOf[name]?.map((prefix) => `${prefix}${String(value)}`).find(isKey)
    const term = terms.get().get(`${name}:${String(value)}`)
    if (name === 'by') out[name] = actorText(lang, String(value))
    else if (name === 'as' || name === 'for') out[name] = needText(lang, String(value))
    else if (name === 'eta_s') out[name] = Number.isFinite(Number(value)) ? duration(Number(value)) : value
    else if (name === 'at') out[name] = clockTime(Date.parse(String(value)))
    else if (key && isKey(key)) out[name] = text(lang, key)
    else if (term !== undefined) out[name] = nameIn(lang, term)
    else out[name] = name === 'to' ? actorText(lang, String(value)) : value // Command goes to people, too.
  }
  return out
}

/** Who did it: people of a demonstration and the machinery by their names, others by the name they sign in with. */
export function actorText(lang: Language, actor: string | undefined): string {
  const id = personOf(actor ?? '')
  if (id.startsWith('seat-')) return text(lang, 'actor.seat', { seat: id.slice(5) })
  if (id.startsWith('crew-')) return text(lang, 'actor.crew', { unit: id.slice(5) })
  const key = [`actor.${id}`, `role.${id}`].find(isKey)
  return key && isKey(key) ? text(lang, key) : id
}

/** Whether the catalogues have a sentence of their own for a code, remedy included. */
export const knows = (code: string | undefined): boolean => code !== undefined && Object.hasOwn(codesZh, code)

/** One line for a problem: what is wrong, in the person's language, with the remedy. */
export function problemText(lang: Language, p: Problem): string {
  if (p.code !== undefined) {
    const own = `problem.${p.code}`
    if (isKey(own)) return text(lang, own)
    const catalogue: Record<string, string> = lang === 'zh' ? codesZh : codesEn
    if (Object.hasOwn(catalogue, p.code)) return reasonText(lang, { code: p.code, ...(p.params ? { params: p.params } : {}), ...(p.detail ? { text: p.detail } : {}) })
  }
  const key = `problem.${p.kind}`
  const detail = p.detail ?? p.errors?.[0]?.message ?? p.title ?? String(p.status)
  return isKey(key) ? text(lang, key, { detail }) : detail
}

/** The name of a thing that the configuration names in two languages. */
export const nameIn = (lang: Language, names: Names | string | undefined, fallback = ''): string =>
  typeof names === 'string' ? names : names ? names[lang] || names.zh || names.en || fallback : fallback

/** What components use: words in the chosen language. */
export function useText() {
  const lang = useStore(language)
  return {
    lang,
    t: (key: Key, params?: Params) => text(lang, key, params),
    /** Words for an id of an open set ("unit.state." + id), the id itself where there are none. */
    word: (prefix: string, id: string | undefined, params?: Params) => {
      const key = `${prefix}${id ?? ''}`
      return isKey(key) ? text(lang, key, params) : (id ?? '')
    },
    name: (names: Names | string | undefined, fallback?: string) => nameIn(lang, names, fallback),
    reason: (r: Reason | undefined) => reasonText(lang, r),
    actor: (id: string | undefined) => actorText(lang, id),
    problem: (p: Problem) => problemText(lang, p),
  }
}
