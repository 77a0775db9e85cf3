import { useMemo } from 'react'
import { useBoard } from '../../api/hooks'
import { ms } from '../../lib/time'
import type { IncidentRow } from '../../api/types'

/** The tabs, in the order in which an incident passes through them. */
export const tabs = ['to_dispatch', 'to_sign', 'to_arrive', 'to_report', 'to_review'] as const
export type Tab = (typeof tabs)[number]

/** The most urgent priority first, then whoever waits longest. */
export const byUrgency = (a: IncidentRow, b: IncidentRow): number =>
  (a.priority ?? 'P2').localeCompare(b.priority ?? 'P2') || ms(a.received) - ms(b.received)

/** The newest first. */
export const byNumber = (a: IncidentRow, b: IncidentRow): number => b.number - a.number

const over = new Set(['closed', 'merged', 'transferred', 'invalid'])

/** Whether the incident is still somebody's work. */
export const open = (i: IncidentRow): boolean => !over.has(i.phase)

/** How many incidents stand in each tab. */
export function countTabs(rows: Iterable<IncidentRow>): Record<Tab, number> {
  const counts: Record<Tab, number> = { to_dispatch: 0, to_sign: 0, to_arrive: 0, to_report: 0, to_review: 0 }
  for (const row of rows) if (row.queue in counts) counts[row.queue as Tab]++
  return counts
}

/** The rows of a tab, and the rest of the room's open incidents below them. */
export function useQueue(tab: Tab, mine: string | undefined, seat: string | undefined) {
  const { incidents, calls } = useBoard()
  return useMemo(() => {
    const all = [...incidents.values()].filter(open)
    const kept = mine === undefined ? all : all.filter((i) => i.commander?.actor === mine || (seat !== undefined && i.commander?.actor === `seat-${seat}`))
    return {
      counts: countTabs(all),
      here: kept.filter((i) => i.queue === tab).sort(byUrgency),
      rest: kept.filter((i) => i.queue !== tab).sort(byNumber),
      ringing: [...calls.values()]
        .filter((c) => c.direction !== 'out' && (c.state === 'ringing' || c.state === 'answered') && !c.incident)
        .sort((a, b) => ms(a.arrived) - ms(b.arrived)),
    }
  }, [incidents, calls, tab, mine, seat])
}
