import type { Feature, FeatureCollection, LineString, Position } from 'geojson'
import type { Drawing, Ways } from '../api/drawings'
import { inside } from './areas'
import { bearing } from './cover-layer'

/** What people drew, each with its words; an area's stand in its middle, a way's at its beginning, with a head at its end. */
export function drawingFeatures(drawings: readonly Drawing[] | null | undefined, units: (ids: readonly string[]) => string): FeatureCollection {
  const features: Feature[] = []
  for (const d of drawings ?? []) {
    const label = [d.label ?? '', units(d.units ?? [])].filter(Boolean).join(' · ')
    const properties = { id: d.id, kind: d.kind, label }
    const corners = cornersOf(d)
    const [first] = corners
    if (!first) continue
    if (d.kind === 'area') {
      features.push({ type: 'Feature', geometry: { type: 'Polygon', coordinates: [corners] }, properties })
      features.push({ type: 'Feature', geometry: { type: 'Point', coordinates: inside(corners) ?? first }, properties: { ...properties, kind: 'label' } })
    } else if (d.kind === 'route') {
      const [last = first, before = first] = [corners.at(-1), corners.at(-2)]
      features.push({ type: 'Feature', geometry: { type: 'LineString', coordinates: corners }, properties })
      features.push({ type: 'Feature', geometry: { type: 'Point', coordinates: first }, properties: { ...properties, kind: 'label' } })
      features.push({ type: 'Feature', geometry: { type: 'Point', coordinates: last }, properties: { ...properties, kind: 'head', label: '', bearing: bearing(before, last) } })
    } else features.push({ type: 'Feature', geometry: { type: 'Point', coordinates: first }, properties })
  }
  return { type: 'FeatureCollection', features }
}

/** The corners of a drawing; an area's last is its first again. Nothing for what is no GeoJSON. */
export function cornersOf(d: Drawing): Position[] {
  const c = d.geometry.coordinates
  const list: unknown = d.geometry.type === 'Point' ? [c] : d.geometry.type === 'Polygon' && Array.isArray(c) ? c[0] : c
  if (!Array.isArray(list)) return []
  return list.filter((p): p is Position => Array.isArray(p) && typeof p[0] === 'number' && typeof p[1] === 'number')
}

/** The ways to the open incident, each with its words where the unit is. */
export function wayFeatures(ways: Ways | undefined, word: (w: Ways['features'][number]['properties']) => string): FeatureCollection {
  const features: Feature[] = []
  for (const f of ways?.features ?? []) {
    const line: Feature<LineString> = { type: 'Feature', geometry: f.geometry, properties: { ...f.properties, label: '' } }
    const quarter = f.geometry.coordinates[Math.floor(f.geometry.coordinates.length / 4)] // Not under the unit's own sign.
    features.push(line)
    if (quarter) features.push({ type: 'Feature', geometry: { type: 'Point', coordinates: f.geometry.coordinates.length > 2 ? quarter : between(f.geometry.coordinates) }, properties: { ...f.properties, label: word(f.properties) } })
  }
  return { type: 'FeatureCollection', features }
}

const between = ([[x1 = 0, y1 = 0] = [], [x2 = 0, y2 = 0] = []]: readonly Position[]): Position => [x1 + (x2 - x1) / 3, y1 + (y2 - y1) / 3]
