import type { IncidentRow, UnitRow } from '../../api/types'
import { ms } from '../../lib/time'

/** What somebody may owe, in the order in which it comes. */
export const timerKinds = ['sign', 'depart', 'arrive', 'feedback', 'word'] as const
export type TimerKind = (typeof timerKinds)[number]

/** One thing that is owed: by a unit, or with feedback by whoever answers for the incident. */
export type Timer = { id: string; kind: TimerKind; incident: string; number: number; unit: string | undefined; sign: string; org: string | undefined; due: number; chased: number }

/** What falls due this soon is listed before it is late, milliseconds. */
export const soonMs = 60_000

const isKind = (kind: string): kind is TimerKind => (timerKinds as readonly string[]).includes(kind)

/**
 * Everything that is owed and late, or about to be, the longest overdue first within its kind. Only rows are read: what was
 * done meanwhile has no time in them any more.
 */
export function timersOf(incidents: Iterable<IncidentRow>, units: ReadonlyMap<string, UnitRow>, now: number): Timer[] {
  const out: Timer[] = []
  for (const i of incidents) {
    const times = (kind: string, unit: string | undefined) => i.chased?.find((c) => c.kind === kind && (c.unit || undefined) === unit)?.times ?? 0
    const add = (kind: TimerKind, unit: string | undefined, sign: string, org: string | undefined, due: number) => {
      if (due - now <= soonMs) out.push({ id: `${i.id} ${kind} ${unit ?? ''}`, kind, incident: i.id, number: i.number, unit, sign, org, due, chased: times(kind, unit) })
    }
    for (const d of i.deadlines ?? []) {
      if (!d.due || !isKind(d.kind)) continue
      const sent = d.unit ? i.assignments?.find((a) => a.unit === d.unit) : undefined
      // Sent through a desk that has not signed, the desk owes the signature.
      const desk = d.kind === 'sign' && sent?.level === 'two' && !sent.desk_signed_at ? sent.station : undefined
      add(d.kind, d.unit || undefined, sent?.call_sign ?? '', desk ?? (d.unit ? undefined : i.responsible?.id), ms(d.due))
    }
    for (const a of i.assignments ?? []) {
      const u = a.primary && a.stage !== 'cleared' ? units.get(a.unit) : undefined
      if (u?.silent_at && u.incident === i.id) add('word', a.unit, a.call_sign, undefined, ms(u.silent_at))
    }
  }
  return out.sort((a, b) => timerKinds.indexOf(a.kind) - timerKinds.indexOf(b.kind) || a.due - b.due)
}
