import { useEffect, useRef } from 'react'
import type { Look, Point } from '../lib/focus'
import type { TheMap } from './MapView'

const easeMs = 350
const roomPx = 64
const nearestTogether = 15
const placeZoom = 16
const margin = 0.1 // Of the bounds' width and height, on each side.

/** How long a move of the map takes, in milliseconds: none for who asked for less motion. */
const moveMs = (): number => (matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : easeMs)

/** West, south, east and north of places, degrees. There must be one at least. */
export function around(points: readonly Point[]): [number, number, number, number] {
  const lons = points.map((p) => p.lon)
  const lats = points.map((p) => p.lat)
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)]
}

/** Moves the map to where somebody asked to look. A single place never takes the map further away. */
export function goTo(m: TheMap, look: Look): void {
  free(m, 'together' in look ? look.together : [look.at])
  if ('together' in look) {
    const box = m.getContainer()
    const room = Math.min(roomPx, box.clientWidth / 5, box.clientHeight / 5)
    m.fitBounds(around(look.together), { padding: room, maxZoom: nearestTogether, duration: moveMs(), linear: true }, { by: 'app' })
    return
  }
  m.easeTo({ center: [look.at.lon, look.at.lat], zoom: Math.max(m.getZoom(), look.zoom ?? 0), duration: moveMs() }, { by: 'app' })
}

/** A place outside of the limits is seen all the same: then there are none. */
function free(m: TheMap, points: readonly Point[]): void {
  const limits = m.getMaxBounds()
  if (limits && !points.every((p) => limits.contains([p.lon, p.lat]))) m.setMaxBounds(null)
}

const stretch = (lat: number): number => (Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360)) * 180) / Math.PI
const unstretch = (y: number): number => (Math.atan(Math.exp((y * Math.PI) / 180)) * 360) / Math.PI - 90

/** How far the map may be moved: what it holds and a margin, in the shape of its window, so that all can be seen at once. */
export function limitsOf(bounds: readonly [number, number, number, number], width: number, height: number): [number, number, number, number] {
  const [w, s, e, n] = [bounds[0], stretch(bounds[1]), bounds[2], stretch(bounds[3])]
  let across = (e - w) * (0.5 + margin)
  let up = (n - s) * (0.5 + margin)
  if (width > 0 && height > 0) [across, up] = [Math.max(across, (up * width) / height), Math.max(up, (across * height) / width)]
  const [x, y] = [(w + e) / 2, (s + n) / 2]
  return [x - across, unstretch(y - up), x + across, unstretch(y + up)]
}

/** Keeps the map from being moved into emptiness. Without bounds it may go anywhere. */
export function useLimits(m: TheMap | undefined, ready: number, bounds: readonly [number, number, number, number] | undefined): void {
  const said = bounds?.join(' ')
  useEffect(() => {
    if (!m || said === undefined) return
    const [w = 0, s = 0, e = 0, n = 0] = said.split(' ').map(Number)
    const set = () => {
      const box = m.getContainer()
      m.setMaxBounds(limitsOf([w, s, e, n], box.clientWidth, box.clientHeight))
    }
    set()
    m.on('resize', set)
    return () => {
      m.off('resize', set)
      m.setMaxBounds(null)
    }
  }, [m, ready, said])
}

/**
 * Shows the place of an open form near enough to see the crossing, and gives the view back when the form closes, unless
 * somebody moved the map meanwhile.
 */
export function useDraftView(m: TheMap | undefined, place: Point | undefined, open: boolean, look: Look | undefined, home: number): void {
  const before = useRef<{ center: [number, number]; zoom: number }>(undefined)
  const [lon, lat] = [place?.lon, place?.lat]
  useEffect(() => {
    const forget = (e: { originalEvent?: unknown; by?: unknown }) => {
      if (e.originalEvent || e.by === 'user') before.current = undefined
    }
    m?.on('movestart', forget)
    return () => void m?.off('movestart', forget)
  }, [m])
  useEffect(() => {
    before.current = undefined // Whoever asked for another view has it.
  }, [look, home])
  useEffect(() => {
    if (!m || lon === undefined || lat === undefined) return
    const c = m.getCenter()
    before.current ??= { center: [c.lng, c.lat], zoom: m.getZoom() }
    goTo(m, { n: 0, at: { lon, lat }, zoom: placeZoom })
  }, [m, lon, lat])
  useEffect(() => {
    if (open || !m || !before.current) return
    m.easeTo({ ...before.current, duration: moveMs() }, { by: 'app' })
    before.current = undefined
  }, [m, open])
}
