import { useState } from 'react'
import { openOrders } from '../../api/commander'
import type { OrderRow, RecipientMark, Step } from '../../api/types'
import { useText } from '../../i18n/i18n'
import { notify, openIncident } from '../../lib/focus'
import { clockTime, ms } from '../../lib/time'
import { Moment, Since } from '../../ui/ticking'
import { usePastOff } from '../../ui/past-off'
import { OrderForm } from './OrderForm'
import type { Commander } from './use-commander'

/** Orders in work: who has signed, who has reported, what is late, and what may be done about each. */
export function Orders({ desk }: { desk: Commander }) {
  const { t } = useText()
  const [form, setForm] = useState<'' | 'order' | 'oral'>('')
  const off = usePastOff()
  const turn = (to: typeof form) => (off ? notify(off.title, 'bad') : setForm(form === to ? '' : to))
  const rows = openOrders(desk.orders.values())
  return (
    <section aria-label={t('cmdr.orders')}>
      <div className="btns cmdr-bar">
        <button type="button" className="btn go" aria-expanded={form === 'order'} {...off} onClick={() => turn('order')}>{t('cmdr.new_order')}</button>
        <button type="button" className="btn" aria-expanded={form === 'oral'} {...off} onClick={() => turn('oral')}>{t('cmdr.new_oral')}</button>
      </div>
      {form !== '' && <OrderForm key={form} desk={desk} oral={form === 'oral'} onDone={() => setForm('')} />}
      <h2 className="h"><span>{t('cmdr.orders')}</span><span>{rows.length}</span></h2>
      {rows.length === 0 && <p className="hint">{t('cmdr.no_orders')}</p>}
      <ul>{rows.map((o) => <Order key={o.id} row={o} desk={desk} />)}</ul>
    </section>
  )
}

function Order({ row: o, desk }: { row: OrderRow; desk: Commander }) {
  const { t, word, actor } = useText()
  const passed = (o.deadlines ?? []).filter((d) => d.passed)
  const oral = o.oral && t('cmdr.oral_mark', { by: word('cmdr.office.', o.oral.by), speaker: o.oral.speaker ? ` ${o.oral.speaker}` : '', time: clockTime(ms(o.oral.said_at)) })
  return (
    <li className={o.late ? 'cmdr-row order late-row' : 'cmdr-row order'} aria-label={t('cmdr.order', { number: o.number })}>
      <p className="what">
        <b>{t('cmdr.order', { number: o.number })}</b>
        <span className={`cmdr-urgency ${o.urgency}`}>{word('cmdr.urgency.', o.urgency)}</span>
        <span>{word('cmdr.state.', o.state)}</span>
        {o.incident_number ? <button type="button" className="link" onClick={() => openIncident(o.incident ?? '')}>#{o.incident_number}</button> : null}
        <span className="dim end">{actor(o.issuer)} <Since at={o.issued} /></span>
      </p>
      {oral && <p className="cmdr-oral">{oral}</p>}
      <p className="words">{o.text ?? t('cmdr.private')}</p>
      <p className="dim">{word('cmdr.power.', o.power)}{o.due && <> · {t('cmdr.due_by', { time: clockTime(ms(o.due)) })}</>}{o.extended ? <> · {t('cmdr.extended', { count: o.extended })}</> : null}{passed.map((d) => <span key={d.kind} className="late"> · {word('cmdr.step.', d.kind)}</span>)}</p>
      <ul>{(o.to ?? []).map((r) => <Recipient key={r.kind + r.id} row={o} of={r} desk={desk} />)}</ul>
      <Verbs row={o} desk={desk} />
    </li>
  )
}

const stateOf = (r: RecipientMark): string => (r.done_at ? 'reported' : r.returned ? 'returned' : r.acted_at ? 'acting' : r.signed_at ? 'signed' : 'to_sign')

function Recipient({ row: o, of: r, desk }: { row: OrderRow; of: RecipientMark; desk: Commander }) {
  const { t, word } = useText()
  const to = { kind: r.kind, id: r.id }
  const who = desk.who(to)
  const state = stateOf(r)
  const step = (verb: string) => o.next?.find((s) => s.verb === verb)
  return (
    <li className="cmdr-to">
      <b>{who}</b> <span className={state === 'to_sign' || state === 'returned' ? 'soon' : state === 'reported' ? 'good' : ''}>{word('cmdr.r.', state)}</span>
      {(r.done_at ?? r.signed_at) && <span className="dim"> <Moment at={r.done_at ?? r.signed_at} /></span>}
      {r.chased ? <span className="dim"> · {t('cmdr.act.chase')} {r.chased}</span> : null}
      {r.report && <p className="words">{r.report}</p>}
      {r.ask && <p className="soon">{t('cmdr.asks_more', { who, time: clockTime(ms(r.ask.until)) })} {r.ask.text}</p>}
      <span className="btns">
        {state === 'to_sign' && <Act row={o} desk={desk} verb="sign" step={step('sign')} label={t('cmdr.act.sign')} named={who} body={() => ({ to })} />}
        {!r.done_at && <Act row={o} desk={desk} verb="report" step={step('report')} label={t('cmdr.act.report')} named={who} asks={t('cmdr.words')} body={(text) => ({ to, text })} />}
        {r.ask && <Act row={o} desk={desk} verb="extend" step={step('extend')} label={t('cmdr.act.extend')} named={who} body={() => ({ until: r.ask?.until })} />}
        {r.ask && <Act row={o} desk={desk} verb="extend" step={step('decline_extension')} label={t('cmdr.act.decline')} named={who} body={() => ({ decline: true, to })} />}
      </span>
    </li>
  )
}

function Verbs({ row: o, desk }: { row: OrderRow; desk: Commander }) {
  const { t } = useText()
  const step = (verb: string) => o.next?.find((s) => s.verb === verb)
  return (
    <div className="btns">
      <Act row={o} desk={desk} verb="check" step={step('check')} label={t('cmdr.act.check')} body={() => ({})} strong />
      <Act row={o} desk={desk} verb="check" step={step('check')} label={t('cmdr.act.back')} asks={t('cmdr.reason')} body={(reason) => ({ back: true, reason })} />
      <Act row={o} desk={desk} verb="chase" step={step('chase')} label={t('cmdr.act.chase')} body={() => ({})} />
      <Act row={o} desk={desk} verb="chase" step={step('supervise')} label={t('cmdr.act.supervise')} body={() => ({ step: 'supervise' })} />
      <Act row={o} desk={desk} verb="revoke" step={step('revoke')} label={t('cmdr.act.revoke')} asks={t('cmdr.reason')} body={(reason) => ({ reason })} />
    </div>
  )
}

type ActProps = { row: OrderRow; desk: Commander; verb: string; step: Step | undefined; label: string; named?: string; asks?: string; body: (text: string) => object; strong?: boolean }

/** What a recipient did: it was so, whatever has become of the order meanwhile. */
const tells: ReadonlySet<string> = new Set(['sign', 'report'])

/** One thing that may be done: off with the server's reason, or done at once, or after the words that it asks for. */
function Act({ row: o, desk, verb, step, label, named, asks, body, strong }: ActProps) {
  const { t, reason } = useText()
  const [words, setWords] = useState<string>()
  const off = step !== undefined && !step.allowed
  const done = t('cmdr.done', { number: o.number, what: named ? `${named} ${label}` : label })
  const send = async (text: string) => {
    const does = `${t('cmdr.order', { number: o.number })} ${named ? `${named} ` : ''}${label}`
    const intent = { path: `/orders/${o.id}/${verb}`, body: body(text), words: does, subject: `order/${o.id}`, ...(tells.has(verb) ? {} : { seen: o.seq }) }
    if (await desk.once(`${o.id}${verb}${label}${named ?? ''}`, intent, done)) setWords(undefined)
  }
  const press = () => {
    if (off) notify(reason(step), 'bad')
    else if (asks) setWords(words === undefined ? '' : undefined)
    else void send('')
  }
  return (
    <>
      <button type="button" className={strong ? 'btn small go' : 'btn small'} aria-disabled={off} aria-expanded={asks ? words !== undefined : undefined} aria-label={named ? `${label} ${named}` : undefined} title={off ? reason(step) : undefined} onClick={press}>{label}</button>
      {words !== undefined && (
        <form className="cmdr-ask" aria-label={named ? `${label} ${named}` : label} onSubmit={(e) => { e.preventDefault(); if (words.trim() !== '') void send(words.trim()) }} onKeyDown={(e) => { if (e.key === 'Escape') { e.stopPropagation(); setWords(undefined) } }}>
          <input aria-label={asks} placeholder={asks} value={words} autoFocus autoComplete="off" onChange={(e) => setWords(e.target.value)} />
          <button type="submit" className="btn small go" aria-disabled={words.trim() === ''}>{label} <kbd>⏎</kbd></button>
        </form>
      )}
    </>
  )
}
