import type { Feature, FeatureCollection, GeoJSON, LineString, Point, Position } from 'geojson'
import type { CoverArea, Move } from '../api/cover'
import type { UnitRow } from '../api/types'
import { underTop } from './areas'
import { union } from './union'

/** Where a band of colour ends, as a share of the standard. The last band has no end. */
export const bandEnds = [0.5, 0.75, 1, 1.5] as const
/** From this band on the standard is missed: it is hatched as well as coloured. */
export const missed = 3

/** The band of an expected response, 0 the fastest. */
export const bandOf = (seconds: number, standard: number): number => {
  const band = bandEnds.findIndex((end) => seconds <= end * standard)
  return band < 0 ? bandEnds.length : band
}

/** The squares with the name of their colour. Squares that nobody calls from are left out: they would shout for nothing. */
export function coverFeatures(cells: FeatureCollection | undefined, standard: number): FeatureCollection {
  const features = (cells?.features ?? []).flatMap((f): Feature[] => {
    const s = Number(f.properties?.['expected_s'])
    if (!Number.isFinite(s) || !(standard > 0) || Number(f.properties?.['weight'] ?? 1) <= 0) return []
    const band = bandOf(s, standard)
    return [{ type: 'Feature', geometry: f.geometry, properties: { fill: `cover-${band}`, missed: band >= missed } }]
  })
  return { type: 'FeatureCollection', features }
}

/** Rings of several units as one outline for each time: where one reaches, it does not matter who else does. */
export function joined(rings: FeatureCollection): FeatureCollection {
  return { ...rings, features: rings.features.map((f): Feature => (f.geometry?.type === 'MultiPolygon' ? { ...f, geometry: { type: 'MultiPolygon', coordinates: union(f.geometry.coordinates) } } : f)) }
}

/** The rings with their rank, the innermost 0, and their words. */
export function ringFeatures(rings: FeatureCollection | undefined, word: (minutes: number) => string): FeatureCollection {
  const minutesOf = (f: Feature) => Number(f.properties?.['minutes'])
  const ranks = [...new Set((rings?.features ?? []).map(minutesOf))].sort((a, b) => a - b)
  const features = (rings?.features ?? [])
    .filter((f) => f.geometry !== null && Number.isFinite(minutesOf(f)))
    .sort((a, b) => minutesOf(b) - minutesOf(a))
    .flatMap((f): Feature[] => {
      const properties = { rank: Math.min(2, ranks.indexOf(minutesOf(f))), label: word(minutesOf(f)) }
      const top = northernmost(f)
      return [{ type: 'Feature', geometry: f.geometry, properties }, ...(top ? [{ type: 'Feature' as const, geometry: { type: 'Point' as const, coordinates: top }, properties }] : [])]
    })
  return { type: 'FeatureCollection', features }
}

/** The northernmost corner of the largest outline: where its word stands clear of what is inside. */
function northernmost(f: Feature): Position | undefined {
  return outlineOf(f)?.reduce((best, p) => ((p[1] ?? 0) > (best[1] ?? 0) ? p : best))
}

type Void = { org: string; label: string }

/** For each area that is void: its outline, and its word under its northern edge, where it leaves the units free. */
export function voidFeatures(areas: GeoJSON | undefined, voids: readonly Void[]): FeatureCollection {
  const features: Feature[] = []
  for (const f of areas?.type === 'FeatureCollection' ? areas.features : []) {
    const labels = voids.filter((v) => v.org === f.properties?.['id']).map((v) => v.label)
    const outline = outlineOf(f)
    const at = labels.length > 0 && outline ? underTop(outline) : undefined
    if (!at) continue
    features.push({ type: 'Feature', geometry: f.geometry, properties: { label: '' } })
    features.push({ type: 'Feature', geometry: { type: 'Point', coordinates: at }, properties: { label: labels.join('\n') } })
  }
  return { type: 'FeatureCollection', features }
}

function outlineOf(f: Feature): Position[] | undefined {
  if (f.geometry?.type === 'Polygon') return f.geometry.coordinates[0]
  if (f.geometry?.type !== 'MultiPolygon') return undefined
  return f.geometry.coordinates.map((p) => p[0] ?? []).sort((a, b) => b.length - a.length)[0]
}

/** Only the areas that nobody reaches in time and somebody should. */
export const voidAreas = (areas: readonly CoverArea[] | null | undefined): CoverArea[] => (areas ?? []).filter((a) => a.state === 'void' && !a.by_plan)

/** Each proposed move as a line from the unit to where it would wait, with its gain at the head of the arrow. */
export function moveFeatures(moves: readonly Move[] | null | undefined, units: ReadonlyMap<string, UnitRow>, word: (m: Move) => string): FeatureCollection<LineString | Point> {
  const features: Feature<LineString | Point>[] = []
  for (const m of moves ?? []) {
    const from = units.get(m.unit)?.position
    if (!from) continue
    const [a, b]: [Position, Position] = [[from.lon, from.lat], [m.to.place.lon, m.to.place.lat]]
    features.push({ type: 'Feature', geometry: { type: 'LineString', coordinates: [a, b] }, properties: { id: m.id } })
    features.push({ type: 'Feature', geometry: { type: 'Point', coordinates: b }, properties: { id: m.id, label: word(m), bearing: bearing(a, b) } })
  }
  return { type: 'FeatureCollection', features }
}

/** Degrees clockwise from north, on the map as it is drawn. */
export function bearing([lon1 = 0, lat1 = 0]: Position, [lon2 = 0, lat2 = 0]: Position): number {
  const y = (lat: number) => Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360))
  const degrees = (Math.atan2(((lon2 - lon1) * Math.PI) / 180, y(lat2) - y(lat1)) * 180) / Math.PI
  return (degrees + 360) % 360
}
