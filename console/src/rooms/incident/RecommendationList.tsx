import { useState } from 'react'
import { useBoard, useConfig } from '../../api/hooks'
import { useText } from '../../i18n/i18n'
import { metresText } from '../../lib/distance'
import { pick } from '../../lib/focus'
import { duration, shortAge } from '../../lib/time'
import type { useIncidentPanel } from './use-incident-panel'

type Props = { panel: ReturnType<typeof useIncidentPanel>; failed: boolean }

/** As many as have a digit. */
const firstItems = 9
/** Fewer once somebody was sent: then the timeline matters more. */
const firstItemsLater = 4

/** Who should go and why, and who was left out and why not. Digits and the space bar pick. */
export function RecommendationList({ panel, failed }: Props) {
  const { t, name, reason, word } = useText()
  const kinds = useConfig().data?.kinds
  const { units } = useBoard()
  const [all, setAll] = useState(false)
  const { row, rec, byHand, selected } = panel
  const data = rec.data
  if (!row) return null
  const items = data?.items ?? []
  const shown = all ? items : items.filter((i, n) => n < (row?.assignments?.length ? firstItemsLater : firstItems) || (byHand.get(i.unit) ?? i.pick))
  const listed = new Set(items.map((i) => i.unit))
  const added = selected.filter((u) => !listed.has(u))
  // "near:armed" is a slot or a kind of unit, then what it must be able to do.
  const slot = (what: string) => {
    const [first = '', able] = what.split(':')
    return [word('rec.slot.', first) === first ? name(kinds?.find((k) => k.id === first)?.name, first) : word('rec.slot.', first), able ? `(${word('cap.', able)})` : ''].join('')
  }
  const age = (state: string | undefined, s: number | undefined) =>
    s === undefined || state === 'none' ? t('rec.no_position') : t(state === 'suspect' ? 'unit.position_suspect' : state === 'stale' ? 'unit.position_stale' : 'rec.position', { age: shortAge(s) })
  return (
    <section aria-label={t('rec.title')} aria-busy={rec.isFetching}>
      <h2 className="h">
        <span>{t('rec.title')}</span>
        <span>{(data?.need ?? []).map((n) => t('rec.filled', { label: slot(n.what), filled: n.filled, count: n.count })).join(' · ')}</span>
        {data?.computed_ms !== undefined && <span className="end">{t('rec.computed', { ms: Math.round(data.computed_ms * 10) / 10 })}</span>}
      </h2>
      {!data && <p className="hint">{t(failed ? 'rec.failed' : 'rec.loading')}</p>}
      {data && items.length === 0 && <p className="hint">{t('rec.none')}</p>}
      <ul className="rec-list">
        {(data?.shortfalls ?? []).map((s) => (
          <li key={s.what} className="rec short"><span aria-hidden="true">!</span><span className="reasons wide">{t('rec.shortfall', { what: slot(s.what), count: s.count })} {reason(s.remedy)}</span></li>
        ))}
        {(data?.degraded ?? []).map((code) => <li key={code} className="rec short"><span aria-hidden="true">!</span><span className="reasons wide">{reason({ code })}</span></li>)}
        {shown.map((i, n) => {
          const on = byHand.get(i.unit) ?? i.pick
          const why = [i.distance_m === undefined ? '' : metresText(i.distance_m), ...(i.reasons ?? []).filter((r) => r.code !== 'street_time').map(reason)].filter(Boolean).join(' · ')
          const unit = units.get(i.unit)
          return (
            <li key={i.unit}>
              <label className={on ? 'rec on' : 'rec'} title={`${i.call_sign} · ${why}`}>
                <input
                  type="checkbox"
                  checked={on}
                  aria-label={t('rec.item', { unit: i.call_sign, reasons: why, eta: duration(i.eta_s ?? Number.NaN), position: age(i.position_state, i.position_age_s) })}
                  aria-keyshortcuts={n < 9 ? String(n + 1) : undefined}
                  onChange={(e) => pick(row.id, i.unit, e.target.checked)}
                />
                <b>{n < 9 && <kbd>{n + 1}</kbd>}{i.call_sign}</b>
                <span className="reasons">{[name(unit?.kind_name, i.kind), why].filter(Boolean).join(' · ')}</span>
                <b>{duration(i.eta_s ?? Number.NaN)}</b>
                <span className={i.position_state === 'trusted' ? 'dim' : 'soon'}>{age(i.position_state, i.position_age_s)}</span>
              </label>
            </li>
          )
        })}
        {added.map((u) => (
          <li key={u}>
            <label className="rec on">
              <input type="checkbox" checked aria-label={`${units.get(u)?.call_sign ?? u} ${t('rec.added')}`} onChange={() => pick(row.id, u, false)} />
              <b>{units.get(u)?.call_sign ?? u}</b>
              <span className="reasons">{t('rec.added')}</span>
            </label>
          </li>
        ))}
      </ul>
      {shown.length < items.length && <button type="button" className="btn plain small" onClick={() => setAll(true)}>{t('app.more')} {items.length - shown.length}</button>}
      {Boolean(data?.left_out?.length) && (
        <details className="left-out">
          <summary>{t('rec.left_out')} {data?.left_out?.length}</summary>
          <ul className="rec-list">
            {(data?.left_out ?? []).slice(0, 40).map((o) => (
              <li key={o.unit} className="rec off" title={(o.reasons ?? []).map(reason).join(' · ')}>
                <span aria-hidden="true">–</span><b>{o.call_sign}</b>
                <span className="reasons">{(o.reasons ?? []).map(reason).join(' · ')}</span>
                <span>{o.eta_s === undefined ? '' : duration(o.eta_s)}</span><span />
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  )
}
