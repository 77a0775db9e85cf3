import { useEffect, useEffectEvent, useState } from 'react'
import { useText } from '../../i18n/i18n'
import { focus, notify, pick } from '../../lib/focus'
import { composing, covered, writing } from '../../lib/keys'
import { leavePast } from '../../lib/past'
import { useThen } from '../../lib/present'
import { useOf } from '../../lib/store'
import { Actions } from './Actions'
import { byDigit } from './arrange'
import { Around } from './Around'
import { Files } from './Files'
import { AssignmentList } from './AssignmentList'
import { IncidentHead } from './IncidentHead'
import { IncidentPrint } from './IncidentPrint'
import { Inset } from './Inset'
import { RecommendationList } from './RecommendationList'
import { Timeline } from './Timeline'
import { useIncidentPanel } from './use-incident-panel'
import { VerbForm } from './VerbForm'
import { verbs } from './verbs'

/** The open incident: what it is, what may be done now, who should go, and all that happened. */
export function IncidentPanel({ demo }: { demo: boolean }) {
  const id = useOf(focus, (f) => f.incident)
  const { t } = useText()
  if (id === '') {
    return (
      <section className="panel incident" aria-label={t('inc.panel')}>
        <div className="nothing"><h1>{t('inc.none')}</h1><p>{t('inc.none_help')}</p></div>
      </section>
    )
  }
  return <OpenIncident key={id} id={id} demo={demo} />
}

function OpenIncident({ id, demo }: { id: string; demo: boolean }) {
  const { t, reason } = useText()
  const panel = useIncidentPanel(id)
  const { row, detail, rec, timeline, dispatch } = panel
  const [verb, setVerb] = useState('')
  const then = useThen()

  // Letters, digits and Enter belong to the open incident while nobody writes and no list or button has the key.
  const onKey = useEffectEvent((e: KeyboardEvent) => {
    if (e.defaultPrevented || composing(e) || e.ctrlKey || e.altKey || e.metaKey || writing(e.target) || covered()) return
    if (focus.get().form === 'call') return
    if (e.key === 'Enter') {
      if (e.target instanceof HTMLButtonElement || e.target instanceof HTMLInputElement || !panel.sending || !dispatch?.allowed) return
      panel.press(false)
    } else if (e.key === 'Escape') {
      if (verb !== '') setVerb('')
      else if (panel.armed) panel.disarm()
      else return
    } else if (/^[1-9]$/.test(e.key)) {
      const item = byDigit(rec.data)[Number(e.key) - 1]
      if (!item) return
      pick(id, item.unit, !(panel.byHand.get(item.unit) ?? item.pick))
    } else if (e.key.toUpperCase() === 'E' && row?.next?.some((s) => s.verb === 'raise_wave')) {
      const step = row.next.find((s) => s.verb === 'raise_wave')
      if (step?.allowed) void panel.raise()
      else notify(reason(step), 'bad')
    } else {
      const step = row?.next?.find((s) => verbs[s.verb]?.key === e.key.toUpperCase())
      if (!step) return
      if (step.allowed) setVerb(step.verb)
      else notify(reason(step), 'bad')
    }
    e.preventDefault()
  })
  useEffect(() => {
    const listen = (e: KeyboardEvent) => onKey(e)
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [])

  const drop = (e: React.DragEvent) => {
    const unit = e.dataTransfer.getData('text/unit')
    if (unit === '' || !row) return
    e.preventDefault()
    pick(row.id, unit, true)
  }
  if (!row) {
    return (
      <section className="panel incident" aria-label={t('inc.panel')} aria-busy={!detail.isError}>
        <div className="nothing">
          <h1>{t(then ? 'story.past_no_incident' : detail.isError ? 'inc.gone' : 'inc.loading')}</h1>
          {then && <button type="button" className="btn" onClick={leavePast}>{t('story.past_back')} <kbd>Esc</kbd></button>}
        </div>
      </section>
    )
  }
  return (
    <section className="panel incident" aria-label={`${t('inc.panel')} #${row.number}`} onDragOver={(e) => e.preventDefault()} onDrop={drop}>
      <IncidentPrint row={row} items={timeline.data?.items} />
      <IncidentHead row={row} demo={demo} stale={detail.isError} />
      <Actions panel={panel} open={verb} onVerb={(v) => setVerb(v === verb ? '' : v)} />
      {verb !== '' && <VerbForm key={verb} row={row} verb={verb} onDone={() => setVerb('')} />}
      <div className="scroll">
        <AssignmentList row={row} />
        {panel.sending && dispatch?.allowed && <RecommendationList panel={panel} failed={rec.isError} />}
        <Around row={row} items={timeline.data?.items ?? []} onHandOver={() => setVerb('handover')} />
        <Files row={row} />
        <Inset row={row} />
        <Timeline row={row} items={timeline.data?.items} failed={timeline.isError} />
      </div>
    </section>
  )
}
