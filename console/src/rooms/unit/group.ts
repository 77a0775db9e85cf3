import type { Names, UnitRow } from '../../api/types'

export type Group = { id: string; name: Names | string | undefined; units: UnitRow[] }

/**
 * Units by station: stations in the order in which the centre names them, those without anybody to send last, and units
 * by call sign. Officers in danger always stand first.
 */
export function groupByStation(rows: Iterable<UnitRow>, order: readonly string[] = []): Group[] {
  const groups = new Map<string, Group>()
  for (const unit of rows) {
    const id = unit.station ?? ''
    const group = groups.get(id) ?? { id, name: unit.station_name, units: [] }
    group.units.push(unit)
    groups.set(id, group)
  }
  for (const group of groups.values()) group.units.sort(byDanger)
  const place = (g: Group) => (order.includes(g.id) ? order.indexOf(g.id) : order.length)
  const idle = (g: Group) => Number(!g.units.some((u) => u.dispatchable || u.flags?.duress))
  return [...groups.values()].sort((a, b) => idle(a) - idle(b) || place(a) - place(b) || natural(a.id, b.id))
}

const natural = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true })

const byDanger = (a: UnitRow, b: UnitRow): number =>
  Number(Boolean(b.flags?.duress)) - Number(Boolean(a.flags?.duress)) || natural(a.call_sign, b.call_sign)
