import type { Params } from './types'

/** An alarm about the centre itself: an area that a class does not reach in time. It stands until it is cleared, also when somebody has seen it. */
export type AlarmRow = {
  id: string
  seq: number
  /** void, and what else a centre may be warned of. */
  kind: string
  area?: string
  class?: string
  raised: string
  acked_by?: string
  acked_at?: string
  reason?: string
  cleared?: string
  detail?: Params
}

/** Those that still stand: what nobody has seen first, then the oldest. */
export function standing(alarms: Iterable<AlarmRow>): AlarmRow[] {
  return [...alarms].filter((a) => a.cleared === undefined).sort((a, b) => Number(a.acked_at !== undefined) - Number(b.acked_at !== undefined) || Date.parse(a.raised) - Date.parse(b.raised) || a.id.localeCompare(b.id))
}

/** How many nobody has seen yet. */
export const unseen = (alarms: Iterable<AlarmRow>): number => [...alarms].filter((a) => a.cleared === undefined && a.acked_at === undefined).length
