import { useQuery } from '@tanstack/react-query'
import { personOf } from '../lib/actor'
import { useThen } from '../lib/present'
import { read } from './client'
import { usePaced } from './hooks'
import type { Debt, Filings, IncidentRow, OrderRow, Owed, ReportDraft } from './types'

export type Alert = { incident: IncidentRow; id: string; why: string; raised: string; acked_by?: string }

/** Alerts that nobody has acknowledged, the oldest first, and then those of open incidents that somebody has. */
export function alertsOf(incidents: Iterable<IncidentRow>): { open: Alert[]; seen: Alert[] } {
  const all = [...incidents].flatMap((incident) => (incident.alerts ?? []).map((a) => ({ incident, id: a.id, why: a.why, raised: a.raised, ...(a.acked_by ? { acked_by: a.acked_by } : {}) })))
  const byAge = (a: Alert, b: Alert) => Date.parse(a.raised) - Date.parse(b.raised) || a.incident.number - b.incident.number
  return { open: all.filter((a) => !a.acked_by).sort(byAge), seen: all.filter((a) => a.acked_by).sort((a, b) => byAge(b, a)) }
}

/** The incidents that owe an urgent report, the nearest deadline first. */
export const reporting = (incidents: Iterable<IncidentRow>): IncidentRow[] =>
  [...incidents].filter((i) => i.report?.due).sort((a, b) => Date.parse(a.report?.due ?? '') - Date.parse(b.report?.due ?? ''))

/** Open orders: the late ones first, then by their deadline. */
export const openOrders = (orders: Iterable<OrderRow>): OrderRow[] =>
  [...orders].filter((o) => o.state !== 'cleared' && o.state !== 'revoked').sort((a, b) => Number(b.late) - Number(a.late) || when(a) - when(b) || a.number - b.number)

const when = (o: OrderRow): number => (o.due ? Date.parse(o.due) : Number.MAX_SAFE_INTEGER)

/** The people whose seats are known, as the session tells them. */
type Seated = { id: string; seat?: string }

/** What is owed, by who owes it; who is latest comes first. What somebody owes who sits in a seat stands with what the seat owes. */
export function byDebtor(items: readonly Debt[], people: readonly Seated[] = []): { who: Debt['who']; items: Debt[] }[] {
  const groups = new Map<string, { who: Debt['who']; items: Debt[] }>()
  const seats = new Map(people.flatMap((p) => (p.seat ? [[p.id, p.seat]] : [])))
  for (const d of items) {
    const seat = d.who.kind === 'actor' ? seats.get(personOf(d.who.id ?? '')) : undefined
    const who = seat === undefined ? d.who : { kind: 'seat', id: seat }
    const key = `${who.kind}:${who.id ?? ''}`
    const held = groups.get(key) ?? { who, items: [] }
    held.items.push(d)
    groups.set(key, held)
  }
  return [...groups.values()].sort((a, b) => (b.items[0]?.late_s ?? 0) - (a.items[0]?.late_s ?? 0))
}

/** How often the whole house is asked what is late, at most, milliseconds: a busy room changes many times a second. */
const owedEveryMs = 3000

/** What is late now, asked again when something has changed and for what falls due by itself; or what was late at the moment of the past. */
export const useOwed = (seq: number) => {
  const then = useThen()
  const paced = usePaced(seq, owedEveryMs)
  const now = useQuery({ queryKey: ['owed', paced], queryFn: ({ signal }) => read<Owed>('/owed', signal), placeholderData: (before) => before, refetchInterval: 5000, gcTime: owedEveryMs, enabled: !then })
  return then ? { data: { items: then.owed }, isError: false, isPending: false } : now
}

/** What a report about an incident would say now. */
export const useReportDraft = (incident: string, kind: string, seq: number | undefined) =>
  useQuery({ queryKey: ['report-draft', incident, kind, seq], queryFn: ({ signal }) => read<ReportDraft>(`/incidents/${encodeURIComponent(incident)}/report-draft?kind=${kind}`, signal), enabled: incident !== '', retry: false })

/** The reports about an incident that were filed, until now or until the moment of the past; in that none may be filed. */
export const useFilings = (incident: string, seq: number | undefined): { data: Pick<Filings, 'items' | 'next'> | undefined } => {
  const then = useThen()
  const now = useQuery({ queryKey: ['filings', incident, seq], queryFn: ({ signal }) => read<Filings>(`/incidents/${encodeURIComponent(incident)}/reports`, signal), enabled: incident !== '' && !then, placeholderData: (before) => before, retry: false })
  return then ? { data: { items: [...(then.filings.get(incident) ?? [])], next: then.board.incidents.get(incident)?.report?.next ?? null } } : now
}
