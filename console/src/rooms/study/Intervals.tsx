import { scale } from './figures'

/** A figure with its interval, and the words that stand beside its picture. */
export type Estimate = { label: string; low: number; mid: number; high: number; figure: string; mark: 'before' | 'after' | 'difference' }

/** Estimates under one another on one scale: a point in its interval. Before is an open ring, after a filled point. */
export function Intervals({ rows, zero = false }: { rows: readonly Estimate[]; zero?: boolean }) {
  const at = scale([...rows.flatMap((r) => [r.low, r.mid, r.high]), ...(zero ? [0] : [])])
  const left = (v: number) => `${(100 * at(v)).toFixed(2)}%`
  return (
    <ul className="intervals">
      {rows.map((r) => (
        <li key={r.label}>
          <span>{r.label}</span>
          <span className="track" aria-hidden="true">
            {zero && <i className="zero" style={{ left: left(0) }} />}
            <i className={`span ${r.mark}`} style={{ left: left(r.low), width: `${(100 * (at(r.high) - at(r.low))).toFixed(2)}%` }} />
            <i className={`dot ${r.mark}`} style={{ left: left(r.mid) }} />
          </span>
          <span className="num">{r.figure}</span>
        </li>
      ))}
    </ul>
  )
}
