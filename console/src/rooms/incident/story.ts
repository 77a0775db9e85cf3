import type { TimelineItem } from '../../api/types'

/** What of the timeline is shown. */
export const filters = ['all', 'people', 'units', 'system', 'mine', 'files'] as const
export type Filter = (typeof filters)[number]

// Programs of ours that write facts by themselves; everybody else is a person.
const programs = new Set(['system', 'deadlines', 'autopilot', 'coverage', 'cover'])

/** Whether a record was written by a program of ours. */
export const bySystem = (i: TimelineItem): boolean => programs.has(i.actor)

const about: Readonly<Record<Filter, (i: TimelineItem, me: string | undefined) => boolean>> = {
  all: () => true,
  people: (i) => !bySystem(i) && !i.actor.startsWith('crew-'),
  units: (i) => /^(assignment|unit)\./.test(i.type) || i.actor.startsWith('crew-'),
  system: (i) => bySystem(i),
  mine: (i, me) => me !== undefined && i.actor === me,
  files: (i) => i.type.startsWith('incident.file_'),
}

/** The records that a filter and a searched word leave, in their order. `words` is what the person reads of one. */
export function chosenItems(items: readonly TimelineItem[], filter: Filter, me: string | undefined, searched: string, words: (i: TimelineItem) => string): TimelineItem[] {
  const parts = searched.toLowerCase().split(/\s+/).filter(Boolean)
  return items.filter((i) => {
    if (!about[filter](i, me)) return false
    const text = parts.length > 0 ? words(i).toLowerCase() : ''
    return parts.every((p) => text.includes(p))
  })
}

/** Who commanded before, the newest first, from the facts of the hand-overs. */
export function commandBefore(items: readonly TimelineItem[]): { actor: string; until: string }[] {
  return items
    .filter((i) => i.type === 'incident.handed_over')
    .map((i) => ({ actor: String((i.params as { from?: unknown } | null)?.from ?? ''), until: i.at }))
    .filter((c) => c.actor !== '')
    .reverse()
}
