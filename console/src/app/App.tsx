import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { board, worldNow } from '../api/connection'
import type { CommandAnswer } from '../api/types'
import { useText } from '../i18n/i18n'
import { closeCallForm, focus, notify, openCallForm, openIncident, showOnMap, turnCover } from '../lib/focus'
import { composing, writing } from '../lib/keys'
import { layers, turnLayer } from '../lib/layers'
import { useStore } from '../lib/store'
import { MapPanel } from '../map/MapPanel'
import { CallForm } from '../rooms/call/CallForm'
import { PaperCards } from '../rooms/call/PaperCards'
import { CommandLine } from '../rooms/command/CommandLine'
import { CoverPanel } from '../rooms/cover/CoverPanel'
import { DemoPanel } from '../rooms/demo/DemoPanel'
import { beginTour, guided } from '../rooms/demo/tour'
import { TourCard } from '../rooms/demo/TourCard'
import { IncidentPanel } from '../rooms/incident/IncidentPanel'
import { QueuePanel } from '../rooms/queue/QueuePanel'
import { tabs, type Tab } from '../rooms/queue/use-queue'
import { UnitBoard } from '../rooms/unit/UnitBoard'
import { UnitCard } from '../rooms/unit/UnitCard'
import { DuressList } from './DuressList'
import { KeyMap } from './KeyMap'
import { theme } from './theme'
import { TopBar } from './TopBar'
import { useSeat } from './use-seat'

type Overlay = '' | 'keys' | 'duress'

/** The desk of one seat. */
export function App() {
  const { t, reason } = useText()
  const { session, actor, state } = useSeat()
  const look = useStore(theme)
  const { form, unit } = useStore(focus)
  const [tab, setTab] = useState<Tab>('to_dispatch')
  const [overlay, setOverlay] = useState<Overlay>('')
  const [moving, setMoving] = useState(false)
  const command = useRef<HTMLInputElement>(null)

  const demo = session?.world === 'demo'
  useGlobalKeys(setTab, setOverlay, () => command.current?.focus(), () => { if (demo) setMoving((on) => !on) })

  // "42" opens an incident, "e06" shows a unit: the answer says which.
  const onDone = (answer: CommandAnswer) => {
    if (answer.show?.kind === 'incident') return openIncident(answer.show.id)
    const shown = answer.show?.kind === 'unit' ? board.get().units.get(answer.show.id) : undefined
    if (!shown) return notify([t('cmd.done'), reason(answer.preview)].filter(Boolean).join(' · '))
    focus.set((f) => ({ ...f, unit: shown.id }))
    if (shown.position) showOnMap(shown.position, 15)
  }
  // Enter in the list is the first of the two presses that send: it arms the large button and gives it the keyboard.
  const toAction = () => {
    const send = document.querySelector<HTMLElement>('.incident .send')
    send?.focus()
    send?.click()
  }

  return (
    <main className={state === 'frozen' ? 'desk frozen' : 'desk'}>
      <TopBar session={session} moving={moving} onWorld={() => setMoving(!moving)} onDuress={() => setOverlay('duress')} onVoids={() => { if (form !== 'cover') turnCover() }} onKeys={() => setOverlay('keys')} />
      <QueuePanel actor={actor} seat={session?.seat} tab={tab} onTab={setTab} onEnter={toAction} />
      <MapPanel theme={look} attribution={session?.attribution} />
      {form === 'call' ? <CallForm /> : form === 'cover' ? <CoverPanel /> : <IncidentPanel demo={demo} />}
      <UnitBoard />
      {unit !== '' && <UnitCard />}
      <PaperCards />
      <CommandLine ref={command} onDone={onDone} />
      {moving && <DemoPanel onClose={() => setMoving(false)} onTour={() => { setMoving(false); openIncident(''); beginTour(worldNow()) }} tourRefused={guided(session?.role) ? '' : t('tour.refused')} />}
      {demo && <TourCard />}
      {overlay === 'keys' && <KeyMap onClose={() => setOverlay('')} />}
      {overlay === 'duress' && <DuressList onClose={() => setOverlay('')} />}
    </main>
  )
}

function useGlobalKeys(setTab: (tab: Tab) => void, setOverlay: (o: Overlay) => void, toCommand: () => void, toWorld: () => void): void {
  const onKey = useEffectEvent((e: KeyboardEvent) => {
    if (composing(e)) return
    const tab = e.altKey && /^[1-9]$/.test(e.key) ? tabs[Number(e.key) - 1] : undefined
    if (e.key === 'Escape' && document.querySelector('dialog[open]')) return // The sheet closes itself.
    if (e.key === 'F2') {
      setOverlay('')
      openCallForm()
    }
    else if (e.key === 'F8') {
      setOverlay('')
      toCommand()
    }
    else if (e.key === 'F9') setOverlay('duress')
    else if (tab) setTab(tab)
    else if (e.altKey && e.code === 'Digit0') toWorld()
    else if (e.altKey && e.code === 'Digit9') turnCover()
    else if (e.altKey && (e.code === 'Digit8' || e.code === 'Digit7')) {
      const layer = e.code === 'Digit8' ? 'rings' : 'cover'
      turnLayer(layer, !layers.get().shown.has(layer))
    }
    else if (e.altKey && e.code === 'Digit6') location.assign('/study')
    else if (writing(e.target) || e.ctrlKey || e.altKey || e.metaKey) return
    else if (e.key === '/' || e.key === '、') toCommand()
    else if (e.key === '?') setOverlay('keys')
    else if (e.key === 'Escape' && focus.get().form === 'call') closeCallForm()
    else if (e.key === 'Escape' && focus.get().form === 'cover' && focus.get().unit === '') turnCover()
    else if (e.key === 'Escape' && focus.get().unit !== '') focus.set((f) => ({ ...f, unit: '' }))
    else return
    e.preventDefault()
  })
  useEffect(() => {
    const listen = (e: KeyboardEvent) => onKey(e)
    // A button that was clicked with the mouse gives the keyboard back: Enter then means the incident, not the button.
    const letGo = (e: MouseEvent) => {
      const held = document.activeElement
      if (e.detail > 0 && held instanceof HTMLButtonElement && !held.closest('dialog')) held.blur()
    }
    window.addEventListener('keydown', listen)
    window.addEventListener('click', letGo)
    return () => {
      window.removeEventListener('keydown', listen)
      window.removeEventListener('click', letGo)
    }
  }, [])
}
