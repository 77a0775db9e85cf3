import type { Config, Hints, Raise } from '../../api/types'
import { useText } from '../../i18n/i18n'
import { metresText } from '../../lib/distance'

/** Types that the narrative may mean, with the words that say so; Alt A and Alt S take one. */
export function TypeHints({ found, onTake }: { found: Hints['types']; onTake: (id: string) => void }) {
  const { t, name, reason } = useText()
  if (found.length === 0) return null
  return (
    <p className="type-hints" role="status" aria-label={t('intake.suggested')}>
      <span className="dim">{t('intake.suggested')}</span>
      {found.map((x, n) => (
        <button type="button" key={x.id} className="btn small" onClick={() => onTake(x.id)}>
          {name(x.name, x.id)} <small className="dim">{(x.reasons ?? []).map((r) => reason(r)).join(' ')}</small>{n < 2 && <kbd>Alt {'AS'[n]}</kbd>}
        </button>
      ))}
    </p>
  )
}

/** What the answers suggest; it is taken by one key, never by itself. */
export function RaiseStrip({ raise, config, onTake }: { raise: Raise | undefined; config: Config | undefined; onTake: () => void }) {
  const { t, name } = useText()
  if (!raise) return null
  const what = [
    raise.priority ?? '',
    raise.type ? name(config?.types.find((x) => x.id === raise.type)?.name, raise.type) : '',
    ...(raise.tags ?? []).map((id) => name(config?.tags.find((x) => x.id === id)?.name, id)),
  ].filter(Boolean).join(' ')
  return (
    <p className="raise" role="alert">
      <b>{t('intake.raise', { what })}</b>
      <button type="button" className="btn small" onClick={onTake}>{t('intake.raise_take')} <kbd>Alt R</kbd></button>
    </p>
  )
}

/** Key premises of the place, with what whoever goes there must know. */
export function PremiseWarnings({ found }: { found: Hints['premises'] }) {
  const { t, name } = useText()
  return found.map((p) => (
    <section key={p.id} className="premise" role="alert">
      <b>⚠ {t('intake.premise', { name: name(p.name, p.id) })}</b>{' '}
      <small>{p.distance_m === undefined ? t('intake.premise_named') : t('intake.premise_near', { distance: metresText(p.distance_m) })}</small>
      {(p.warnings ?? []).map((w) => <p key={name(w, '')}>{name(w, '')}</p>)}
    </section>
  ))
}
