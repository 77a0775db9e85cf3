import type { Position } from 'geojson'

/** So many squares across: finer than anybody sees on a map of the whole city. */
const across = 640

type Grid = { west: number; south: number; dx: number; dy: number; filled: Uint8Array }

/** Polygons that lie over one another as one outline. It is exact to a square of a grid laid over them: a picture, not a measurement. */
export function union(polygons: readonly Position[][][]): Position[][][] {
  const grid = gridOver(polygons)
  if (!grid) return []
  for (const p of polygons) fill(grid, p)
  return nested(trace(grid.filled), grid)
}

function gridOver(polygons: readonly Position[][][]): Grid | undefined {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const [x = Number.NaN, y = Number.NaN] of polygons.flatMap((p) => p[0] ?? [])) {
    ;[west, east] = [Math.min(west, x), Math.max(east, x)]
    ;[south, north] = [Math.min(south, y), Math.max(north, y)]
  }
  if (!(east > west) || !(north > south)) return undefined
  const [dx, dy] = [(east - west) / (across - 2), (north - south) / (across - 2)] // A square stays empty on each side.
  return { west: west - dx, south: south - dy, dx, dy, filled: new Uint8Array(across * across) }
}

/** Marks the squares whose middle lies within: between each second pair of edges along a row. */
function fill(g: Grid, polygon: readonly Position[][]): void {
  const rows = new Map<number, number[]>()
  for (const ring of polygon) {
    for (let n = 1; n < ring.length; n++) {
      const [[x1 = 0, y1 = 0] = [], [x2 = 0, y2 = 0] = []] = [ring[n - 1], ring[n]]
      const row = (y: number) => Math.ceil((y - g.south) / g.dy - 0.5)
      for (let j = row(Math.min(y1, y2)); j < row(Math.max(y1, y2)); j++) {
        const x = x1 + ((g.south + (j + 0.5) * g.dy - y1) * (x2 - x1)) / (y2 - y1)
        const crossed = rows.get(j)
        if (crossed) crossed.push((x - g.west) / g.dx)
        else rows.set(j, [(x - g.west) / g.dx])
      }
    }
  }
  for (const [j, crossed] of rows) {
    crossed.sort((a, b) => a - b)
    for (let n = 1; n < crossed.length; n += 2) g.filled.fill(1, j * across + Math.ceil((crossed[n - 1] ?? 0) - 0.5), j * across + Math.ceil((crossed[n] ?? 0) - 0.5))
  }
}

/** A corner of the grid is one number; a row of corners is one longer than a row of squares. */
const corners = across + 1
/** East, north, west, south: the way along an edge with what is filled on the left. */
const ways = [1, corners, -1, -corners]

/** The outlines of what is filled, corner by corner, what is filled on the left: outer ones against the clock, holes with it. */
function trace(filled: Uint8Array): number[][] {
  const from = new Map<number, number>() // For each corner the ways that leave it, a bit each.
  const at = (i: number, j: number) => filled[j * across + i] === 1
  const leave = (corner: number, way: number) => from.set(corner, (from.get(corner) ?? 0) | (1 << way))
  for (let j = 1; j < across - 1; j++) {
    for (let i = 1; i < across - 1; i++) {
      if (!at(i, j)) continue
      const corner = j * corners + i
      if (!at(i, j - 1)) leave(corner, 0)
      if (!at(i + 1, j)) leave(corner + 1, 1)
      if (!at(i, j + 1)) leave(corner + corners + 1, 2)
      if (!at(i - 1, j)) leave(corner + corners, 3)
    }
  }
  const rings: number[][] = []
  for (const start of from.keys()) {
    while ((from.get(start) ?? 0) !== 0) rings.push(walk(from, start))
  }
  return rings
}

/** One outline from a corner back to it. Where two squares touch at a corner only, it stays with its own: it turns left. */
function walk(from: Map<number, number>, start: number): number[] {
  const ring: number[] = []
  let [corner, way] = [start, -1]
  do {
    const open = from.get(corner) ?? 0
    const next = way < 0 ? [0, 1, 2, 3] : [(way + 1) % 4, way, (way + 3) % 4]
    const taken = next.find((w) => (open & (1 << w)) !== 0)
    if (taken === undefined) break
    if (taken !== way) ring.push(corner)
    from.set(corner, open & ~(1 << taken))
    corner += ways[taken] ?? 0
    way = taken
  } while (corner !== start)
  return ring
}

type Ring = { at: Position[]; area: number }

/** Holes with the smallest outline around them. */
function nested(rings: readonly number[][], g: Grid): Position[][][] {
  const all = rings.map((r): Ring => {
    const at = r.map((c): Position => [c % corners, Math.floor(c / corners)])
    return { at, area: at.reduce((sum, [x1 = 0, y1 = 0], n) => { const [x2 = 0, y2 = 0] = at[(n + 1) % at.length] ?? []; return sum + (x1 * y2 - x2 * y1) / 2 }, 0) }
  })
  const outer = all.filter((r) => r.area > 0).sort((a, b) => a.area - b.area).map((r) => ({ ...r, holes: [] as Position[][] }))
  for (const hole of all.filter((r) => r.area < 0)) outer.find((o) => o.area > -hole.area && within(beside(hole.at), o.at))?.holes.push(hole.at)
  const placed = (r: readonly Position[]) => [...r, r[0] ?? []].map(([x = 0, y = 0]): Position => [g.west + x * g.dx, g.south + y * g.dy])
  return outer.map((o) => [o.at, ...o.holes].map(placed))
}

/** The middle of the filled square on the left of an outline's first edge. */
function beside([a = [], b = []]: readonly Position[]): Position {
  const [[x1 = 0, y1 = 0], [x2 = 0, y2 = 0]] = [a, b]
  const [ex, ey] = [Math.sign(x2 - x1), Math.sign(y2 - y1)]
  return [x1 + (ex - ey) / 2, y1 + (ey + ex) / 2]
}

function within([x = 0, y = 0]: Position, ring: readonly Position[]): boolean {
  let inside = false
  ring.forEach(([x1 = 0, y1 = 0], n) => {
    const [x2 = 0, y2 = 0] = ring[(n + 1) % ring.length] ?? []
    if (y1 > y !== y2 > y && x < x1 + ((y - y1) * (x2 - x1)) / (y2 - y1)) inside = !inside
  })
  return inside
}
