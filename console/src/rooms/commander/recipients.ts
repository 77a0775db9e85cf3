import type { Config, UnitRow } from '../../api/types'

export type To = { kind: 'unit' | 'org' | 'seat'; id: string }

/** Whom the words name: units by their call sign, stations and seats by their name or id. What nobody is called is told back. */
export function recipientsOf(words: string, units: Iterable<UnitRow>, config: Config | undefined, seats: readonly { id: string; name: string }[]): { to: To[]; unknown: string[] } {
  const bySign = new Map([...units].flatMap((u) => [[u.id, u.id], [u.call_sign, u.id]]))
  const to: To[] = []
  const unknown: string[] = []
  for (const word of words.split(/[\s,，、;；]+/).filter(Boolean)) {
    const found = one(word, bySign, config, seats)
    if (!found) unknown.push(word)
    else if (!to.some((t) => t.kind === found.kind && t.id === found.id)) to.push(found)
  }
  return { to, unknown }
}

function one(word: string, units: ReadonlyMap<string, string>, config: Config | undefined, seats: readonly { id: string; name: string }[]): To | undefined {
  const unit = units.get(word) ?? units.get(word.toUpperCase())
  if (unit) return { kind: 'unit', id: unit }
  const low = word.toLowerCase()
  const named = (names: Readonly<Record<string, string>> | undefined) => Object.values(names ?? {}).some((n) => n.toLowerCase() === low || (word.length > 1 && n.toLowerCase().startsWith(low.replace(/所$/, ''))))
  const org = config?.stations.find((s) => s.id === word) ?? config?.stations.find((s) => named(s.name ?? undefined))
  if (org) return { kind: 'org', id: org.id }
  const seat = seats.find((s) => s.id === word.replace(/席$/, '') || s.name === word)
  return seat ? { kind: 'seat', id: seat.id } : undefined
}
