import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { lastWord } from '../../api/client'
import { worldNow, worldRun } from '../../api/connection'
import { useBoard, useBoardRead, useConfig, useIncident, useSession } from '../../api/hooks'
import { focus, notify, openIncident, showOnMap } from '../../lib/focus'
import { composing } from '../../lib/keys'
import { useStore } from '../../lib/store'
import { ms } from '../../lib/time'
import { useText } from '../../i18n/i18n'
import { paceOf, stageOf, type Stage } from './stages'
import { beginTour, endTour, guided, keepTour, tour, wanted } from './tour'
import { move } from './use-demo'

// The world's time may be a beat behind what the server writes on a new incident.
const slackMs = 30_000

/** The tour as it stands: what is seen of the room, and what the visitor may do with the tour itself. */
export function useTour() {
  const { problem } = useText()
  const session = useSession().data
  const wasRead = useBoardRead()
  const { incidents, calls } = useBoard()
  const held = useStore(tour)
  const { form, incident: open } = useStore(focus)
  const field = useFocusedField(held !== undefined)
  const listed = held ? incidents.get(held.incident) : undefined
  const detail = useIncident(held?.incident ?? '', listed?.seq)
  const row = detail.data && (!listed || detail.data.seq >= listed.seq) ? detail.data : listed

  // It comes by itself, once, to whoever may do all of it.
  const ready = session !== undefined && session.world === 'demo' && wasRead && guided(session.role)
  const begun = useRef(false)
  useEffect(() => {
    if (!ready || begun.current) return
    begun.current = true
    if (wanted() && (!tour.get() || new URLSearchParams(location.search).get('tour') === '1')) beginTour(worldNow())
  }, [ready])

  const on = held !== undefined && ready
  const ringing = [...calls.values()].some((c) => c.state === 'ringing' && !c.incident)
  const stage: Stage = stageOf({ looked: held?.looked ?? false, ringing, form: form === 'call', field, row: held?.incident ? (row ?? { phase: 'received', assignments: [] }) : undefined })
  useOwnIncident(on && held?.incident === '', session?.actor, held?.began ?? 0)
  usePace(on, stage, held?.incident ?? '', (refused) => notify(problem(refused), 'bad'))

  // Whoever drives is looked at.
  const place = row?.place
  useEffect(() => {
    if (stage === 'drive' && place?.lon !== undefined && place.lat !== undefined) showOnMap({ lon: place.lon, lat: place.lat }, 14)
  }, [stage, place?.lon, place?.lat])
  useEffect(() => {
    if (stage !== 'look' && !tour.get()?.looked) keepTour({ looked: true })
    if (stage === 'place' && tour.get()?.took === undefined) keepTour({ took: Date.now() })
    if (stage === 'done' && tour.get()?.ended === undefined) keepTour({ ended: Date.now() })
  }, [stage])

  const end = () => {
    const speed = tour.get()?.speed
    endTour()
    if (speed !== undefined) void move('speed', { speed })
  }
  useSkipKey(on, end)
  return {
    on, stage, row, end,
    away: held?.incident !== '' && stage !== 'ended' && (open !== held?.incident || form === 'call'),
    back: () => openIncident(held?.incident ?? ''),
    next: () => keepTour({ looked: true }),
    again: () => { if (held) beginTour(worldNow(), true) },
    example: useExample(),
    tookS: held?.took !== undefined && held.ended !== undefined ? (held.ended - held.took) / 1000 : undefined,
  }
}

/** Finds the incident that the visitor took: it is open, he commands it, and it came after the tour began. */
function useOwnIncident(looking: boolean, actor: string | undefined, began: number): void {
  const { incidents } = useBoard()
  const { incident: open } = useStore(focus)
  const row = incidents.get(open)
  const his = looking && row !== undefined && row.commander?.actor === actor && ms(row.received) > began - slackMs
  useEffect(() => {
    if (his) keepTour({ incident: open })
  }, [his, open])
}

/** Gives the world the speed that a stage wants, and its own back. */
function usePace(on: boolean, stage: Stage, incident: string, refused: (p: NonNullable<Awaited<ReturnType<typeof move>>>) => void): void {
  const run = useStore(worldRun)
  const known = run !== undefined
  const set = useEffectEvent(async () => {
    const t = tour.get()
    const now = worldRun.get()
    if (!t || !now) return
    // Its own speed is written down once: between two stages the answer to the last change may still be on its way.
    if (t.speed === undefined) keepTour({ speed: now.chosen })
    const speed = paceOf[stage] ?? t.speed
    if (speed === undefined) return // It runs as it should.
    if (now.holding !== undefined && now.holding === incident && incident !== '') await move('release') // He commands it: nobody else touches it.
    const problem = await move('speed', { speed })
    if (problem) refused(problem)
  })
  useEffect(() => {
    if (on && known) void set()
  }, [on, known, stage])
  // A visitor who goes away in the middle leaves the world as he found it.
  useEffect(() => {
    const leave = () => {
      const speed = tour.get()?.speed
      if (speed !== undefined) lastWord('/demo/speed', { speed })
    }
    window.addEventListener('pagehide', leave)
    return () => window.removeEventListener('pagehide', leave)
  }, [])
}

/** The id of the form's field that has the keyboard. */
function useFocusedField(on: boolean): string {
  const [field, setField] = useState('')
  useEffect(() => {
    if (!on) return
    const look = () => {
      const id = document.activeElement?.closest('.call-form') ? (document.activeElement?.id ?? '') : ''
      if (id !== '') setField(id)
      else if (!document.querySelector('.call-form')) setField('')
    }
    look()
    document.addEventListener('focusin', look)
    return () => document.removeEventListener('focusin', look)
  }, [on])
  return field
}

/** Esc ends the tour when nothing else wanted it: a form, a choice or a sheet closes first. */
function useSkipKey(on: boolean, end: () => void): void {
  const skip = useEffectEvent(end)
  useEffect(() => {
    if (!on) return
    const listen = (e: KeyboardEvent) => {
      if (e.key !== 'Escape' || composing(e) || document.querySelector('dialog[open]')) return
      // Others that listen have had it only when the event is over.
      setTimeout(() => { if (!e.defaultPrevented) skip() }, 0)
    }
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [on])
}

/** Words that the map and the catalogue of this centre know, to type as an example. */
function useExample(): { place: string; type: string } {
  const { name } = useText()
  const { incidents } = useBoard()
  const types = useConfig().data?.types
  const known = [...incidents.values()].filter((i) => i.place?.street && i.type_name)
  const row = known.toSorted((a, b) => a.number - b.number)[0]
  return { place: row?.place?.street ?? '', type: name(row?.type_name, name(types?.[0]?.name)) }
}
