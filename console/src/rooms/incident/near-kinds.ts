import type { Candidate } from '../../api/advice'

export type NearKind = { kind: string; units: Candidate[] }

/** As many as have a digit. */
const digits = 9

/** Free units by kind: the kind whose nearest unit is nearest comes first, and within a kind the nearest does. */
export function nearKinds(items: readonly Candidate[]): NearKind[] {
  const kinds = new Map<string, Candidate[]>()
  for (const i of items) kinds.set(i.kind, [...(kinds.get(i.kind) ?? []), i])
  return [...kinds].map(([kind, units]) => ({ kind, units })).slice(0, digits)
}
