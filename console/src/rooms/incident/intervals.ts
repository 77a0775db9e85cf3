import type { Stretch } from '../../api/types'

/** How one stretch stands: its seconds, the part of the limit that is used (1 is all), whether it is over. */
export type Bar = { seconds: number; part: number | undefined; late: boolean; running: boolean }

/** The stretch at a moment, milliseconds. */
export function bar(s: Stretch, now: number): Bar {
  const until = s.to === undefined ? now : Date.parse(s.to)
  const seconds = Math.max(0, (until - Date.parse(s.from)) / 1000)
  const limit = s.limit_s ?? 0
  return { seconds, part: limit > 0 ? Math.min(1, seconds / limit) : undefined, late: limit > 0 && seconds > limit && s.ended !== true, running: s.to === undefined }
}

/** Whether any of the stretches is over its limit. */
export const lateBy = (list: readonly Stretch[], now: number): boolean => list.some((s) => bar(s, now).late)
