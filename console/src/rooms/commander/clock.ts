import { fullTime } from '../../lib/time'

const dayMs = 86_400_000

/**
 * The moment that a person means by "15:00" or "1500" in the centre's zone, or by "30": so many minutes from now. With
 * `back` it lies in the past (when something was said), else in the future. undefined when it is neither.
 */
export function momentOf(words: string, now: number, back: boolean): number | undefined {
  const text = words.trim().replace('：', ':')
  const clock = /^(\d{1,2}):(\d{2})$/.exec(text) ?? /^(\d{2})(\d{2})$/.exec(text)
  if (clock) {
    const [hours, minutes] = [Number(clock[1]), Number(clock[2])]
    if (hours > 23 || minutes > 59) return undefined
    const local = /(\d{2}):(\d{2}):(\d{2})$/.exec(fullTime(now))
    if (!local) return undefined
    const since = (Number(local[1]) * 3600 + Number(local[2]) * 60 + Number(local[3])) * 1000
    const at = Math.floor(now / 1000) * 1000 - since + (hours * 3600 + minutes * 60) * 1000
    if (back) return at > now ? at - dayMs : at
    return at <= now ? at + dayMs : at
  }
  const minutes = /^(\d{1,3})$/.exec(text)
  return minutes ? now + (back ? -1 : 1) * Number(minutes[1]) * 60_000 : undefined
}
