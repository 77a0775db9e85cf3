import { useState } from 'react'
import { send as sendOrKeep } from '../../api/outgoing'
import type { Problem } from '../../api/types'
import { useText, type Key } from '../../i18n/i18n'
import { worldNow } from '../../api/connection'
import { focus, notify } from '../../lib/focus'
import { useStore } from '../../lib/store'
import { clockTime } from '../../lib/time'
import { momentOf } from './clock'
import { recipientsOf } from './recipients'
import type { Commander } from './use-commander'

const urgencies = ['routine', 'urgent', 'flash'] as const
const powers = ['direct', 'first_response', 'notify', 'inspect'] as const
const offices = ['duty_chief', 'duty_commander', 'floor_supervisor', 'superior'] as const

/** An order in a few words; one that was given by word carries who said it, and when. Enter in a line sends it. */
export function OrderForm({ desk, oral, onDone }: { desk: Commander; oral: boolean; onDone: () => void }) {
  const { t, problem } = useText()
  const { incident } = useStore(focus)
  const [v, setValues] = useState({ to: '', text: '', due: oral ? '' : '30', urgency: 'urgent', power: 'direct', incident: String(desk.incidents.get(incident)?.number ?? ''), by: 'duty_chief', speaker: '', said: '' })
  const [refused, setRefused] = useState<Problem | string>()
  const [busy, setBusy] = useState(false)
  const set = (key: keyof typeof v) => (value: string) => setValues((held) => ({ ...held, [key]: value }))
  const due = momentOf(v.due, worldNow(), false)
  const said = momentOf(v.said, worldNow(), true)
  const found = recipientsOf(v.to, desk.units.values(), desk.config, desk.seats)

  const send = async () => {
    if (busy) return
    if (found.unknown.length > 0) return setRefused(t('cmdr.to_unknown', { words: found.unknown.join(' ') }))
    if (v.due.trim() !== '' && due === undefined || oral && said === undefined) return setRefused(t('cmdr.due_wrong'))
    setBusy(true)
    const iso = (at: number) => new Date(at).toISOString()
    const body = {
      to: found.to, text: v.text.trim(), urgency: v.urgency, power: v.power, ...(due === undefined ? {} : { due: iso(due) }), ...(v.incident.trim() ? { incident: v.incident.trim().replace(/^#/, '') } : {}),
      ...(oral && said !== undefined ? { oral: { by: v.by, said_at: iso(said), ...(v.speaker.trim() ? { speaker: v.speaker.trim() } : {}) } } : {}),
    }
    const words = `${t(oral ? 'cmdr.new_oral' : 'cmdr.new_order')} ${found.to.map((x) => desk.who(x)).join(' ')}`
    const told = await sendOrKeep<{ number?: number }>({ path: '/orders', body, words })
    setBusy(false)
    if (told.state === 'refused') return setRefused(told.problem)
    if (told.state === 'waiting') notify(t('frame.waits', { what: words }), 'bad')
    else notify(t('cmdr.issued', { number: told.value.number ?? '' }))
    onDone()
  }
  return (
    <form className="verb-form cmdr-form" aria-label={t(oral ? 'cmdr.new_oral' : 'cmdr.new_order')} onSubmit={(e) => { e.preventDefault(); void send() }} onKeyDown={(e) => { if (e.key === 'Escape') { e.stopPropagation(); onDone() } }}>
      {oral && <Choice id="by" label={t('cmdr.said_by')} value={v.by} set={set('by')} from={offices} prefix="cmdr.office." />}
      {oral && <Line id="speaker" label={t('cmdr.speaker')} value={v.speaker} set={set('speaker')} />}
      {oral && <Line id="said" label={t('cmdr.said_at')} value={v.said} set={set('said')} hint={t('cmdr.said_hint')} after={said === undefined ? '' : clockTime(said)} />}
      <Line id="to" label={t('cmdr.to')} value={v.to} set={set('to')} hint={t('cmdr.to_hint')} first after={found.to.map((x) => desk.who(x)).join(' ')} />
      <Line id="text" label={t('cmdr.text')} value={v.text} set={set('text')} />
      <Line id="due" label={t('cmdr.due')} value={v.due} set={set('due')} hint={t('cmdr.due_hint')} after={due === undefined ? '' : t('cmdr.due_by', { time: clockTime(due) })} />
      <Line id="incident" label={t('cmdr.incident')} value={v.incident} set={set('incident')} />
      <Choice id="urgency" label={t('cmdr.urgency')} value={v.urgency} set={set('urgency')} from={urgencies} prefix="cmdr.urgency." />
      <Choice id="power" label={t('cmdr.power')} value={v.power} set={set('power')} from={powers} prefix="cmdr.power." />
      {refused && <p className="refused" role="alert">{typeof refused === 'string' ? refused : problem(refused)}</p>}
      <div className="btns">
        <button type="submit" className="btn go" aria-disabled={busy}>{t(oral ? 'cmdr.write_down' : 'cmdr.issue')} <kbd>⏎</kbd></button>
        <button type="button" className="btn" onClick={onDone}>{t('app.cancel')} <kbd>Esc</kbd></button>
      </div>
    </form>
  )
}

type LineProps = { id: string; label: string; value: string; set: (v: string) => void; hint?: string; after?: string; first?: boolean }

function Line({ id, label, value, set, hint, after, first }: LineProps) {
  return (
    <div className="field">
      <label htmlFor={`cmdr-${id}`}>{label}</label>
      <div><input id={`cmdr-${id}`} value={value} placeholder={hint} autoFocus={first} autoComplete="off" aria-describedby={after ? `cmdr-${id}-is` : undefined} onChange={(e) => set(e.target.value)} />{after && <small className="dim" id={`cmdr-${id}-is`}>{after}</small>}</div>
    </div>
  )
}

type ChoiceProps = { id: string; label: string; value: string; set: (v: string) => void; from: readonly string[]; prefix: string }

function Choice({ id, label, value, set, from, prefix }: ChoiceProps) {
  const { t } = useText()
  return (
    <div className="field">
      <label htmlFor={`cmdr-${id}`}>{label}</label>
      <select id={`cmdr-${id}`} value={value} onChange={(e) => set(e.target.value)}>{from.map((x) => <option key={x} value={x}>{t(`${prefix}${x}` as Key)}</option>)}</select>
    </div>
  )
}
