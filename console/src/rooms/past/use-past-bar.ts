import { useEffect, useRef, useState } from 'react'
import { ReadFailed } from '../../api/client'
import { worldNow } from '../../api/connection'
import { readPast, usePastRange } from '../../api/past'
import type { Problem } from '../../api/types'
import { leavePast, past } from '../../lib/past'
import { useStore } from '../../lib/store'
import { neighbour, spots, within } from './marks'

/** How long the slider must rest before the moment is asked for, milliseconds: dragging shows the room as it passes. */
const settleMs = 60

/** The bar of the last hour: which moment is asked for, which one is shown. */
export function usePastBar() {
  const range = usePastRange()
  const shown = useStore(past)
  const [wanted, setWanted] = useState<number>()
  const [failed, setFailed] = useState<Problem>()
  const asked = useRef(0)
  const from = range.data ? Date.parse(range.data.from) : Number.NaN
  const to = range.data ? Math.max(Date.parse(range.data.to), worldNow()) : Number.NaN
  const list = range.data ? spots(range.data.marks ?? [], from, to) : []

  useEffect(() => {
    if (wanted === undefined) return
    const stop = new AbortController()
    const mine = ++asked.current
    const timer = setTimeout(async () => {
      try {
        const then = await readPast(wanted, stop.signal)
        if (mine !== asked.current) return
        setFailed(undefined)
        past.set(then)
      } catch (cause) {
        if (mine === asked.current && cause instanceof ReadFailed) setFailed(cause.problem)
      }
    }, settleMs)
    return () => {
      clearTimeout(timer)
      stop.abort()
    }
  }, [wanted])

  // Whoever puts the bar away is back in the present.
  useEffect(() => leavePast, [])
  // Another window of this desk has gone back to the present.
  useEffect(() => past.subscribe(() => { if (!past.get()) setWanted(undefined) }), [])

  const go = (at: number) => {
    if (Number.isFinite(from)) setWanted(within(at, from, to))
  }
  const back = () => {
    asked.current += 1
    setWanted(undefined)
    setFailed(undefined)
    leavePast()
  }
  const at = wanted ?? to
  return { range, from, to, at, list, shown, failed, go, back, jump: (step: 1 | -1) => { const m = neighbour(list, at, step); if (m) go(m.ms) } }
}
