import { useEffect, useEffectEvent } from 'react'
import { useText } from '../../i18n/i18n'
import { notify } from '../../lib/focus'
import { useStore } from '../../lib/store'
import { cards, drop, whenStored } from './outbox'

/** Calls that the server has not taken: to be copied by hand, and stored under the same key when it is back. */
export function PaperCards() {
  const { t, problem } = useText()
  const held = useStore(cards)
  const onSaved = useEffectEvent((number: number) => notify(t('call.saved', { number })))
  useEffect(() => whenStored((saved) => onSaved(saved.number)), [])
  if (held.length === 0) return null
  return (
    <section className="paper" role="alert" aria-label={t('call.cards', { count: held.length })}>
      {held.map((c) => (
        <article key={c.key}>
          <h3>{t('call.card', { number: c.card })} <small>{t('call.card_code', { code: c.key.slice(-6) })}</small></h3>
          {c.lines.map((l) => <p key={l}>{l}</p>)}
          <p className="late">{c.refused ? t('call.card_refused', { reason: problem(c.refused) }) : `${t('call.card_help')} ${t('call.card_retry', { count: c.tries })}`}</p>
          {c.refused && <button type="button" className="btn small" onClick={() => drop(c.key)}>{t('call.card_drop')}</button>}
        </article>
      ))}
    </section>
  )
}
