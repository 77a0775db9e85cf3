import { useState } from 'react'
import { useConfig, useNow, useSession } from '../../api/hooks'
import type { CallRow } from '../../api/types'
import { useText } from '../../i18n/i18n'
import { duration, ms } from '../../lib/time'
import { dialling, graceLeft } from './calls'
import { NowMark } from '../../ui/NowMark'
import './phone.css'
import { usePhone } from './use-phone'
import { Verb } from './Verb'

type Phone = ReturnType<typeof usePhone>

/** The calls of this seat: those it speaks with, those that wait, those that others want or offer, and whom to call back. */
export function PhoneBar() {
  const { t } = useText()
  const phone = usePhone()
  const empty = phone.mine.length + phone.passed.length + phone.asked.length + phone.lost.length === 0
  return (
    <section className="phone-bar" aria-label={t('phone.bar')} hidden={empty}>
      <NowMark />
      <ul>
        {phone.passed.map((c) => <Offered key={c.id} call={c} phone={phone} />)}
        {phone.mine.map((c) => <Mine key={c.id} call={c} phone={phone} />)}
        {phone.asked.map((c) => <Asked key={c.id} call={c} phone={phone} />)}
      </ul>
      {phone.lost.length > 0 && <Lost calls={phone.lost} phone={phone} />}
    </section>
  )
}

const who = (c: CallRow, unknown: string): string => [c.number ?? unknown, c.name].filter(Boolean).join(' ')

/** A call of this seat. */
function Mine({ call, phone }: { call: CallRow; phone: Phone }) {
  const { t, name } = useText()
  const now = useNow()
  const config = useConfig().data
  const [open, setOpen] = useState<'' | 'three' | 'pass' | 'nuisance'>('')
  const rings = dialling(call)
  const state = rings ? 'dialling' : call.held ? 'held' : call.speaking ? 'speaking' : 'over'
  const since = rings ? call.arrived : (call.held ?? call.ended ?? call.answered_at)
  const turn = (id: typeof open) => setOpen(open === id ? '' : id)
  const number = who(call, t('app.unknown'))
  return (
    <li className={`phone-call ${state}`} aria-label={t('phone.call_of', { number })}>
      <div className="phone-line">
        <b className="phone-state">{t(`phone.${state}`)}</b>
        <b className="num">{number}</b>
        <time className="num">{duration((now - ms(since)) / 1000)}</time>
        {call.incident_number !== undefined && <span className="dim">#{call.incident_number}</span>}
        {(call.recording?.length ?? 0) > 0 && <span className="dim" title={call.recording?.join(' ')}>{t('phone.recording', { ref: call.recording?.at(-1) ?? '' })}</span>}
        <span className="phone-buttons">
          {call.state === 'answered' && <button type="button" className="btn small go" onClick={() => phone.fill(call)}>{t('queue.fill')}</button>}
          {call.held ? <Verb call={call} verb="resume" go onGo={() => void phone.tell(call, 'resume')} keys="F4" /> : <Verb call={call} verb="hold" onGo={() => void phone.tell(call, 'hold')} keys="Shift F4" />}
          <Verb call={call} verb="conference" pressed={open === 'three'} onGo={() => turn('three')} />
          <Verb call={call} verb="pass" pressed={open === 'pass'} onGo={() => turn('pass')} />
          {!call.nuisance && <Verb call={call} verb="nuisance" pressed={open === 'nuisance'} onGo={() => turn('nuisance')} />}
          <Verb call={call} verb="hang_up" onGo={() => void phone.tell(call, 'hang-up')} />
        </span>
      </div>
      {call.state === 'answered' && call.speaking && config?.greeting && <p className="phone-greeting"><span className="dim">{t('phone.greeting')}</span> <q>{name(config.greeting)}</q></p>}
      {call.asked && (
        <p className="phone-asked" role="alert">
          {t('phone.wants', { seat: call.asked.seat || call.asked.by })} <time className="num">{grace(call, now)}</time>
          <Verb call={call} verb="keep" go onGo={() => void phone.tell(call, 'keep')} />
        </p>
      )}
      {call.passed_to && <p className="phone-asked">{t('phone.passed_to', { seat: call.passed_to })} <Verb call={call} verb="keep" onGo={() => void phone.tell(call, 'keep')} /></p>}
      {(call.conference ?? []).map((p) => (
        <p key={p.leg} className="phone-party">
          {t('phone.with', { who: p.kind === 'partner' ? name(config?.partners.find((x) => x.id === p.to)?.name, p.to) : p.kind === 'seat' ? t('actor.seat', { seat: p.to ?? '' }) : (p.to ?? t('app.unknown')) })}{' '}
          <time className="num">{duration((now - ms(p.since)) / 1000)}</time>
          <button type="button" className="btn small" onClick={() => void phone.tell(call, 'end-conference', { leg: p.leg })}>{t('phone.do.end_conference')}</button>
        </p>
      ))}
      {open === 'three' && <Three call={call} phone={phone} onDone={() => setOpen('')} />}
      {open === 'pass' && <Seats call={call} phone={phone} onDone={() => setOpen('')} />}
      {open === 'nuisance' && <Why call={call} phone={phone} onDone={() => setOpen('')} />}
    </li>
  )
}

const grace = (c: CallRow, now: number): string => duration(graceLeft(c.asked?.until ?? '', now))

/** A call that another seat offers to this one. */
function Offered({ call, phone }: { call: CallRow; phone: Phone }) {
  const { t, actor } = useText()
  return (
    <li className="phone-call asked" aria-label={t('phone.call_of', { number: who(call, t('app.unknown')) })} role="alert">
      <div className="phone-line">
        <b className="phone-state">{t('phone.offered')}</b><b className="num">{who(call, t('app.unknown'))}</b>
        <span className="dim">{t('phone.from', { seat: call.holder?.seat || actor(call.holder?.actor) })}</span>
        <span className="phone-buttons"><Verb call={call} verb="take" go onGo={() => void phone.take(call)} /></span>
      </div>
    </li>
  )
}

/** A call that this seat has asked for: the grace runs on both screens. */
function Asked({ call, phone }: { call: CallRow; phone: Phone }) {
  const { t, actor } = useText()
  const now = useNow()
  const left = graceLeft(call.asked?.until ?? '', now)
  return (
    <li className="phone-call asked" aria-label={t('phone.call_of', { number: who(call, t('app.unknown')) })}>
      <div className="phone-line">
        <b className="phone-state">{t('phone.asked')}</b><b className="num">{who(call, t('app.unknown'))}</b>
        <span className="dim">{t('phone.waits_for', { seat: call.holder?.seat || actor(call.holder?.actor) })}</span>
        <time className="num">{duration(left)}</time>
        <span className="phone-buttons">{left === 0 && <Verb call={call} verb="take" go onGo={() => void phone.take(call)} />}</span>
      </div>
    </li>
  )
}

/** Whom to call back. */
function Lost({ calls, phone }: { calls: readonly CallRow[]; phone: Phone }) {
  const { t, word } = useText()
  const now = useNow()
  return (
    <details className="phone-lost">
      <summary>{t('phone.lost', { count: calls.length })}</summary>
      <ul>
        {calls.map((c) => (
          <li key={c.id} className="phone-line" aria-label={t('phone.call_of', { number: who(c, t('app.unknown')) })}>
            <b className="phone-state">{word('phone.lost_as.', c.lost)}</b><b className="num">{who(c, t('app.unknown'))}</b>
            <time className="num">{duration((now - ms(c.arrived)) / 1000)}</time>
            {c.incident_number !== undefined && <span className="dim">#{c.incident_number}</span>}
            {c.back && <span className="dim">{t(c.back.result === 'trying' ? 'phone.trying' : 'phone.tries', { count: c.back.tries })}</span>}
            <span className="phone-buttons"><Verb call={c} verb="back" go onGo={() => void phone.tell(c, 'back')} /></span>
          </li>
        ))}
      </ul>
    </details>
  )
}

type Part = { call: CallRow; phone: Phone; onDone: () => void }

function Three({ call, phone, onDone }: Part) {
  const { t, name } = useText()
  const config = useConfig().data
  const [number, setNumber] = useState('')
  const add = async (body: unknown) => {
    if (await phone.tell(call, 'conference', body)) onDone()
  }
  return (
    <form className="phone-part" aria-label={t('phone.do.conference')} onSubmit={(e) => { e.preventDefault(); void add({ number }) }}>
      {(config?.partners ?? []).map((p) => <button key={p.id} type="button" className="btn small" onClick={() => void add({ partner: p.id })}>{name(p.name, p.id)}</button>)}
      <span className="phone-other">
        <input inputMode="tel" autoComplete="off" aria-label={t('phone.number')} placeholder={t('phone.number')} value={number} onChange={(e) => setNumber(e.target.value)} />
        <button type="submit" className="btn small go" disabled={number.trim() === ''}>{t('phone.dial')}</button>
      </span>
    </form>
  )
}

function Seats({ call, phone, onDone }: Part) {
  const { t, name } = useText()
  const seats = useConfig().data?.seats ?? []
  const mine = useSession().data?.seat
  const pass = async (seat: string) => {
    if (await phone.tell(call, 'pass', { seat })) onDone()
  }
  return (
    <div className="phone-part" role="group" aria-label={t('phone.do.pass')}>
      {seats.filter((s) => s.id !== mine).map((s) => <button key={s.id} type="button" className="btn small" onClick={() => void pass(s.id)}>{s.id} {name(s.name, '')}</button>)}
    </div>
  )
}

function Why({ call, phone, onDone }: Part) {
  const { t } = useText()
  const [reason, setReason] = useState('')
  const tell = async () => {
    if (await phone.tell(call, 'nuisance', { reason })) onDone()
  }
  return (
    <form className="phone-part" aria-label={t('phone.do.nuisance')} onSubmit={(e) => { e.preventDefault(); void tell() }}>
      <input autoComplete="off" aria-label={t('phone.reason')} placeholder={t('phone.reason')} value={reason} onChange={(e) => setReason(e.target.value)} />
      <button type="submit" className="btn small go" disabled={reason.trim() === ''}>{t('phone.do.nuisance')}</button>
    </form>
  )
}
