import type { useStudyDemand } from '../../api/study'
import { useText } from '../../i18n/i18n'
import { localDay, ms } from '../../lib/time'
import { Failed } from './Failed'
import { busiest, hoursOfDay, stepper, steps, stepStarts, week } from './figures'

/** When and where people call: the week as a picture, the squares on the map. */
export function DemandPart({ demand }: { demand: ReturnType<typeof useStudyDemand> }) {
  const { t, word } = useText()
  const d = demand.data
  if (!d) return demand.isError ? <Failed cause={demand.error} /> : <p className="hint" role="status">{t('study.loading_demand')}</p>
  const hours = d.hours ?? []
  const rows = week(hours)
  const step = stepper(hours)
  const top = busiest(hours)
  const day = (n: number) => word('day.', String(n))
  return (
    <div className="part">
      <p>{t('study.demand_of', { source: word('demand.source.', d.source), calls: d.calls })}{d.from && d.to ? ` ${t('study.from_to', { from: localDay(ms(d.from)), to: localDay(ms(d.to)) })}` : ''}</p>
      <p className="never"><b>{t('study.never')}</b> {t(d.note === 'officers_unsaid' ? 'demand.officers_unsaid' : 'demand.officers_never', { left: d.officer_left_out })}</p>
      {d.calls === 0 && <p className="hint soon">{t('study.no_demand')}</p>}
      {rows && (
        <>
          <h2 className="h"><span>{t('study.week')}</span>{top && top.rate > 0 && <span className="end">{t('study.busiest', { day: day(top.day), hour: top.hour, rate: rounded(top.rate) })}</span>}</h2>
          <table className="heat" aria-label={t('study.week')}>
            <thead><tr><th>{t('study.clock')}</th>{Array.from({ length: hoursOfDay }, (_, h) => <th key={h} scope="col">{h % 3 === 0 ? h : ''}</th>)}</tr></thead>
            <tbody>
              {rows.map((row, n) => (
                <tr key={n}>
                  <th scope="row">{day(n)}</th>
                  {row.map((rate, h) => <td key={h} className={`demand-${step(rate)}`} title={t('study.hour', { day: day(n), hour: h, rate: rounded(rate) })}><span>{short(rate)}</span></td>)}
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
      <Ramp title={t('study.ramp_hours')} starts={stepStarts(hours)} />
      <Ramp title={t('study.ramp_cells')} starts={stepStarts((d.cells?.features ?? []).map((f) => hoursOfWeek * Number(f.properties?.['rate'] ?? 0)))} />
    </div>
  )
}

/** The colours of the ramp with the figures at which they begin. */
function Ramp({ title, starts }: { title: string; starts: readonly number[] }) {
  if (starts.length < steps) return null
  return <ul className="bands ramp" aria-label={title}><li>{title}</li>{starts.map((s, n) => <li key={n}><i className={`swatch demand-${n}`} aria-hidden="true" /> ≥ {rounded(s)}</li>)}</ul>
}

const hoursOfWeek = 168
const rounded = (n: number): number => (n >= 10 ? Math.round(n) : Number(n.toPrecision(2)))
/** A figure that fits a cell of the week. */
const short = (n: number): string => (n <= 0 ? '' : n >= 10 ? String(Math.round(n)) : n.toFixed(1).replace(/^0/, ''))
