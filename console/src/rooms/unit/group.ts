import type { Names, UnitRow } from '../../api/types'
import { lookOf, type Look } from '../../ui/marks'

/** What units may be ordered by. */
export const groupings = ['station', 'kind', 'state', 'beat'] as const
export type Grouping = (typeof groupings)[number]

/** Units that stand together; `name` is undefined where the catalogue has the word for `id`. */
export type Group = { id: string; name: Names | string | undefined; units: UnitRow[] }

const looks: readonly Look[] = ['duress', 'free', 'sign', 'going', 'there', 'out']

/**
 * Units in groups. By station and kind, those that can send most stand first, those without anybody to send last, and the
 * order does not change with what the units do; by state, danger stands first. Officers in danger always stand first in
 * their group.
 */
export function groupUnits(rows: Iterable<UnitRow>, by: Grouping): Group[] {
  const groups = new Map<string, Group>()
  for (const unit of rows) {
    const [id, name] = groupOf(unit, by)
    const group = groups.get(id) ?? { id, name, units: [] }
    group.units.push(unit)
    groups.set(id, group)
  }
  for (const group of groups.values()) group.units.sort(byDanger)
  const made = [...groups.values()]
  if (by === 'state') return made.sort((a, b) => looks.indexOf(a.id as Look) - looks.indexOf(b.id as Look))
  const able = new Map(made.map((g) => [g, g.units.filter((u) => u.dispatchable).length]))
  return made.sort((a, b) => (able.get(b) ?? 0) - (able.get(a) ?? 0) || natural(a.id, b.id))
}

function groupOf(u: UnitRow, by: Grouping): readonly [string, Group['name']] {
  switch (by) {
    case 'station': return [u.station ?? '', u.station_name]
    case 'kind': return [u.kind, u.kind_name]
    case 'state': return [lookOf(u), undefined]
    case 'beat': return [u.beat ?? '', u.beat_name]
  }
}

/** A name without its last word, where all around it have the same: among stations nobody need be told that it is one. */
export const withoutTail = (name: string, tail: string): string => (tail !== '' && name.length > tail.length && name.endsWith(tail) ? name.slice(0, -tail.length).trimEnd() : name)

// One collator for all: to make one for each comparison costs more than the whole sort.
const collator = new Intl.Collator('en', { numeric: true })
const natural = (a: string, b: string): number => collator.compare(a, b)

const byDanger = (a: UnitRow, b: UnitRow): number =>
  Number(Boolean(b.flags?.duress)) - Number(Boolean(a.flags?.duress)) || natural(a.call_sign, b.call_sign)

/** Whether two boards of units are grouped alike: then only positions and times have changed, and nothing need be sorted. */
export function sameGroups(before: ReadonlyMap<string, UnitRow>, now: ReadonlyMap<string, UnitRow>, by: Grouping): boolean {
  if (before === now) return true
  if (before.size !== now.size) return false
  for (const [id, u] of now) {
    const old = before.get(id)
    if (old === u) continue
    if (!old || old.call_sign !== u.call_sign || old.dispatchable !== u.dispatchable || Boolean(old.flags?.duress) !== Boolean(u.flags?.duress)) return false
    if (groupOf(old, by)[0] !== groupOf(u, by)[0]) return false
  }
  return true
}
