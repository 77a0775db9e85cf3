import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { lastWord } from '../../api/client'
import { worldNow, worldRun } from '../../api/connection'
import { useBoard, useBoardRead, useIncident, useSession } from '../../api/hooks'
import { focus, notify, openIncident, showTogether } from '../../lib/focus'
import { composing, covered } from '../../lib/keys'
import { useStore } from '../../lib/store'
import { ms } from '../../lib/time'
import { useText } from '../../i18n/i18n'
import { useExample } from './examples'
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
  const { incidents, calls, units } = useBoard()
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

  // Whoever drives is looked at, with where he goes: once for each car that is on its way.
  const place = row?.place
  const cars = stage !== 'drive' ? [] : (row?.assignments ?? []).filter((a) => !a.recalled && a.stage !== 'cleared' && units.get(a.unit)?.position)
  const show = useEffectEvent(() => {
    const at = place?.lon !== undefined && place.lat !== undefined ? [{ lon: place.lon, lat: place.lat }] : []
    showTogether([...at, ...cars.flatMap((a) => units.get(a.unit)?.position ?? [])])
  })
  useEffect(() => {
    if (cars.length > 0) show()
  }, [cars.length])
  useEffect(() => {
    if (stage !== 'look' && !tour.get()?.looked) keepTour({ looked: true })
    if (stage === 'place' && tour.get()?.took === undefined) keepTour({ took: Date.now() })
    if (stage === 'done' && tour.get()?.ended === undefined) keepTour({ ended: Date.now() })
  }, [stage])

  const end = () => {
    const incident = tour.get()?.incident ?? ''
    endTour()
    void move('lend', { seconds: 0, incident })
  }
  useSkipKey(on, end)
  return {
    on, stage, row, end, writing: form === 'call',
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

// The world lends the tour its speed for this long, and the tour asks again in time. A page that goes needs a moment to come
// back when it is only read anew.
const lendS = 10
const leaveS = 3
const askEveryMs = 2000

/** Borrows the speed that a stage wants from the world. Whoever goes away without a word leaves it as it was. */
function usePace(on: boolean, stage: Stage, incident: string, refused: (p: NonNullable<Awaited<ReturnType<typeof move>>>) => void): void {
  const run = useStore(worldRun)
  const known = run !== undefined
  const set = useEffectEvent(async () => {
    const t = tour.get()
    const now = worldRun.get()
    if (!t || !now) return
    const speed = paceOf[stage]
    if (now.holding !== undefined && now.holding === incident && incident !== '') await move('release') // He commands it: nobody else touches it.
    const problem = await move('lend', speed === undefined ? { seconds: 0 } : { speed, seconds: lendS, incident })
    if (problem) refused(problem)
  })
  const lends = paceOf[stage] !== undefined
  const lent = useEffectEvent((seconds: number) => {
    const loan = { seconds, incident: tour.get()?.incident ?? '' }
    if (seconds === leaveS) lastWord('/demo/lend', loan)
    else void move('lend', loan)
  })
  useEffect(() => {
    if (on && known) void set()
  }, [on, known, stage])
  useEffect(() => {
    if (!on || !lends) return
    const timer = setInterval(() => lent(lendS), askEveryMs)
    const leave = () => lent(leaveS)
    // Where nobody looks the browser asks too seldom, and the speed is gone.
    const back = () => { if (document.visibilityState === 'visible') void set() }
    window.addEventListener('pagehide', leave)
    document.addEventListener('visibilitychange', back)
    return () => {
      clearInterval(timer)
      window.removeEventListener('pagehide', leave)
      document.removeEventListener('visibilitychange', back)
    }
  }, [on, lends])
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
      if (e.key !== 'Escape' || composing(e) || covered()) return
      // Others that listen have had it only when the event is over.
      setTimeout(() => { if (!e.defaultPrevented) skip() }, 0)
    }
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [on])
}
