import { useState } from 'react'
import { worldNow } from '../../api/connection'
import { useConfig } from '../../api/hooks'
import { useText } from '../../i18n/i18n'
import { closePanel, openIncident } from '../../lib/focus'
import { useStore } from '../../lib/store'
import { fullTime } from '../../lib/time'
import { begin, drop, entries } from './entries'
import { check, stepsOf, type CardForm, type CardUnit } from './entry'
import './entry.css'

const noUnit: CardUnit = { unit: '', sent: '', arrived: '', cleared: '' }
const blank: CardForm = { card: '', time: '', place: '', what: '', units: [noUnit, noUnit], note: '' }

/** A paper card goes into the journal, with the times at which things happened. */
export function EntryPanel() {
  const { t, name, problem } = useText()
  const config = useConfig().data
  const waiting = useStore(entries)
  const [form, setForm] = useState<CardForm>(blank)
  const [said, setSaid] = useState('')
  const set = (more: Partial<CardForm>) => setForm((f) => ({ ...f, ...more }))
  const setUnit = (n: number, more: Partial<CardUnit>) => {
    const units = form.units.map((u, at) => (at === n ? { ...u, ...more } : u))
    set({ units: units.at(-1)?.unit ? [...units, noUnit] : units }) // There is always room for one more.
  }
  const submit = () => {
    const now = worldNow()
    const wrong = check(form, now, fullTime(now))
    if (wrong) return setSaid(t(wrong.key, wrong.params))
    setSaid('')
    begin(form.card.trim(), stepsOf(form, now, fullTime(now)))
    setForm(blank)
  }
  const text = (key: 'card' | 'time' | 'place' | 'name' | 'number', label: string, first = false) => (
    <label className="field"><span>{label}</span><input autoFocus={first} autoComplete="off" placeholder={key === 'time' ? '14:20' : ''} value={form[key] ?? ''} onChange={(e) => set({ [key]: e.target.value })} /></label>
  )
  const pick = (key: 'type' | 'priority', label: string, options: readonly { id: string; words: string }[]) => (
    <label className="field"><span>{label}</span><select value={form[key] ?? ''} onChange={(e) => set({ [key]: e.target.value })}><option value="">{t('form.not_given')}</option>{options.map((o) => <option key={o.id} value={o.id}>{o.words}</option>)}</select></label>
  )
  const time = (n: number, u: CardUnit, key: 'sent' | 'arrived' | 'cleared', label: string) => <input aria-label={label} placeholder={label} autoComplete="off" value={u[key]} onChange={(e) => setUnit(n, { [key]: e.target.value })} />
  return (
    <section className="panel entry" aria-label={t('story.entry')}>
      <header className="entry-head"><h1>{t('story.entry')}</h1><button type="button" className="x" aria-label={t('app.close')} onClick={closePanel}>×</button></header>
      <form className="entry-form scroll" onSubmit={(e) => { e.preventDefault(); submit() }}>
        <p className="dim">{t('story.entry_help')}</p>
        <div className="entry-pair">{text('card', t('story.entry_card'), true)}{text('time', t('story.entry_time'))}</div>
        {text('place', t('story.entry_place'))}
        <label className="field"><span>{t('story.entry_what')}</span><textarea rows={3} value={form.what} onChange={(e) => set({ what: e.target.value })} /></label>
        <div className="entry-pair">
          {pick('type', t('story.entry_type'), (config?.types ?? []).map((x) => ({ id: x.id, words: name(x.name, x.id) })))}
          {pick('priority', t('story.entry_priority'), (config?.priorities ?? []).map((x) => ({ id: x.id, words: x.id })))}
        </div>
        <div className="entry-pair">{text('name', t('story.entry_caller'))}{text('number', t('story.entry_phone'))}</div>
        <fieldset className="entry-units"><legend>{t('story.entry_units')}</legend>
          {form.units.map((u, n) => (
            <div key={n} className="entry-unit">
              <input aria-label={t('story.entry_unit', { n: n + 1 })} placeholder={t('story.entry_unit', { n: n + 1 })} autoComplete="off" value={u.unit} onChange={(e) => setUnit(n, { unit: e.target.value })} />
              {time(n, u, 'sent', t('story.entry_sent', { n: n + 1 }))}{time(n, u, 'arrived', t('story.entry_arrived', { n: n + 1 }))}{time(n, u, 'cleared', t('story.entry_cleared', { n: n + 1 }))}
            </div>
          ))}
        </fieldset>
        <label className="field"><span>{t('story.entry_result')}</span><textarea rows={2} value={form.note} onChange={(e) => set({ note: e.target.value })} /></label>
        {said && <p className="refused" role="alert">{said}</p>}
        <div className="btns"><button type="submit" className="btn go">{t('story.entry_save')}</button></div>
        {waiting.map((e) => (
          <div key={e.card} className="entry-waiting" role="status">
            <b>{t('story.card', { number: e.card })}</b> {t('story.entry_waiting', { count: e.steps.length - e.done })}
            {e.refused && <><p className="refused">{t('story.entry_refused', { n: e.done + 1, reason: problem(e.refused) })}</p><button type="button" className="btn small" onClick={() => { drop(e.card); if (e.incident) openIncident(e.incident) }}>{t('story.entry_drop')}</button></>}
          </div>
        ))}
      </form>
    </section>
  )
}
