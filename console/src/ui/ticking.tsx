import { useNow, useSeatNow } from '../api/hooks'
import { clockTime, duration, fullTime, ms, shortAge } from '../lib/time'

/** Time since a moment, ticking by the world's clock; the moment itself on hover. */
export function Since({ at, className }: { at: string | undefined; className?: string }) {
  const now = useNow()
  return <time className={className} dateTime={at} title={fullTime(ms(at))}>{duration((now - ms(at)) / 1000)}</time>
}

/** The age of a position. */
export function Age({ at }: { at: string | undefined }) {
  const now = useNow()
  return <>{shortAge((now - ms(at)) / 1000)}</>
}

/** A moment as time of day. */
export const Moment = ({ at }: { at: string | undefined }) => <time dateTime={at} title={fullTime(ms(at))}>{clockTime(ms(at))}</time>

/** Time since a moment of this seat's own clock, milliseconds. */
export function SeatSince({ at }: { at: number }) {
  const now = useSeatNow()
  return <time dateTime={new Date(at).toISOString()} title={fullTime(at)}>{duration((now - at) / 1000)}</time>
}
