import type { Place } from '../../api/types'
import { uuid7 } from '../../lib/uuid7'

/** The form as it stands. Every field may be empty: a call is never refused for a gap. */
export type Draft = {
  /** Name and key of the incident to be, from the first key press on. */
  id: string
  placeText: string
  place: Place | undefined
  type: string
  typeText: string
  priority: string
  tags: string[]
  narrative: string
  number: string
  name: string
  /** What was answered to the questions of its type, by question: the id of an option, a number, or words. */
  answers: Record<string, string>
  /** When somebody shall come (预约), as the field of the form has it: local time without zone; empty means now. */
  scheduled: string
}

const place = 'shuniu.draft'

export const emptyDraft = (): Draft => ({ id: uuid7(), placeText: '', place: undefined, type: '', typeText: '', priority: '', tags: [], narrative: '', number: '', name: '', answers: {}, scheduled: '' })

/** The draft that a reload must not lose. */
export function loadDraft(): Draft {
  try {
    const held = JSON.parse(sessionStorage.getItem(place) ?? 'null') as Draft | null
    return held ? { ...emptyDraft(), ...held } : emptyDraft()
  } catch {
    return emptyDraft()
  }
}

export const keepDraft = (d: Draft): void => sessionStorage.setItem(place, JSON.stringify(d))
export const forgetDraft = (): void => sessionStorage.removeItem(place)

/**
 * The request body: what was said, empty parts left out; a place that was not found keeps its words. It says when the
 * call was taken, because it may be stored later, and a repeat must say the same.
 */
export function bodyOf(d: Draft, call: string | undefined, taken: number | undefined): Record<string, unknown> {
  const where = d.place ?? (d.placeText.trim() === '' ? undefined : { address: d.placeText.trim() })
  const caller = { ...(d.name ? { name: d.name } : {}), ...(d.number ? { number: d.number } : {}) }
  // A type that was typed but not found is still what the caller said.
  const said = d.type === '' && d.typeText.trim() !== '' ? `${d.typeText.trim()} ${d.narrative}`.trim() : d.narrative
  return {
    id: d.id,
    ...(where ? { place: where } : {}),
    ...(d.type ? { type: d.type } : {}),
    ...(d.priority ? { priority: d.priority } : {}),
    ...(d.tags.length > 0 ? { tags: d.tags } : {}),
    ...(said ? { narrative: said } : {}),
    ...(Object.keys(caller).length > 0 ? { caller } : {}),
    ...(Object.keys(d.answers).length > 0 ? { answers: Object.entries(d.answers).map(([question, value]) => ({ question, value })) } : {}),
    ...(d.scheduled ? { scheduled: new Date(d.scheduled).toISOString() } : {}),
    ...(taken === undefined ? {} : { happened: new Date(taken).toISOString() }),
    source: 'phone',
    ...(call === undefined ? {} : { call }),
  }
}
