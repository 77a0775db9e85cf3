import { useBoard, useSaid } from '../../api/hooks'
import { useText } from '../../i18n/i18n'
import { closeCallForm } from '../../lib/focus'
import { NowMark } from '../../ui/NowMark'
import { PremiseWarnings, RaiseStrip, TypeHints } from './Advice'
import { AppointmentField } from './AppointmentField'
import './call.css'
import { CallerStrip } from './CallerStrip'
import { Partners } from './Partners'
import { PlaceField } from './PlaceField'
import { Questions } from './Questions'
import { Radar } from './Radar'
import { TypeField } from './TypeField'
import { useCallForm } from './use-call-form'

/** The form of a new call: place, type, what happened, Enter. Everything may be empty. */
export function CallForm() {
  const { t, name } = useText()
  const f = useCallForm()
  const { draft, change, call, config, hints } = f
  const said = useSaid(f.demo ? call?.id : undefined).data
  const from = useBoard().calls.get(call?.id ?? '')?.place
  const near = from?.lon !== undefined && from.lat !== undefined ? { lon: from.lon, lat: from.lat } : undefined
  const route = hints?.route
  return (
    <section className="panel incident" aria-label={t('call.form')}>
      <form ref={f.form} className="call-form" aria-label={t('call.form')} onKeyDown={f.onKeyDown} onSubmit={(e) => { e.preventDefault(); void f.submit() }}>
        <h1>{t('call.title')} <NowMark />{call && <span className="dim">{t('call.from', { number: call.number ?? '' })}</span>}</h1>
        {said?.simulated && <p className="said"><span className="dim">{t('call.said')}</span> {said.place || said.words ? <q>{[said.place, said.words].filter(Boolean).join('。')}</q> : t('call.says_nothing')}</p>}
        <CallerStrip caller={hints?.caller} call={call?.id} looking={f.looking} onLook={() => f.setLooking(true)} onUrge={f.urge} />
        <PlaceField text={draft.placeText} place={draft.place} near={near} change={change} onNext={() => f.go('call-type')} />
        <PremiseWarnings found={hints?.premises ?? []} />
        <TypeField draft={draft} types={config?.types ?? []} change={change} onNext={() => f.go('call-narrative')} />
        {route && <p className="route" role="alert"><b>→ {t(route.code === 'seat_first' ? 'intake.route_seat' : 'intake.route_partner', { name: name(route.name ?? undefined, route.seat ?? route.partner ?? '') })}</b></p>}
        <fieldset className="many priority-field"><legend>{t('form.priority')}</legend>
          {['P1', 'P2', 'P3', 'P4'].map((p) => (
            <label key={p} className={draft.priority === p ? 'on' : ''}>
              <input type="radio" name="priority" value={p} checked={draft.priority === p} onChange={() => change({ priority: p })} /> {p} <small>{name(config?.priorities.find((x) => x.id === p)?.name).replace(p, '').trim()}</small>
            </label>
          ))}
        </fieldset>
        <div className="field"><label htmlFor="call-narrative">{t('call.narrative')}</label>
          <textarea id="call-narrative" rows={3} placeholder={t('call.narrative_help')} value={draft.narrative} onChange={(e) => change({ narrative: e.target.value })} />
        </div>
        <TypeHints found={hints?.types ?? []} onTake={f.takeType} />
        <Radar found={hints?.duplicates ?? []} call={call !== undefined} onAttach={(to) => void f.attach(to)} />
        <RaiseStrip raise={f.raise} config={config} onTake={f.takeRaise} />
        {f.type?.script && <p className="script" role="note"><span className="dim">{t('intake.script')}</span> {name(f.type.script, '')}</p>}
        <Questions questions={f.questions} draft={draft} answer={f.answer} onDone={() => f.go('call-narrative')} />
        <div className="pair">
          <div className="field"><label htmlFor="call-number">{t('call.number')}</label><input id="call-number" type="text" inputMode="tel" autoComplete="off" value={draft.number} onChange={(e) => change({ number: e.target.value })} /></div>
          <div className="field"><label htmlFor="call-name">{t('call.name')}</label><input id="call-name" type="text" autoComplete="off" value={draft.name} onChange={(e) => change({ name: e.target.value })} /></div>
        </div>
        <AppointmentField draft={draft} change={change} leadS={config?.scheduled_lead_s ?? 1800} />
        <Partners config={config} type={f.type} draft={draft} change={change} />
        <fieldset className="many"><legend>{t('form.tags')}</legend>
          {(config?.tags ?? []).map((g) => (
            <label key={g.id}><input type="checkbox" checked={draft.tags.includes(g.id)} onChange={(e) => change({ tags: e.target.checked ? [...draft.tags, g.id] : draft.tags.filter((x) => x !== g.id) })} /> {name(g.name, g.id)}</label>
          ))}
        </fieldset>
        <div className="btns">
          <button type="submit" className="btn go send" aria-disabled={f.busy}>{t(f.busy ? 'call.saving' : 'call.save')} <kbd>⏎</kbd></button>
          <button type="button" className="btn" onClick={f.clear}>{t('call.clear')}</button>
          <button type="button" className="btn" onClick={closeCallForm}>{t('app.close')} <kbd>Esc</kbd></button>
        </div>
        <p className="hint">{t('call.save_empty')} · {t('intake.keys')}</p>
      </form>
    </section>
  )
}
