import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { createPortal } from 'react-dom'
import { useBoardNow } from '../../api/hooks'
import { useText } from '../../i18n/i18n'
import { openIncident, sheet } from '../../lib/focus'
import { composing, covered } from '../../lib/keys'
import { layers, ofNow } from '../../lib/layers'
import { useStore } from '../../lib/store'
import { clockTime, fullTime } from '../../lib/time'
import type { Spot } from './marks'
import { usePastBar } from './use-past-bar'
import './past.css'

/** The last hour under the map: whoever drags it sees the room as it was. Nothing can be done there; Esc is the present. */
export function PastBar() {
  const { t, problem } = useText()
  const bar = usePastBar()
  const kept = useStore(layers).shown
  const [map, setMap] = useState<Element | null>(null)
  const slider = useRef<HTMLInputElement>(null)
  const hidden = ofNow.some((l) => kept.has(l))
  const known = bar.range.data !== undefined
  useEffect(() => setMap(document.querySelector('section.map')), [])
  useEffect(() => { if (known) slider.current?.focus() }, [known, map])

  // Before any other Esc: it is the way back, whatever else is open. While somebody composes text it is the text's.
  const onKey = useEffectEvent((e: KeyboardEvent) => {
    if (e.key !== 'Escape' || composing(e) || covered()) return
    e.preventDefault()
    e.stopPropagation()
    if (bar.shown) bar.back()
    else sheet.set('')
  })
  useEffect(() => {
    const listen = (e: KeyboardEvent) => onKey(e)
    window.addEventListener('keydown', listen, true)
    return () => window.removeEventListener('keydown', listen, true)
  }, [])

  const body = (
    <section className={bar.shown ? 'past-bar looking' : 'past-bar'} aria-label={t('story.past')}>
      <div className="past-line">
        <button type="button" className="btn small" aria-label={t('story.past_before')} title={t('story.past_before')} onClick={() => bar.jump(-1)}>‹</button>
        <div className="past-track">
          <Marks list={bar.list} onGo={bar.go} />
          <input type="range" aria-label={t('story.past_slider')} aria-valuetext={bar.shown ? fullTime(bar.at) : t('story.past_now')} ref={slider} disabled={!bar.range.data}
            min={Math.ceil(bar.from / 1000) || 0} max={Math.floor(bar.to / 1000) || 1} step={1} value={Math.round(bar.at / 1000) || 1} onChange={(e) => bar.go(Number(e.target.value) * 1000)} />
        </div>
        <button type="button" className="btn small" aria-label={t('story.past_after')} title={t('story.past_after')} onClick={() => bar.jump(1)}>›</button>
        <button type="button" className="x" aria-label={t('app.close')} onClick={() => sheet.set('')}>×</button>
      </div>
      <div className="past-line dim">
        <span>{clockTime(bar.from)}</span>
        <Kinds list={bar.list} />
        {bar.failed && <span className="late" role="alert">{problem(bar.failed)}</span>}
        {bar.range.isError && !bar.range.data && <span className="late" role="alert">{t('story.past_failed')}</span>}
        {bar.shown && !bar.shown.placed && <span className="soon">{t('story.past_unplaced')}</span>}
        {bar.shown && hidden && <span className="dim">{t('story.past_layers')}</span>}
        <span className="end">{t('story.past_now')} {clockTime(bar.to)}</span>
      </div>
    </section>
  )
  return (
    <>
      {map ? createPortal(body, map) : body}
      {bar.shown && createPortal(<PastFrame at={bar.shown.at} onBack={bar.back} />, document.body)}
    </>
  )
}

/** What nobody can overlook: this is not now. What happens now is said beside it. */
export function PastFrame({ at, onBack }: { at: number; onBack: () => void }) {
  const { t } = useText()
  const { incidents, units, calls } = useBoardNow()
  const waiting = [...incidents.values()].filter((i) => i.queue === 'to_dispatch')
  const danger = [...units.values()].filter((u) => u.flags.duress).length
  const ringing = [...calls.values()].filter((c) => c.state === 'ringing').length
  const urgent = waiting.filter((i) => i.priority === 'P1')[0]
  return (
    <div className="past-frame">
      <div className="past-sign" role="status">
        <b>{t('story.past_sign', { at: clockTime(at) })}</b>
        <span>{t('story.past_read_only')}</span>
        <span className={danger > 0 || urgent ? 'past-now hot' : 'past-now'}>{t('story.past_meanwhile', { waiting: waiting.length, ringing, danger })}</span>
        {urgent && <button type="button" className="btn small" onClick={() => { onBack(); openIncident(urgent.id) }}>{t('story.past_urgent', { number: urgent.number })}</button>}
        <button type="button" className="btn small" onClick={onBack}>{t('story.past_back')} <kbd>Esc</kbd></button>
      </div>
    </div>
  )
}

const kinds = ['call', 'order', 'duress', 'alarm', 'alert', 'report'] as const

function Marks({ list, onGo }: { list: readonly Spot[]; onGo: (at: number) => void }) {
  const { t, word } = useText()
  return (
    <div className="past-marks">
      {list.map((m, n) => (
        <button key={`${m.at}-${m.kind}-${n}`} type="button" tabIndex={-1} className={`past-mark past-${m.kind}`} style={{ left: `${m.part * 100}%` }}
          title={t('story.past_mark', { at: clockTime(m.ms), kind: word('story.mark.', m.kind), number: m.number ? `#${m.number}` : (m.unit ?? '') })} aria-hidden="true" onClick={() => onGo(m.ms)} />
      ))}
    </div>
  )
}

function Kinds({ list }: { list: readonly Spot[] }) {
  const { word } = useText()
  return kinds.map((k) => {
    const n = list.filter((m) => m.kind === k).reduce((sum, m) => sum + m.count, 0)
    return n > 0 && <span key={k}><i className={`past-mark past-${k}`} /> {word('story.mark.', k)} {n}</span>
  })
}
