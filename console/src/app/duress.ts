import type { UnitRow } from '../api/types'

/** Every unit whose officers are in danger, the longest first. */
export function inDanger(units: ReadonlyMap<string, UnitRow>): UnitRow[] {
  const out: UnitRow[] = []
  for (const u of units.values()) if (u.flags?.duress) out.push(u)
  return out.sort((a, b) => (a.flags.duress?.since ?? '').localeCompare(b.flags.duress?.since ?? ''))
}

/** Those among them that nobody has taken up: the alarm is theirs. */
export const untaken = (units: ReadonlyMap<string, UnitRow>): UnitRow[] => inDanger(units).filter((u) => !u.flags.duress?.acked_by)
