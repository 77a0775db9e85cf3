import { useMemo } from 'react'
import { shownBoard } from '../../api/connection'
import { useCalls, useIncidents } from '../../api/hooks'
import { ms } from '../../lib/time'
import type { CallRow, IncidentRow } from '../../api/types'

/** The tabs, in the order in which an incident passes through them. */
export const tabs = ['to_dispatch', 'to_sign', 'to_arrive', 'to_report', 'to_review'] as const
export type Tab = (typeof tabs)[number]

/** The most urgent priority first, then whoever waits longest. */
export const byUrgency = (a: IncidentRow, b: IncidentRow): number => rank(a) - rank(b) || since(a) - since(b)

const rank = (i: IncidentRow): number => Number((i.priority ?? 'P2').slice(1))

// Times are read once for each row, not once for each comparison.
const read = new WeakMap<IncidentRow, number>()
function since(i: IncidentRow): number {
  const held = read.get(i)
  if (held !== undefined) return held
  const at = ms(i.received)
  read.set(i, at)
  return at
}

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

/** Whether an incident is a station's: it lies in its area, or a unit of it is there. */
export const ofStation = (i: IncidentRow, station: string, stationOf: (unit: string) => string | undefined): boolean =>
  i.responsible?.id === station || (i.assignments ?? []).some((a) => a.stage !== 'cleared' && (a.station === station || stationOf(a.unit) === station))

/** What may be looked at alone, across the tabs: what waits for its appointment, what is asked of this seat. */
export type Look = 'by_appointment' | 'my_seat'

/** Those that wait for their appointment, the next one first. */
export const byAppointment = (rows: readonly IncidentRow[]): IncidentRow[] =>
  rows.filter((i) => i.queue === 'scheduled').sort((a, b) => ms(a.scheduled) - ms(b.scheduled) || a.number - b.number)

/** Those of which a seat was asked something that it has not done: not taken ones first, then whoever waits longest. */
export function askedOf(rows: readonly IncidentRow[], seat: string | undefined): IncidentRow[] {
  if (seat === undefined) return []
  const task = (i: IncidentRow) => i.seats?.find((s) => s.seat === seat && s.state !== 'done')
  const key = (i: IncidentRow) => ({ taken: task(i)?.state === 'taken' ? 1 : 0, at: ms(task(i)?.since) })
  return rows.filter((i) => task(i) !== undefined).sort((a, b) => key(a).taken - key(b).taken || key(a).at - key(b).at)
}

/** Calls that ring or are being spoken and belong to no incident yet, the longest waiting first. */
export const unentered = (calls: Iterable<CallRow>): CallRow[] =>
  [...calls]
    .filter((c) => c.direction !== 'out' && (c.state === 'ringing' || c.state === 'answered') && !c.incident)
    .sort((a, b) => ms(a.arrived) - ms(b.arrived))

/** The rows of a tab, and the rest of the room's open incidents below them; or those of a look alone. */
export function useQueue(tab: Tab, mine: string | undefined, seat: string | undefined, station: string | undefined, look: Look | undefined) {
  const incidents = useIncidents()
  const calls = useCalls()
  return useMemo(() => {
    const all = [...incidents.values()].filter(open)
    const units = shownBoard().units // To which station a unit belongs does not change while it drives.
    const kept = all.filter((i) =>
      (mine === undefined || i.commander?.actor === mine || (seat !== undefined && i.commander?.actor === `seat-${seat}`))
      && (station === undefined || ofStation(i, station, (u) => units.get(u)?.station)))
    const here = look === 'by_appointment' ? byAppointment(kept) : look === 'my_seat' ? askedOf(kept, seat) : kept.filter((i) => i.queue === tab).sort(byUrgency)
    return {
      counts: countTabs(all),
      looks: { by_appointment: byAppointment(all).length, my_seat: askedOf(all, seat).length },
      here,
      rest: look ? [] : kept.filter((i) => i.queue !== tab).sort(byNumber),
      ringing: unentered(calls.values()),
    }
  }, [incidents, calls, tab, mine, seat, station, look])
}
