import { useBoard, useConfig, useCry } from '../../api/hooks'
import type { Intent } from '../../api/queue'
import type { UnitRow } from '../../api/types'
import { Fragment, useState } from 'react'
import { useText } from '../../i18n/i18n'
import { focus, notify, openIncident, pick, picks, pointing, showOnMap, type Point } from '../../lib/focus'
import { useStore } from '../../lib/store'
import { lookOf, Shape, useUnitWord } from '../../ui/marks'
import { Street } from '../../ui/Street'
import { usePastOff } from '../../ui/past-off'
import { aboutUnit, cryFor, tell } from '../../ui/tell'
import { Age, Since } from '../../ui/ticking'
import { StackList } from './StackList'

const stages: Record<string, string> = { sign_at_desk: 'desk_signed', acknowledge: 'acknowledged', clear: 'cleared' }

/** What is sent for a unit's word. */
function wordOf(unit: UnitRow, verb: string, said: { words: string; out: string; safe: string }): Intent {
  switch (verb) {
    case 'duress': return cryFor(unit, said.words)
    case 'heard': return aboutUnit(unit, 'heard', {}, said.words)
    case 'clear_duress': return aboutUnit(unit, 'duress', { on: false, text: said.safe }, said.words)
    case 'lose_contact': return aboutUnit(unit, 'contact', { lost: true }, said.words)
    case 'regain_contact': return aboutUnit(unit, 'contact', { lost: false }, said.words)
    case 'backup': return aboutUnit(unit, 'backup', { count: 1 }, said.words)
    default: return aboutUnit(unit, 'status', { to: stages[verb] ?? verb, ...(unit.incident ? { incident: unit.incident } : {}), ...(verb === 'unavailable' && said.out ? { reason: said.out } : {}) }, said.words)
  }
}

/** The unit that was clicked: what it does, since when, and what its radio word may be next. */
export function UnitCard() {
  const { unit: id, incident } = useStore(focus)
  const { units, incidents } = useBoard()
  const picked = useStore(picks)
  const config = useConfig().data
  const [out, setOut] = useState('')
  const [safe, setSafe] = useState('')
  const { t, name, word, reason } = useText()
  const say = useUnitWord()
  const unit = units.get(id)
  const cryNow = useCry(id)
  const off = usePastOff()
  if (!unit) return null
  const close = () => focus.set((f) => ({ ...f, unit: '' }))
  const target = incidents.get(incident)
  const isPicked = target !== undefined && picked.incident === target.id && picked.units.get(unit.id) === true

  const act = async (verb: string) => {
    if (verb === 'standby') return pointing.set(() => (place: Point) => void standBy(place))
    const words = `${unit.call_sign} ${word('verb.', verb)}`
    const told = await tell(wordOf(unit, verb, { words, out, safe: safe.trim() }), words)
    if (verb === 'clear_duress' && told.state !== 'refused') setSafe('')
  }
  // Where to wait is a place on the map: the next click there.
  const standBy = (place: Point) => tell(aboutUnit(unit, 'standby', { place }, `${unit.call_sign} ${t('verb.standby').replace('…', '')}`), t('standby.ordered', { unit: unit.call_sign }))
  const endStandby = () => tell(aboutUnit(unit, 'end-standby', {}, `${unit.call_sign} ${t('standby.end')}`), t('standby.ended', { unit: unit.call_sign }))
  return (
    <aside className="unit-card" aria-label={t('unit.card', { unit: unit.call_sign })}>
      <header>
        <Shape look={lookOf(unit)} /> <b>{unit.call_sign}</b> <span>{name(unit.kind_name, unit.kind)}</span>
        <span className="dim">{say(unit)} <Since at={unit.flags?.duress?.since ?? unit.stage_since ?? unit.since} /></span>
        <button type="button" className="x" aria-label={t('app.close')} onClick={close}>×</button>
      </header>
      <p className="dim">
        {name(unit.station_name, unit.station)}{unit.officers ? ` · ${t('unit.crew', { officers: unit.officers })}` : ''}
        {' · '}
        {unit.position ? <>{t(unit.position.state === 'trusted' ? 'rec.position' : unit.position.state === 'suspect' ? 'unit.position_suspect' : 'unit.position_stale', { age: '' })} <Age at={unit.position.at} /></> : t('unit.position_none')}
        {unit.reason && ` · ${reason({ code: 'unavailable', params: { reason: unit.reason } })}`}
        {unit.silent_at && <>{' · '}{t('disp.last_word')} <Since at={unit.heard} /></>}
      </p>
      <StackList unit={unit} />
      {unit.standby && (
        <p className="standby">
          <span>{name(unit.standby.name, '') ? t('standby.at', { place: name(unit.standby.name) }) : <Street at={unit.standby.place} say={(place) => t('standby.at', { place })} />} <Since at={unit.standby.since} /></span>
          <button type="button" className="btn small" {...off} onClick={() => void endStandby()}>{t('standby.end')}</button>
        </p>
      )}
      <div className="btns">
        {target && unit.dispatchable && (
          <button type="button" className="btn small" onClick={() => pick(target.id, unit.id, !isPicked)}>
            {t(isPicked ? 'unit.unpick' : 'unit.pick', { number: target.number })}
          </button>
        )}
        {unit.incident && <button type="button" className="btn small" onClick={() => openIncident(unit.incident ?? '')}>{t('unit.open_incident', { number: unit.incident_number })}</button>}
        {unit.position && <button type="button" className="btn small" onClick={() => unit.position && showOnMap(unit.position, 15)}>{t('unit.center')}</button>}
      </div>
      <div className="btns">
        {(unit.next ?? []).filter((s) => s.verb !== 'end_standby' && s.verb !== 'acknowledge_duress').map((s) => (s.verb === 'duress' ? (cryNow ?? s) : s)).map((s) => (
          <Fragment key={s.verb}>
          {s.verb === 'unavailable' && s.allowed && (
            <select aria-label={t('form.reason')} value={out} onChange={(e) => setOut(e.target.value)}>
              <option value="">{t('form.reason')}</option>
              {(config?.unavailable_reasons ?? []).map((r) => <option key={r.id} value={r.id}>{name(r.name, r.id)}</option>)}
            </select>
          )}
          {s.verb === 'clear_duress' && s.allowed && (
            <input aria-label={t('unit.safe_how')} placeholder={t('unit.safe_how')} value={safe} onChange={(e) => setSafe(e.target.value)} />
          )}
          <button
            type="button"
            className={s.verb === 'duress' ? 'btn small danger' : 'btn small'}
            aria-disabled={!s.allowed}
            title={s.allowed ? `${unit.call_sign} ${word('verb.', s.verb)}` : reason(s)}
            onClick={() => (s.allowed ? void act(s.verb) : notify(reason(s), 'bad'))}
          >
            {word('verb.', s.verb)}
          </button>
          </Fragment>
        ))}
      </div>
    </aside>
  )
}
