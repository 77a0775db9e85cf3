import { write } from '../../api/client'
import type { CallRow } from '../../api/types'
import { useText } from '../../i18n/i18n'
import { closeCallForm, focus, notify, openCallForm } from '../../lib/focus'
import { duration, ms } from '../../lib/time'
import { useCalls, useNow, useSession } from '../../api/hooks'
import { InPresent } from '../../lib/present'
import { NowMark } from '../../ui/NowMark'
import { usePastOff } from '../../ui/past-off'
import { unentered } from './use-queue'

/** The calls that wait now, while the queue shows the past: nobody who rings waits for somebody who looks back. */
export function CallsNow() {
  return <InPresent><Strip /></InPresent>
}

function Strip() {
  return <CallStrip calls={unentered(useCalls().values())} now />
}

/** Calls that ring or are being spoken and belong to no incident yet, the longest waiting first. */
export function CallStrip({ calls, now = false }: { calls: readonly CallRow[]; now?: boolean }) {
  const { t } = useText()
  if (calls.length === 0) return null
  return (
    <ul className="calls" aria-label={t(now ? 'story.past_calls_now' : 'queue.calls')}>
      {now && <li className="calls-now"><NowMark /> {t('story.past_calls_now')}</li>}
      {calls.slice(0, 5).map((call) => <CallLine key={call.id} call={call} />)}
      {calls.length > 5 && <li className="more">+{calls.length - 5}</li>}
    </ul>
  )
}

function CallLine({ call }: { call: CallRow }) {
  const { t, problem, actor } = useText()
  const session = useSession().data
  const now = useNow()
  const off = usePastOff()
  const ringing = call.state === 'ringing'
  const held = call.holder
  const others = !ringing && held !== undefined && held.actor !== session?.actor && (!held.seat || held.seat !== session?.seat)
  const number = call.number ?? t('app.unknown')
  const time = duration((now - ms(ringing ? call.arrived : (call.answered_at ?? call.arrived))) / 1000)
  const may = call.next?.find((s) => s.verb === 'take')?.allowed === true
  const answer = async () => {
    openCallForm({ id: call.id, ...(call.number ? { number: call.number } : {}), ...(call.name ? { name: call.name } : {}) })
    if (!ringing) return
    const told = await write(`/calls/${call.id}/answer`, {})
    if (told.ok) return
    notify(problem(told.problem), 'bad')
    if (told.problem.kind === 'conflict' && focus.get().call?.id === call.id) closeCallForm() // Somebody else speaks with the caller.
  }
  const take = async () => {
    const told = await write(`/calls/${call.id}/take`, {})
    if (!told.ok) notify(problem(told.problem), 'bad')
  }
  const what = others ? 'phone.do.take' : ringing ? 'queue.answer' : 'queue.fill'
  return (
    <li className={ringing ? 'call ringing' : 'call'}>
      <span aria-hidden="true">☎</span>
      <b>{number}</b>
      <span className="dim">{others ? (held.seat ? t('phone.with_seat', { seat: held.seat }) : t('phone.with_somebody', { who: actor(held.actor) })) : t(ringing ? 'queue.ringing' : 'queue.answered', { time })}</span>
      {ringing && !off && <kbd aria-hidden="true">F4</kbd>}
      <button type="button" className="btn small go" aria-label={`${t(what)} ${number}`} disabled={others && !may && !off} {...off} onClick={() => { if (off) notify(off.title, 'bad'); else void (others ? take() : answer()) }}>
        {t(what)}
      </button>
    </li>
  )
}
