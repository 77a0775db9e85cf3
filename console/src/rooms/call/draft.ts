import type { Place } from '../../api/types'
import { heldDraft, holdDraft, releaseDraft } from '../../api/drafts'
import { focus } from '../../lib/focus'
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
  /** When somebody shall come (预约), in the words that were typed; empty means now. */
  scheduledText: string
  /** What those words were understood as, an RFC 3339 time; empty when they were not. */
  scheduled: string
  /** Other services that are called in beside us, or that take it over, by their id. */
  partners: Record<string, 'with' | 'transfer'>
}

export const emptyDraft = (): Draft => ({ id: uuid7(), placeText: '', place: undefined, type: '', typeText: '', priority: '', tags: [], narrative: '', number: '', name: '', answers: {}, scheduledText: '', scheduled: '', partners: {} })

/** Whose form this is: the call in hand, '' without one. */
const callInHand = (): string => focus.get().call?.id ?? ''

// A form stays its call's, also when another one is in hand by the time it is kept.
const callOf = new Map<string, string>()

/** The draft of the call in hand, which neither a reload nor another browser of the seat loses. */
export function loadDraft(): Draft {
  const call = callInHand()
  const held = heldDraft(call)
  const draft = held ? { ...emptyDraft(), ...(held.body as Partial<Draft>), id: held.id } : emptyDraft()
  callOf.set(draft.id, call)
  return draft
}

/** Whether nothing was typed yet; who calls is known without it. */
export const blank = (d: Draft): boolean =>
  `${d.placeText}${d.typeText}${d.narrative}${d.type}${d.priority}${d.scheduledText}${d.scheduled}`.trim() === '' && d.tags.length === 0 && d.place === undefined && Object.keys(d.answers ?? {}).length === 0

/** Keeps a draft: here at once, on the server at most once a second. One that was emptied is forgotten. */
export function keepDraft(d: Draft): void {
  const call = callOf.get(d.id) ?? callInHand()
  const { id, ...body } = d
  const held = heldDraft(call)
  if (!blank(d)) {
    if (held?.id !== id || JSON.stringify(held.body) !== JSON.stringify(body)) holdDraft({ id, call, changed: Date.now(), body })
  } else if (held) releaseDraft(call)
}

/** Forgets the draft of the call in hand: it is stored. */
export const forgetDraft = (): void => releaseDraft(callInHand())

/**
 * The request body: what was said, empty parts left out; a place that was not found keeps its words. It says when the
 * call was taken, because it may be stored later, and a repeat must say the same.
 */
export function bodyOf(d: Draft, call: string | undefined, taken: number | undefined): Record<string, unknown> {
  const where = d.place ?? (d.placeText.trim() === '' ? undefined : { address: d.placeText.trim() })
  const caller = { ...(d.name ? { name: d.name } : {}), ...(d.number ? { number: d.number } : {}) }
  // A type that was typed but not found is still what the caller said.
  const named = d.type === '' ? d.typeText.trim() : ''
  // So is a time that was not understood: somebody is sent now, and can read what was asked for.
  const hour = d.scheduled === '' ? d.scheduledText.trim() : ''
  const said = [named, d.narrative, hour].filter((x) => x !== '').join(' ')
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
