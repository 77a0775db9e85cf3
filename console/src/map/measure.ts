import type { Feature, FeatureCollection, Position } from 'geojson'
import { metres, metresText } from '../lib/distance'
import type { Point } from '../lib/focus'

const earthM = 6_371_008.8

/** Metres along a line. */
export const lengthOf = (points: readonly Point[]): number => points.reduce((sum, p, n) => sum + (n === 0 ? 0 : metres(points[n - 1] ?? p, p)), 0)

/**
 * Square metres within an outline, on the sphere: the area under each edge down to the equator, one after another, as
 * R. G. Chamberlain and W. H. Duquette give it ("Some Algorithms for Polygons on a Sphere", JPL 07-03, 2007).
 */
export function areaOf(points: readonly Point[]): number {
  const rad = Math.PI / 180
  let sum = 0
  points.forEach((p, n) => {
    const q = points[(n + 1) % points.length] ?? p
    sum += (q.lon - p.lon) * rad * (2 + Math.sin(p.lat * rad) + Math.sin(q.lat * rad))
  })
  return Math.abs((sum * earthM * earthM) / 2)
}

/** 420 m², 3.1 ha, 1.42 km². */
export const areaText = (m2: number): string => (m2 < 10_000 ? `${Math.round(m2)} m²` : m2 < 1_000_000 ? `${(m2 / 10_000).toFixed(1)} ha` : `${(m2 / 1_000_000).toFixed(2)} km²`)

const at = (p: Point): Position => [p.lon, p.lat]

/** What is being measured or drawn: its corners with the length so far, and its line or area. */
export function sketchFeatures(corners: readonly Point[], closed: boolean, lengths: boolean): FeatureCollection {
  const features: Feature[] = corners.map((p, n) => ({
    type: 'Feature', geometry: { type: 'Point', coordinates: at(p) }, properties: { label: lengths && n > 0 && (n === corners.length - 1 || corners.length <= 8) ? metresText(lengthOf(corners.slice(0, n + 1))) : '' },
  }))
  const ring = corners.map(at)
  if (closed && corners.length > 2) features.unshift({ type: 'Feature', geometry: { type: 'Polygon', coordinates: [[...ring, ring[0] ?? []]] }, properties: {} })
  else if (corners.length > 1) features.unshift({ type: 'Feature', geometry: { type: 'LineString', coordinates: ring }, properties: {} })
  return { type: 'FeatureCollection', features }
}
