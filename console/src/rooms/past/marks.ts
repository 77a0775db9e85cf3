import type { PastMark } from '../../api/past'

/** A mark on the bar, with where it stands from 0 to 1. */
export type Spot = PastMark & { ms: number; part: number }

/** The marks of a stretch of time, in order. */
export function spots(marks: readonly PastMark[], from: number, to: number): Spot[] {
  const length = Math.max(1, to - from)
  return marks
    .map((m) => ({ ...m, ms: Date.parse(m.at), part: (Date.parse(m.at) - from) / length }))
    .filter((m) => m.part >= 0 && m.part <= 1)
    .sort((a, b) => a.ms - b.ms)
}

/** The next mark after a moment, or the last one before it; undefined when there is none. */
export const neighbour = (list: readonly Spot[], at: number, step: 1 | -1): Spot | undefined =>
  step === 1 ? list.find((m) => m.ms > at + 999) : list.findLast((m) => m.ms < at - 999)

/** A moment within the stretch, in whole seconds; the end itself is not rounded up. */
export const within = (at: number, from: number, to: number): number => Math.min(Math.max(Math.ceil(from / 1000) * 1000, Math.round(at / 1000) * 1000), Math.floor(to / 1000) * 1000)
