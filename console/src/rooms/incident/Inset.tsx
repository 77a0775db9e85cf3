import { useQuery } from '@tanstack/react-query'
import { useBoard } from '../../api/hooks'
import type { IncidentRow } from '../../api/types'
import { useText } from '../../i18n/i18n'
import { tileLines, tileOf, type TileLine } from '../../lib/tile-lines'
import { useGround } from '../../map/use-ground'
import './story.css'

const zoom = 15
const width = 420
const height = 200
const tileSide = 300 // Of the picture, so that it shows some six hundred metres of a town.
const heavy = new Set(['motorway', 'trunk', 'primary', 'secondary'])

/** The tiles around a place, as streets in the picture's own units. */
async function streetsAround(template: string, x: number, y: number, signal: AbortSignal): Promise<TileLine[]> {
  const spread = { x: width / 2 / tileSide, y: height / 2 / tileSide }
  const wanted: [number, number][] = []
  for (let i = Math.floor(x - spread.x); i <= Math.floor(x + spread.x); i++) for (let j = Math.floor(y - spread.y); j <= Math.floor(y + spread.y); j++) wanted.push([i, j])
  const read = await Promise.all(wanted.map(async ([i, j]) => {
    const answer = await fetch(template.replace('{z}', String(zoom)).replace('{x}', String(i)).replace('{y}', String(j)), { signal })
    if (!answer.ok) return []
    return tileLines(new Uint8Array(await answer.arrayBuffer()), 'road').map((l) => ({ ...l, points: l.points.map(([px, py]): [number, number] => [(i + px - x) * tileSide + width / 2, (j + py - y) * tileSide + height / 2]) }))
  }))
  return read.flat()
}

type Spot = { signs: string; x: number; y: number }

// So near that the words of one would lie on those of the other.
const beside = (a: { x: number; y: number }, b: { x: number; y: number }): boolean => Math.abs(a.x - b.x) < 70 && Math.abs(a.y - b.y) < 15

/** Crews that stand at one place are one mark with all their names. */
export function together(crews: readonly Spot[]): Spot[] {
  const spots: Spot[] = []
  for (const c of crews) {
    const at = spots.find((s) => beside(s, c))
    if (at) at.signs += ` ${c.signs}`
    else spots.push({ ...c })
  }
  return spots
}

/** A small still picture of the place: our streets, the incident in the middle, its units where they were last seen. */
export function Inset({ row }: { row: IncidentRow }) {
  const { t } = useText()
  const { units } = useBoard()
  const ground = useGround().data
  const lon = row.place?.lon
  const lat = row.place?.lat
  const template = ground?.tiles && new URL(ground.tiles, location.href).origin === location.origin ? ground.tiles : undefined
  const at = lon === undefined || lat === undefined ? undefined : tileOf({ lon, lat }, zoom)
  const streets = useQuery({
    queryKey: ['inset', template, lon, lat],
    queryFn: ({ signal }) => streetsAround(template ?? '', at?.x ?? 0, at?.y ?? 0, signal),
    enabled: template !== undefined && at !== undefined,
    staleTime: Infinity,
    retry: 1,
  })
  if (!at) return null
  const lines = streets.data ?? []
  const crews = (row.assignments ?? []).filter((a) => a.stage !== 'cleared').flatMap((a) => {
    const p = units.get(a.unit)?.position
    if (!p) return []
    const spot = tileOf(p, zoom)
    return [{ signs: a.call_sign, x: (spot.x - at.x) * tileSide + width / 2, y: (spot.y - at.y) * tileSide + height / 2 }]
  }).filter((c) => c.x > 0 && c.x < width && c.y > 0 && c.y < height)
  const spots = together(crews)
  return (
    <section className="inset" aria-label={t('story.inset')}>
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={`${t('story.inset')} #${row.number}`}>
        {lines.map((l, n) => <polyline key={n} points={l.points.map((p) => p.map((v) => v.toFixed(1)).join(',')).join(' ')} fill="none" stroke="var(--road-thin, #999)" strokeWidth={heavy.has(l.kind) ? 3 : 1.2} />)}
        <circle cx={width / 2} cy={height / 2} r="8" fill="none" stroke="var(--red, #c00)" strokeWidth="3" />
        <text x={width / 2 + 12} y={height / 2 + 4} fontSize="13" fontWeight="700" fill="var(--red, #c00)">#{row.number}</text>
        {spots.map((c) => <g key={c.signs}><rect x={c.x - 4} y={c.y - 4} width="8" height="8" fill="var(--blue, #06c)" /><text x={c.x + 12} y={c.y + (beside(c, { x: width / 2, y: height / 2 }) ? 20 : 4)} fontSize="12" fill="var(--text, #000)">{c.signs}</text></g>)}
      </svg>
      {(streets.isError || template === undefined || streets.data?.length === 0) && <p className="dim">{t('story.inset_none')}</p>}
    </section>
  )
}
