import { useMemo } from 'react'
import { shownNow } from '../../api/connection'
import { useClockText, useIncidents, useUnits } from '../../api/hooks'
import { timersOf, type Timer } from './timers'

const everyMs = 5000

/** What is owed at the moment that is shown. It is looked at again when rows change, and every five seconds for what falls due by itself. */
export function useTimers(): readonly Timer[] {
  const incidents = useIncidents()
  const units = useUnits()
  const tick = useClockText((now) => String(Math.floor(now / everyMs)))
  // oxlint-disable-next-line react/exhaustive-deps -- the tick is the time
  return useMemo(() => timersOf(incidents.values(), units, shownNow()), [incidents, units, tick])
}

/** How many of them are late. */
export const useLate = (timers: readonly Timer[]): number => Number(useClockText((now) => String(timers.filter((x) => x.due <= now).length)))
