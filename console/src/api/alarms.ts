import type { AlarmRow } from './types'

/** Those that still stand: what nobody has seen first, then the oldest. */
export function standing(alarms: Iterable<AlarmRow>): AlarmRow[] {
  return [...alarms].filter((a) => a.state !== 'cleared').sort((a, b) => Number(seen(a)) - Number(seen(b)) || Date.parse(a.raised) - Date.parse(b.raised) || a.id.localeCompare(b.id))
}

/** How many nobody has seen yet. */
export const unseen = (alarms: Iterable<AlarmRow>): number => [...alarms].filter((a) => a.state !== 'cleared' && !seen(a)).length

/** Whether somebody has seen it. */
export const seen = (a: AlarmRow): boolean => a.state === 'acknowledged'
