import { createStore } from './store'

/** The frames in which a pair of degrees may be meant. The server converts; the glass only says which one it shows. */
export const datums = ['wgs84', 'gcj02', 'cgcs2000'] as const
export type Datum = (typeof datums)[number]

const remembered = typeof localStorage === 'undefined' ? null : localStorage.getItem('shuniu.datum')

/** The datum in which this seat reads and types coordinates. */
export const datum = createStore<Datum>(datums.find((d) => d === remembered) ?? 'wgs84')

/** Changes it at once, everywhere, and remembers. */
export function setDatum(next: Datum): void {
  datum.set(next)
  localStorage.setItem('shuniu.datum', next)
}
