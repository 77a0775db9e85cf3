import { createStore, useStore } from '../lib/store'
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

/** The words for a key in a language. */
export const text = (lang: Language, key: Key, params: Params = {}): string => fill((lang === 'zh' ? zh : en)[key], params)

/** Whether the catalogues hold words for a key that was put together at run time. */
export const isKey = (key: string): key is Key => Object.hasOwn(zh, key)

/** Words for what the server names by a code; its own English text where we have none, the bare code at worst. */
export function reasonText(lang: Language, r: Reason | undefined): string {
  if (!r?.code) return r?.text ?? ''
  const catalogue: Record<string, string> = lang === 'zh' ? codesZh : codesEn
  const held = Object.hasOwn(catalogue, r.code) ? catalogue[r.code] : undefined
  if (held !== undefined && complete(held, r.params ?? {})) return fill(held, named(lang, r.params ?? {}))
  return r.text ?? r.code.replaceAll(/[._]/g, ' ')
}

// A sentence with a hole in it is worse than the server's own.
const complete = (template: string, params: Params): boolean =>
  [...template.matchAll(/\{(\w+)\}/g)].every((m) => params[m[1] ?? ''] !== undefined)

// Words that the server sends as ids: stages, states and verbs have their names here.
function named(lang: Language, params: Params): Params {
  const out: Params = {}
  for (const [name, value] of Object.entries(params)) {
    const candidates = [`unit.stage.${value}`, `unit.state.${value}`, `inc.phase.${value}`, `verb.${value}`]
    const key = typeof value === 'string' ? candidates.find(isKey) : undefined
    out[name] = key && isKey(key) ? text(lang, key) : value
  }
  return out
}

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
    word: (prefix: string, id: string | undefined) => {
      const key = `${prefix}${id ?? ''}`
      return isKey(key) ? text(lang, key) : (id ?? '')
    },
    name: (names: Names | string | undefined, fallback?: string) => nameIn(lang, names, fallback),
    reason: (r: Reason | undefined) => reasonText(lang, r),
    problem: (p: Problem) => problemText(lang, p),
  }
}
