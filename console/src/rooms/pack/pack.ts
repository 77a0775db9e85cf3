import type { Board } from '../../api/live'
import type { IncidentRow, PackData, Session, UnitRow } from '../../api/types'

/** What stands on the paper. */
export type Pack = Omit<PackData, 'incidents' | 'units' | 'calls'> & { incidents: IncidentRow[]; units: UnitRow[] }

const over = new Set(['closed', 'merged', 'transferred', 'invalid'])
const rank = (i: IncidentRow): string => `${i.priority ?? 'P9'} ${i.queue === 'to_dispatch' ? 0 : 1} ${String(i.number).padStart(9, '0')}`

/** The pack out of what the screen holds: it needs no server. `at` is of when it is, milliseconds. */
export function packOf(board: Board, session: Session | undefined, zone: string | undefined, at: number): Pack {
  return {
    centre: session?.centre ?? '', ...(session?.centre_name ? { name: session.centre_name } : {}), world: session?.world ?? '', ...(zone ? { zone } : {}),
    at: new Date(at).toISOString(), as_of: board.asOf, ...ordered([...board.incidents.values()], [...board.units.values()]),
  }
}

/** A pack as the server writes it, put in order. */
export const packFrom = (data: PackData): Pack => ({ ...data, ...ordered(data.incidents ?? [], (data.units ?? []) as UnitRow[]) })

/** The urgent and the waiting first; units by station and call sign. */
function ordered(incidents: IncidentRow[], units: UnitRow[]): Pick<Pack, 'incidents' | 'units'> {
  return {
    incidents: incidents.filter((i) => !over.has(i.phase)).sort((a, b) => rank(a).localeCompare(rank(b))),
    units: units.filter((u) => u.state !== 'off_duty').sort((a, b) => (a.station ?? '').localeCompare(b.station ?? '') || a.call_sign.localeCompare(b.call_sign, undefined, { numeric: true })),
  }
}
