import { shownBoard, worldNow } from '../api/connection'
import { draftEpoch } from '../api/drafts'
import { useSession } from '../api/hooks'
import type { CommandAnswer } from '../api/types'
import { useText } from '../i18n/i18n'
import { focus, notify, openIncident, queueTab, sheet, showOnMap } from '../lib/focus'
import { useOf, useStore } from '../lib/store'
import { CallForm } from '../rooms/call/CallForm'
import { PaperCards } from '../rooms/call/PaperCards'
import { DemoPanel } from '../rooms/demo/DemoPanel'
import { beginTour, guided } from '../rooms/demo/tour'
import { TourCard } from '../rooms/demo/TourCard'
import { IncidentPanel } from '../rooms/incident/IncidentPanel'
import { QueuePanel } from '../rooms/queue/QueuePanel'
import type { Tab } from '../rooms/queue/use-queue'
import { UnitBoard } from '../rooms/unit/UnitBoard'
import { UnitCard } from '../rooms/unit/UnitCard'
import { DuressList } from './DuressList'
import { Everything } from './Everything'
import { KeyMap } from './KeyMap'
import { UnsentList } from './Unsent'

/** The panels of the rooms as the desk needs them: without properties, so that the list of panels can hold them. */

const close = (): void => sheet.set('')

export { PaperCards as CardsPanel, UnitBoard as UnitsPart }

/** The form of the call in hand. Another call, and a newer draft from the server, is another form. */
export function CallPanel() {
  const call = useOf(focus, (f) => f.call)
  const epoch = useStore(draftEpoch)
  return <CallForm key={`${call?.id ?? ''}~${epoch}`} />
}

// Enter in the list is the first of the two presses that send: it arms the large button and gives it the keyboard.
function toAction(): void {
  const send = document.querySelector<HTMLElement>('.incident .send')
  send?.focus()
  send?.click()
}

export function QueuePart() {
  const { actor, seat } = useSession().data ?? {}
  const tab = useStore(queueTab) as Tab
  return <QueuePanel actor={actor} seat={seat} tab={tab} onTab={queueTab.set} onEnter={toAction} />
}

export function IncidentPart() {
  return <IncidentPanel demo={useSession().data?.world === 'demo'} />
}

export function UnitCardPart() {
  return useOf(focus, (f) => f.unit) === '' ? null : <UnitCard />
}

export function TourPart() {
  return useSession().data?.world === 'demo' ? <TourCard /> : null
}

export function DuressSheet() {
  return <DuressList onClose={close} />
}

export function EverythingSheet() {
  return <Everything onClose={close} />
}

export function UnsentSheet() {
  return <UnsentList onClose={close} />
}

export function KeySheet() {
  return <KeyMap onClose={close} />
}

/** What moves the world of a demonstration; no other world has it. */
export function DemoSheet() {
  const { t } = useText()
  const session = useSession().data
  if (session?.world !== 'demo') return null
  const tour = () => {
    close()
    openIncident('')
    beginTour(worldNow())
  }
  return <DemoPanel onClose={close} onTour={tour} tourRefused={guided(session.role) ? '' : t('tour.refused')} />
}

/** Shows what a line of the command line names: "42" opens an incident, "e06" shows a unit; the answer says which. */
export function useShow(): (answer: CommandAnswer) => void {
  const { t, reason } = useText()
  return (answer) => {
    if (answer.show?.kind === 'incident') return openIncident(answer.show.id)
    const shown = answer.show?.kind === 'unit' ? shownBoard().units.get(answer.show.id) : undefined
    if (!shown) return notify([t('cmd.done'), reason(answer.preview)].filter(Boolean).join(' · '))
    focus.set((f) => ({ ...f, unit: shown.id }))
    if (shown.position) showOnMap(shown.position, 15)
  }
}
