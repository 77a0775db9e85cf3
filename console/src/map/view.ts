import type { Map as MapLibre } from 'maplibre-gl'
import type { Look, Point } from '../lib/focus'

const easeMs = 350
const roomPx = 64
const nearestTogether = 15

/** How long a move of the map takes, in milliseconds: none for who asked for less motion. */
const moveMs = (): number => (matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : easeMs)

/** West, south, east and north of places, degrees. There must be one at least. */
export function around(points: readonly Point[]): [number, number, number, number] {
  const lons = points.map((p) => p.lon)
  const lats = points.map((p) => p.lat)
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)]
}

/** Moves the map to where somebody asked to look. A single place never takes the map further away. */
export function goTo(m: MapLibre, look: Look): void {
  if ('together' in look) {
    const box = m.getContainer()
    const room = Math.min(roomPx, box.clientWidth / 5, box.clientHeight / 5)
    m.fitBounds(around(look.together), { padding: room, maxZoom: nearestTogether, duration: moveMs(), linear: true }, { by: 'app' })
    return
  }
  m.easeTo({ center: [look.at.lon, look.at.lat], zoom: Math.max(m.getZoom(), look.zoom ?? 0), duration: moveMs() }, { by: 'app' })
}
