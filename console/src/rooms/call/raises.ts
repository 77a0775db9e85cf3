import type { Question, Raise } from '../../api/types'
import type { Draft } from './draft'

/** What the options of a question say of an answer; undefined if nothing. The last number that holds counts. */
export function raisedBy(q: Question, value: string): Raise | undefined {
  const options = q.options ?? []
  if (q.kind === 'number') return options.filter((o) => value !== '' && Number(value) >= (o.from ?? 0)).at(-1)?.raises
  return options.find((o) => o.id === value)?.raises
}

/** What all answers together suggest that the form does not say yet; undefined if nothing. */
export function pending(draft: Draft, questions: readonly Question[]): Raise | undefined {
  let priority = draft.priority
  let type = draft.type
  const tags = new Set(draft.tags)
  let news = false
  for (const q of questions) {
    const r = raisedBy(q, draft.answers[q.id] ?? '')
    // P1 is above P2: only what makes it more urgent raises it; the first answer that calls it urgent holds.
    if (r?.priority && (priority === '' || r.priority < priority)) [priority, news] = [r.priority, true]
    if (r?.type && r.type !== type) [type, news] = [r.type, true]
    for (const tag of r?.tags ?? []) {
      news ||= !tags.has(tag)
      tags.add(tag)
    }
  }
  if (!news) return undefined
  return {
    ...(priority !== draft.priority ? { priority } : {}),
    ...(type !== draft.type ? { type } : {}),
    tags: [...tags].filter((x) => !draft.tags.includes(x)),
  }
}
