import { useEffect, useEffectEvent, useMemo } from 'react'
import type { Drawing } from '../api/drawings'
import { board } from '../api/connection'
import { useClockText, useConfig, useIncident, useIncidentRow } from '../api/hooks'
import type { IncidentRow } from '../api/types'
import { useText } from '../i18n/i18n'
import { focus, showOnMap } from '../lib/focus'
import { composing, covered } from '../lib/keys'
import { past } from '../lib/past'
import { useOf } from '../lib/store'
import type { LiveSource } from './feed'
import { endTool } from './tool'
import { agesMs, kindMarks } from './unit-layer'

const noDrawings: readonly Drawing[] = []

/** The open incident as the map needs it. */
export type Open = { id: string; row: IncidentRow | undefined; number: number | undefined; drawings: readonly Drawing[]; drawRefused: string; undrawRefused: string }

/** The open incident with what is drawn for it, and why nothing can be drawn or taken away now. */
export function useOpen(): Open {
  const { t, reason } = useText()
  const id = useOf(focus, (f) => f.incident)
  const row = useIncidentRow(id)
  const detail = useIncident(id, row?.seq).data
  const whole = detail?.id === id ? detail : undefined
  const why = (verb: string) => {
    const step = (whole ?? row)?.next?.find((n) => n.verb === verb)
    return id === '' || !(whole ?? row) ? t('draw.no_incident') : step && !step.allowed ? reason(step) : ''
  }
  return { id, row: row ?? whole, number: (row ?? whole)?.number, drawings: whole?.drawings ?? noDrawings, drawRefused: why('draw'), undrawRefused: why('undraw') }
}

/**
 * What is out there, for the feed of the map, past React: a unit that moves draws a map, and no panel. Ages are told every
 * five seconds; positions when they come.
 */
export function useLive(): LiveSource {
  const kinds = useConfig().data?.kinds
  const now = useClockText((at) => String(Math.floor(at / agesMs) * agesMs))
  return useMemo(() => {
    const marks = kindMarks(kinds)
    const stores = [board, past, focus]
    return {
      get: () => {
        const then = past.get()
        const { units, incidents } = then?.board ?? board.get()
        const { unit, incident } = focus.get()
        return { units, incidents, now: then ? Math.floor(then.at / agesMs) * agesMs : Number(now), unit, incident, marks }
      },
      subscribe: (listener) => {
        const ends = stores.map((s) => s.subscribe(listener))
        return () => ends.forEach((end) => end())
      },
    }
  }, [kinds, now])
}

/** Keeps the open incident in view, for whoever asked for that. */
export function useFollow(follow: boolean, { id, row }: Open): void {
  const [lon, lat] = [row?.place?.lon, row?.place?.lat]
  useEffect(() => {
    if (follow && lon !== undefined && lat !== undefined) showOnMap({ lon, lat }, 14)
  }, [follow, id, lon, lat])
}

/** Another incident is open: what was being drawn for the one before is not drawn for this one. */
export function useDrawingEnds(incident: string, drawing: boolean): void {
  const end = useEffectEvent(() => { if (drawing) endTool() })
  useEffect(() => end, [incident]) // oxlint-disable-line react/exhaustive-deps -- when it changes, and only then
}

/** Esc, before anybody else hears it. */
export function useEscape(on: boolean, then: () => void): void {
  const cancel = useEffectEvent((e: KeyboardEvent) => {
    if (e.key !== 'Escape' || composing(e) || covered()) return
    e.stopPropagation()
    then()
  })
  useEffect(() => {
    if (!on) return
    const listen = (e: KeyboardEvent) => cancel(e)
    window.addEventListener('keydown', listen, true)
    return () => window.removeEventListener('keydown', listen, true)
  }, [on])
}
