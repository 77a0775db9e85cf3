import type { Feature, FeatureCollection, GeoJSON, Point, Position } from 'geojson'

const rows = 24

/**
 * A point well inside of an area: on evenly spaced lines from west to east, the middle of the stretch that has the most
 * room to its own ends and to the top and the bottom. Undefined for a ring that holds nothing.
 */
export function inside(ring: readonly Position[]): [number, number] | undefined {
  const lats = ring.map((p) => p[1] ?? 0)
  const [low, high] = [Math.min(...lats), Math.max(...lats)]
  let best: [number, number] | undefined
  let room = 0
  for (let k = 1; k < rows; k++) {
    const y = low + ((high - low) * k) / rows
    const cuts = crossings(ring, y)
    for (let i = 0; i + 1 < cuts.length; i += 2) {
      const [from = 0, to = 0] = [cuts[i], cuts[i + 1]]
      const size = Math.min((to - from) / 2, y - low, high - y)
      if (size > room) [room, best] = [size, [(from + to) / 2, y]]
    }
  }
  return best
}

/** A place just under the northern edge of an area, in the middle of the widest stretch there: for a word that leaves its middle free. */
export function underTop(ring: readonly Position[]): [number, number] | undefined {
  const lats = ring.map((p) => p[1] ?? 0)
  const [low, high] = [Math.min(...lats), Math.max(...lats)]
  let best: [number, number] | undefined
  let room = 0
  for (let k = 1; k <= 4; k++) {
    const y = high - ((high - low) * k) / rows
    const cuts = crossings(ring, y)
    for (let i = 0; i + 1 < cuts.length; i += 2) {
      const [from = 0, to = 0] = [cuts[i], cuts[i + 1]]
      if ((to - from) / k > room) [room, best] = [(to - from) / k, [(from + to) / 2, y]]
    }
  }
  return best
}

/** Where a ring crosses a line from west to east. */
function crossings(ring: readonly Position[], y: number): number[] {
  const out: number[] = []
  ring.forEach(([x2 = 0, y2 = 0], i) => {
    const [x1 = 0, y1 = 0] = ring[(i + ring.length - 1) % ring.length] ?? []
    if (y1 > y !== y2 > y) out.push(x1 + ((x2 - x1) * (y - y1)) / (y2 - y1))
  })
  return out.sort((a, b) => a - b)
}

const width = (ring: readonly Position[]): number => Math.max(...ring.map((p) => p[0] ?? 0)) - Math.min(...ring.map((p) => p[0] ?? 0))

/** One label for each area, whatever tiles it is cut into, with the words that label makes of its names. */
export function areaNames(areas: GeoJSON | undefined, label: (zh: string, en: string) => string): FeatureCollection<Point> {
  const features: Feature<Point>[] = []
  for (const f of areas?.type === 'FeatureCollection' ? areas.features : []) {
    const outlines = f.geometry.type === 'MultiPolygon' ? f.geometry.coordinates.map((p) => p[0] ?? []) : f.geometry.type === 'Polygon' ? [f.geometry.coordinates[0] ?? []] : []
    const widest = outlines.filter((r) => r.length > 2).sort((a, b) => width(b) - width(a))[0]
    const at = widest && inside(widest)
    const named = (key: string) => (typeof f.properties?.[key] === 'string' ? f.properties[key] : '')
    if (at) features.push({ type: 'Feature', geometry: { type: 'Point', coordinates: at }, properties: { label: label(named('name'), named('name_en')) } })
  }
  return { type: 'FeatureCollection', features }
}
