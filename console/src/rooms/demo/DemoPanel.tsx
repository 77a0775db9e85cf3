import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import { worldRun } from '../../api/connection'
import type { Step, Surge } from '../../api/types'
import { useText } from '../../i18n/i18n'
import { composing } from '../../lib/keys'
import { useStore } from '../../lib/store'
import { useDemoPanel, useSurgeText } from './use-demo'
import './demo.css'

type Props = { onClose: () => void; onTour: () => void; tourRefused: string }

const speeds = [1, 2, 5, 10, 30]
const steps = [10, 60]
// What a world that cannot change it would offer.
const usualSurges: readonly Surge[] = [{ kind: 'none' }, { kind: 'festival' }, { kind: 'storm' }, { kind: 'none', factor: 10 }]

/** How a demonstration's world is moved: its time, its calls, its big incidents. It lies over the map and nothing else. */
export function DemoPanel({ onClose, onTour, tourRefused }: Props) {
  const { t, name, reason } = useText()
  const surgeText = useSurgeText()
  const { demo, failed, step, press } = useDemoPanel()
  const run = useStore(worldRun)
  const [chosen, setChosen] = useState('')
  const [why, setWhy] = useState('')
  const first = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    const before = document.activeElement
    first.current?.focus()
    return () => {
      if (before instanceof HTMLElement) before.focus()
    }
  }, [])

  const paused = run?.paused ?? false
  const surge = step('surge')
  const scenario = step('scenario')
  const scenarios = demo?.scenarios ?? []
  const big = scenarios.find((s) => s.id === chosen) ?? scenarios[0]
  // A button that cannot be used says why, where it is pointed at and when it is pressed.
  const off = (s: Step) => ({
    'aria-disabled': !s.allowed,
    title: s.allowed ? undefined : reason(s),
    onPointerEnter: () => setWhy(s.allowed ? '' : reason(s)),
    onFocus: () => setWhy(s.allowed ? '' : reason(s)),
  })
  const state = paused ? t('demo.paused') : run?.holding ? t('demo.held') : t('demo.running', { speed: run?.speed })
  const onKeyDown = (e: KeyboardEvent) => {
    if (composing(e) || e.key !== 'Escape') return
    e.preventDefault()
    e.stopPropagation()
    onClose()
  }
  return (
    <section className="demo-panel" aria-label={t('demo.panel')} onKeyDown={onKeyDown} onPointerLeave={() => setWhy('')}>
      <header>
        <h2>{t('demo.panel')}</h2>
        <span className={paused ? 'soon' : 'dim'} role="status">{state}</span>
        <button type="button" className="x" aria-label={t('app.close')} title="Esc" onClick={onClose}>×</button>
      </header>
      <div className="line" role="group" aria-label={t('demo.time')}>
        <span className="dim">{t('demo.time')}</span>
        <button ref={first} type="button" className={paused ? 'btn small on' : 'btn small'} aria-pressed={paused} onClick={() => void press(paused ? 'resume' : 'pause')}>
          {t(paused ? 'demo.resume' : 'demo.pause')}
        </button>
        {steps.map((s) => (
          <button key={s} type="button" className="btn small" {...off(step('step'))} onClick={() => (step('step').allowed ? void press('step', { seconds: s }) : setWhy(reason(step('step'))))}>
            {t('demo.step', { time: s })}
          </button>
        ))}
      </div>
      <div className="line" role="group" aria-label={t('top.speed')}>
        <span className="dim">{t('demo.speed')}</span>
        {speeds.map((s) => (
          <button key={s} type="button" className={run?.chosen === s ? 'btn small on' : 'btn small'} aria-pressed={run?.chosen === s} onClick={() => void press('speed', { speed: s })}>×{s}</button>
        ))}
      </div>
      <div className="line" role="group" aria-label={t('demo.surge')}>
        <span className="dim">{t('demo.surge')}</span>
        {(demo?.surges.length ? demo.surges : usualSurges).map((s) => {
          const on = run?.surge?.kind === s.kind && run.surge.factor === s.factor
          return (
            <button key={`${s.kind}${s.factor}`} type="button" className={on ? 'btn small on' : 'btn small'} aria-pressed={on} {...off(surge)} onClick={() => (surge.allowed ? void press('surge', s) : setWhy(reason(surge)))}>
              {surgeText(s)}
            </button>
          )
        })}
      </div>
      <div className="line">
        <label className="dim" htmlFor="demo-scenario">{t('demo.scenario')}</label>
        <select id="demo-scenario" value={big?.id ?? ''} disabled={scenarios.length === 0} onChange={(e) => setChosen(e.target.value)}>
          {scenarios.length === 0 && <option value="">{t('app.none')}</option>}
          {scenarios.map((s) => <option key={s.id} value={s.id}>{name(s.name, s.id)}</option>)}
        </select>
        <button
          type="button"
          className="btn small"
          {...off(scenario)}
          onClick={() => (scenario.allowed && big ? void press('scenario', { id: big.id }, t('demo.begun', { name: name(big.name, big.id) })) : setWhy(reason(scenario)))}
        >
          {t('demo.begin')}
        </button>
      </div>
      <footer>
        <p className="why" aria-live="polite">{failed ? t('demo.failed') : why || (surge.allowed || !demo ? '' : reason(surge))}</p>
        <button type="button" className="btn small" aria-disabled={tourRefused !== ''} title={tourRefused || undefined} onFocus={() => setWhy(tourRefused)} onPointerEnter={() => setWhy(tourRefused)} onClick={() => (tourRefused === '' ? onTour() : setWhy(tourRefused))}>{t('demo.tour')}</button>
      </footer>
    </section>
  )
}
