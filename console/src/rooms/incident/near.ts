import type { IncidentRow } from '../../api/types'
import { metres } from '../../lib/distance'
import { ms } from '../../lib/time'

export type Near = { row: IncidentRow; metres: number | undefined; seconds: number }

/** Other open incidents, the nearest in place first and those without a place last: what a second call may belong to. */
export function near(row: Pick<IncidentRow, 'id' | 'place' | 'received'>, all: Iterable<IncidentRow>, limit = 12): Near[] {
  const here = point(row.place)
  return [...all]
    .filter((o) => o.id !== row.id)
    .map((o) => {
      const there = point(o.place)
      return { row: o, metres: here && there ? metres(here, there) : undefined, seconds: (ms(row.received) - ms(o.received)) / 1000 }
    })
    .sort((a, b) => (a.metres ?? Infinity) - (b.metres ?? Infinity) || b.row.number - a.row.number)
    .slice(0, limit)
}

const point = (p: IncidentRow['place']) => (p?.lon !== undefined && p.lat !== undefined ? { lon: p.lon, lat: p.lat } : undefined)
