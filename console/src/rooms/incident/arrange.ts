import type { AdviceAnswer, Candidate, Need } from '../../api/advice'

/** Who fills one need; without a need, the alternatives. */
export type Group = { need: Need | undefined; items: Candidate[] }

/** As many as have a digit. */
const digits = 9

/**
 * The recommendation as a set: each need with who fills it, in the order of the plan, then the alternatives. A candidate
 * stays where it was recommended whatever is picked by hand, so that no digit changes under the finger.
 */
export function arrange(rec: Pick<AdviceAnswer, 'need' | 'items'> | undefined): Group[] {
  const rest = new Set(rec?.items ?? [])
  const groups: Group[] = []
  for (const need of rec?.need ?? []) {
    const items = [...rest].filter((i) => i.pick && i.slot === need.what && Boolean(i.hold) === Boolean(need.hold)).slice(0, need.count)
    for (const i of items) rest.delete(i)
    groups.push({ need, items })
  }
  // Picked for a need that is not listed: it is shown all the same, before those that were not picked.
  const left = [...rest]
  const others = [...left.filter((i) => i.pick), ...left.filter((i) => !i.pick)]
  return others.length > 0 ? [...groups, { need: undefined, items: others }] : groups
}

/** The candidates that the digits 1 to 9 pick, in the order in which they are shown. */
export const byDigit = (rec: Pick<AdviceAnswer, 'need' | 'items'> | undefined): Candidate[] => arrange(rec).flatMap((g) => g.items).slice(0, digits)
