import type { CallRow, IncidentRow } from '../../api/types'
import { ms } from '../../lib/time'

/** Who sits here. A seat is where the telephone stands; without one the person is meant. */
export type Me = { actor: string | undefined; seat: string | undefined }

/** Whether a call is with this seat. */
export const isMine = (c: CallRow, me: Me): boolean =>
  c.holder !== undefined && (c.holder.actor === me.actor || (me.seat !== undefined && me.seat !== '' && c.holder.seat === me.seat))

/** Whether we ring somebody who has not picked up. */
export const dialling = (c: CallRow): boolean => c.direction === 'out' && c.answered_at === undefined && c.ended === undefined

/** Whether this seat has asked for the call. */
export const askedByMe = (c: CallRow, me: Me): boolean =>
  c.asked !== undefined && (c.asked.by === me.actor || (me.seat !== undefined && me.seat !== '' && c.asked.seat === me.seat))

const over = new Set(['closed', 'merged', 'transferred', 'invalid'])

const byArrival = (a: CallRow, b: CallRow): number => ms(a.arrived) - ms(b.arrived) || a.id.localeCompare(b.id)

/** What the calls of the room mean for one seat; each list with the longest waiting first. */
export function sorted(calls: Iterable<CallRow>, incidents: ReadonlyMap<string, IncidentRow>, me: Me) {
  const all = [...calls].sort(byArrival)
  const inHand = (c: CallRow) => c.speaking === true || c.state === 'answered' || dialling(c)
  const incident = (c: CallRow) => incidents.get(c.incident ?? '')
  return {
    ringing: all.filter((c) => c.state === 'ringing' && c.direction === 'in'),
    mine: all.filter((c) => isMine(c, me) && inHand(c)),
    passed: all.filter((c) => !isMine(c, me) && me.seat !== undefined && me.seat !== '' && c.passed_to === me.seat),
    asked: all.filter((c) => !isMine(c, me) && askedByMe(c, me)),
    lost: all.filter((c) => c.lost !== undefined && c.nuisance !== true && c.back?.result !== 'reached' && incident(c) !== undefined && !over.has(incident(c)?.phase ?? '')),
  }
}

/** The call that F4 takes: the one that has rung longest, else the one of this seat that has waited longest. */
export const nextForF4 = (s: ReturnType<typeof sorted>): CallRow | undefined =>
  s.ringing[0] ?? s.mine.filter((c) => c.held !== undefined).sort((a, b) => ms(a.held) - ms(b.held))[0]

/** The call that Shift F4 lets wait. */
export const forHold = (s: ReturnType<typeof sorted>): CallRow | undefined => s.mine.find((c) => c.speaking === true && c.held === undefined)

/** Seconds until an ask may be used; 0 when it may. */
export const graceLeft = (until: string, now: number): number => Math.max(0, Math.ceil((ms(until) - now) / 1000))
