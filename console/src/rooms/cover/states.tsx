import type { CoverArea } from '../../api/cover'

const order = ['void', 'thin', 'ok']

/** What nobody reaches first, then by how few do; within that by area and class, so that rows keep their places. */
export const bySeverity = (a: CoverArea, b: CoverArea): number =>
  order.indexOf(a.state) - order.indexOf(b.state) || a.org.localeCompare(b.org, 'en', { numeric: true }) || a.class.localeCompare(b.class)

/** The state of an area as a shape; the word stands beside it. */
export const StateShape = ({ state }: { state: string }) => (
  <svg className={`shape cover-state-${state}`} viewBox="0 0 12 12" width="11" height="11" aria-hidden="true">
    {state === 'ok' && <circle cx="6" cy="6" r="5" fill="currentColor" />}
    {state === 'thin' && <><circle cx="6" cy="6" r="4.6" fill="none" stroke="currentColor" strokeWidth="1.6" /><path d="M6 1.4a4.6 4.6 0 0 0 0 9.2Z" fill="currentColor" /></>}
    {state === 'void' && <path d="M1.5 1.5 10.5 10.5M10.5 1.5 1.5 10.5" stroke="currentColor" strokeWidth="2.4" fill="none" />}
  </svg>
)
