import { write } from '../../api/client'
import { useBoard, useConfig, useCry } from '../../api/hooks'
import { send } from '../../api/outgoing'
import { Fragment, useState } from 'react'
import { useText } from '../../i18n/i18n'
import { focus, notify, openIncident, pick, picks, pointing, showOnMap, type Point } from '../../lib/focus'
import { useStore } from '../../lib/store'
import { lookOf, Shape, useUnitWord } from '../../ui/marks'
import { Street } from '../../ui/Street'
import { usePastOff } from '../../ui/past-off'
import { Age, Since } from '../../ui/ticking'
import { StackList } from './StackList'

const stages: Record<string, string> = { sign_at_desk: 'desk_signed', acknowledge: 'acknowledged', clear: 'cleared' }

/** The unit that was clicked: what it does, since when, and what its radio word may be next. */
export function UnitCard() {
  const { unit: id, incident } = useStore(focus)
  const { units, incidents } = useBoard()
  const picked = useStore(picks)
  const config = useConfig().data
  const [out, setOut] = useState('')
  const [safe, setSafe] = useState('')
  const { t, name, word, reason, problem } = useText()
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
    const path = `/units/${encodeURIComponent(unit.id)}`
    if (verb === 'duress') return cry(`${path}/duress`)
    const told =
      verb === 'clear_duress' ? await write(`${path}/duress`, { on: false, text: safe.trim() })
      : verb === 'lose_contact' || verb === 'regain_contact' ? await write(`${path}/contact`, { lost: verb === 'lose_contact' })
      : verb === 'heard' ? await write(`${path}/heard`, {})
      : verb === 'backup' ? await write(`${path}/backup`, { count: 1 })
      : await write(`${path}/status`, { to: stages[verb] ?? verb, ...(unit.incident ? { incident: unit.incident } : {}), ...(verb === 'unavailable' && out ? { reason: out } : {}) })
    if (told.ok) {
      if (verb === 'clear_duress') setSafe('')
      notify(`${unit.call_sign} ${word('verb.', verb)}`)
    }
    else notify(problem(told.problem), 'bad')
  }

  // Officers in danger are heard also when the server comes back only later.
  const cry = async (path: string) => {
    const words = `${unit.call_sign} ${word('verb.', 'duress')}`
    const told = await send({ path, body: { on: true }, words, subject: `unit/${unit.id}` })
    if (told.state === 'refused') notify(problem(told.problem), 'bad')
    else if (told.state === 'waiting') notify(t('frame.waits', { what: words }), 'bad')
    else notify(words)
  }
  // Where to wait is a place on the map: the next click there.
  const standBy = async (place: Point) => {
    const told = await write(`/units/${encodeURIComponent(unit.id)}/standby`, { place })
    notify(told.ok ? t('standby.ordered', { unit: unit.call_sign }) : problem(told.problem), told.ok ? 'good' : 'bad')
  }
  const endStandby = async () => {
    const told = await write(`/units/${encodeURIComponent(unit.id)}/end-standby`, {})
    notify(told.ok ? t('standby.ended', { unit: unit.call_sign }) : problem(told.problem), told.ok ? 'good' : 'bad')
  }
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
