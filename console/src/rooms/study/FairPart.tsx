import { problemOf, useFair, type Fair, type Spread } from '../../api/study'
import { useText } from '../../i18n/i18n'
import { duration } from '../../lib/time'
import { Failed } from './Failed'
import { verdict } from './figures'
import { Intervals, type Estimate } from './Intervals'

/** What people chose on recorded days against what would have been recommended, under the same conditions. A null result is said as one. */
export function FairPart() {
  const { t } = useText()
  const fair = useFair()
  if (fair.data) return <Result fair={fair.data} />
  if (fair.isError && problemOf(fair.error)?.status === 404) return <div className="part"><p className="nothing">{t('study.no_records')}</p></div>
  return fair.isError ? <Failed cause={fair.error} /> : <p className="hint" role="status">{t('study.comparing')}</p>
}

function Result({ fair: f }: { fair: Fair }) {
  const { t, word } = useText()
  const side = (s: Spread, label: string, mark: 'before' | 'after'): Estimate => ({ ...s, label, mark, figure: `${duration(s.mid)} (${duration(s.low)}–${duration(s.high)})` })
  const apart = (s: Spread, label: string): Estimate => ({ ...s, label, mark: 'difference', figure: t('study.apart', { mid: signed(s.mid), low: signed(s.low), high: signed(s.high) }) })
  const changes = f.disturbed ?? f.difference
  const out = Object.entries(f.apart?.unavailable_choices ?? {})
  return (
    <div className="part">
      <p>{t('study.fair_of', { calls: f.calls, units: f.units })}{f.same_first !== undefined ? ` ${t('study.fair_same', { same: f.same_first })}` : ''}</p>
      <h2 className="h"><span>{t('study.fair_first')}</span></h2>
      <Intervals rows={[
        side(f.recorded.p50_s, t('study.p50.recorded'), 'before'), side(f.recommended.p50_s, t('study.p50.recommended'), 'after'),
        side(f.recorded.p90_s, t('study.p90.recorded'), 'before'), side(f.recommended.p90_s, t('study.p90.recommended'), 'after'),
      ]} />
      <h2 className="h"><span>{t('study.fair_difference')}</span><span className="end">{t('study.difference_help')}</span></h2>
      <Intervals zero rows={[
        apart(f.difference.p50_s, t('study.p50')), apart(f.difference.p90_s, t('study.p90')),
        ...(f.disturbed ? [apart(f.disturbed.p50_s, t('study.p50.disturbed')), apart(f.disturbed.p90_s, t('study.p90.disturbed'))] : []),
      ]} />
      {(['p50_s', 'p90_s'] as const).map((k) => {
        const s = changes[k]
        const v = verdict(s.low, s.high)
        return <p key={k} className={`hint verdict ${v}`}>{t(`study.verdict.${v}`, { what: t(k === 'p50_s' ? 'study.p50' : 'study.p90'), s: Math.abs(Math.round(s.mid)), low: signed(s.low), high: signed(s.high) })}</p>
      })}
      <table className="figures">
        <thead><tr><th>{t('study.figure')}</th><th>{t('study.recorded')}</th><th>{t('study.recommended')}</th></tr></thead>
        <tbody><tr><th scope="row">{t('study.km')}</th><td>{Math.round(f.recorded.km)}</td><td>{Math.round(f.recommended.km)}</td></tr></tbody>
      </table>
      {out.length > 0 && <p className="hint">{t('study.fair_left', { all: f.apart?.recorded_choices ?? 0 })} {out.map(([why, n]) => `${word('study.left.', why)} ${n}`).join(' · ')}</p>}
    </div>
  )
}

const signed = (n: number): string => `${n > 0 ? '+' : n < 0 ? '−' : ''}${Math.abs(Math.round(n))}`
