import { useState } from 'react'
import { useCover } from '../../api/cover'
import { useHypercube } from '../../api/study'
import { useText } from '../../i18n/i18n'
import { duration } from '../../lib/time'
import { Failed } from './Failed'

/** How busy each unit is by Larson's hypercube model, and how often nobody is free. */
export function LoadPart() {
  const { t, name } = useText()
  const [cls, setCls] = useState('')
  const classes = useCover(true).data?.classes ?? []
  const chosen = cls || (classes[0]?.id ?? '')
  const model = useHypercube(chosen)
  const m = model.data
  const rows = [...(m?.workloads ?? [])].sort((a, b) => b.busy - a.busy)
  const most = Math.max(0.01, ...rows.map((r) => r.busy))
  const facts: [string, string][] = m
    ? [
        [t('study.per_hour'), String(Math.round(10 * (m.areas ?? []).reduce((sum, a) => sum + a.calls_per_hour, 0)) / 10)],
        [t('study.all_busy'), percent(m.p_all_busy)],
        [t('study.p_wait'), percent(m.p_wait)],
        [t('study.mean_travel'), duration(Math.round(m.mean_travel_s))],
        [t('study.interarea'), percent(m.interarea)],
      ]
    : []
  return (
    <div className="part">
      {classes.length > 0 && <div className="study-form"><label>{t('cover.class')}<select value={chosen} onChange={(e) => setCls(e.target.value)}>{classes.map((c) => <option key={c.id} value={c.id}>{name(c.name, c.id)}</option>)}</select></label></div>}
      {!m && (model.isError ? <Failed cause={model.error} /> : <p className="hint" role="status">{t('study.solving')}</p>)}
      {m && (
        <>
          <p className="hint">{t(m.method === 'exact' ? 'study.exact' : 'study.approximate', { n: m.n })}</p>
          <dl className="facts-row">{facts.map(([what, figure]) => <div key={what}><dt>{what}</dt><dd>{figure}</dd></div>)}</dl>
          <h2 className="h"><span>{t('study.workloads')}</span></h2>
          <ul className="bars">
            {rows.map((r) => (
              <li key={r.unit}><b>{r.call_sign}</b><span className="bar"><i style={{ width: `${(100 * r.busy) / most}%` }} /></span><span className="num">{percent(r.busy)}</span></li>
            ))}
          </ul>
          {Boolean(m.areas?.length) && (
            <table className="figures">
              <caption className="h">{t('study.by_area')}</caption>
              <thead><tr><th>{t('study.area')}</th><th>{t('study.per_hour')}</th><th>{t('study.mean_travel')}</th></tr></thead>
              <tbody>{(m.areas ?? []).map((a) => <tr key={a.org}><th scope="row">{name(a.name, a.org)}</th><td>{Math.round(a.calls_per_hour * 100) / 100}</td><td>{duration(Math.round(a.travel_s))}</td></tr>)}</tbody>
            </table>
          )}
        </>
      )}
    </div>
  )
}

/** What is rare is not never. */
const percent = (share: number): string => (share > 0 && share < 0.0005 ? '< 0.1%' : `${Math.round(share * 1000) / 10}%`)
