import { useHistory } from '../../api/hints'
import type { Hints } from '../../api/types'
import { useText } from '../../i18n/i18n'
import { fullTime, ms } from '../../lib/time'

type Props = { caller: Hints['caller']; call: string | undefined; looking: boolean; onLook: () => void; onUrge: (incident: string, number: number) => void }

/** What else the number called: today's incidents, the urge on an open one by one key, and its calls of 90 days on request. */
export function CallerStrip({ caller, call, looking, onLook, onUrge }: Props) {
  const { t, name, problem } = useText()
  const history = useHistory(looking ? call : undefined)
  const urged = caller?.urge ? (caller.incidents ?? []).find((i) => i.incident === caller.urge) : undefined
  if (!caller && !call) return null
  return (
    <section className="caller-strip" aria-label={t('call.number')}>
      {caller && (
        <p>
          <b className="soon">{t('intake.same_number', { count: caller.calls_24h })}</b>{' '}
          {(caller.incidents ?? []).map((i) => <span key={i.incident}>#{i.number} {name(i.type_name ?? undefined, '')}{i.open ? ` · ${t('intake.open')}` : ''} </span>)}
          {caller.nuisance_30d > 0 && <span className="dim">{t('intake.nuisance', { count: caller.nuisance_30d })}</span>}
        </p>
      )}
      {urged && (
        <p className="urge" role="alert">
          <span>{t('intake.urge_why', { number: urged.number })}</span>
          <button type="button" className="btn small" onClick={() => onUrge(urged.incident, urged.number)}>{t('intake.urge', { number: urged.number })} <kbd>Alt U</kbd></button>
        </p>
      )}
      {call && !looking && <button type="button" className="btn small" onClick={onLook}>{t('intake.history')} <kbd>Alt Y</kbd> <small className="dim">{t('intake.history_note')}</small></button>}
      {looking && (
        <ul aria-label={t('intake.history')}>
          {history.isError && <li className="late">{problem((history.error as { problem?: { status: number; kind: string } }).problem ?? { status: 0, kind: 'unavailable' })}</li>}
          {history.data?.length === 0 && <li className="dim">{t('intake.history_none')}</li>}
          {history.data?.map((h) => (
            <li key={h.call}>
              {h.incident ? t('intake.history_item', { at: fullTime(ms(h.at)).slice(5, 16), number: h.number, type: name(h.type_name ?? undefined, t('queue.no_type')) }) : t('intake.history_call', { at: fullTime(ms(h.at)).slice(5, 16) })}
              {' '}<span className="dim">{h.address}{h.open ? ` · ${t('intake.open')}` : ''}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
