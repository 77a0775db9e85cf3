import type { Names, UnitRow } from '../../api/types'

export type Group = { id: string; name: Names | string | undefined; units: UnitRow[] }

/**
 * Units by station: the stations that can send most first, those without anybody to send last, and units by call sign.
 * The order does not change with what the units do. Officers in danger always stand first in their station.
 */
export function groupByStation(rows: Iterable<UnitRow>): Group[] {
  const groups = new Map<string, Group>()
  for (const unit of rows) {
    const id = unit.station ?? ''
    const group = groups.get(id) ?? { id, name: unit.station_name, units: [] }
    group.units.push(unit)
    groups.set(id, group)
  }
  for (const group of groups.values()) group.units.sort(byDanger)
  const able = (g: Group) => g.units.filter((u) => u.dispatchable).length
  return [...groups.values()].sort((a, b) => able(b) - able(a) || natural(a.id, b.id))
}

const natural = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true })

const byDanger = (a: UnitRow, b: UnitRow): number =>
  Number(Boolean(b.flags?.duress)) - Number(Boolean(a.flags?.duress)) || natural(a.call_sign, b.call_sign)
