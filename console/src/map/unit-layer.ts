import type { Feature, FeatureCollection, Point } from 'geojson'
import type { Config, IncidentRow, UnitRow } from '../api/types'
import { metres } from '../lib/distance'
import type { DraftPlace } from '../lib/focus'
import { ms, shortAge } from '../lib/time'
import { lookOf } from '../ui/marks'
import { clusterTo } from './live-style'

const fadeAfterS = 60

/** How a unit gets on or what it is for, as a small mark at its shape: by the attributes of its kind, never by its name. */
export type KindMark = 'plain' | 'station' | 'foot' | 'straight' | 'special'

/** On foot is whoever is no faster than this, km/h. */
const footKmh = 10

/** The mark of each kind of a centre. */
export const kindMarks = (kinds: Config['kinds'] | undefined): ReadonlyMap<string, KindMark> =>
  new Map((kinds ?? []).map((k) => [k.id, k.straight ? 'straight' : (k.kmh ?? 0) > 0 && (k.kmh ?? 0) <= footKmh ? 'foot' : k.own_station && !k.patrol ? 'station' : k.patrol ? 'plain' : 'special']))

/** A unit as a feature, and until when it stays as it is, milliseconds since 1970; undefined for one that is not drawn. */
export function unitFeature(u: UnitRow, nowMs: number, selected: boolean, mark: KindMark): { feature: Feature<Point>; until: number } | undefined {
  const p = u.position
  if (!p || u.state === 'off_duty') return undefined
  const at = ms(p.at)
  const age = (nowMs - at) / 1000
  const faded = p.state !== 'trusted' || age > fadeAfterS
  const look = lookOf(u)
  return {
    until: faded ? nowMs + agesMs : at + fadeAfterS * 1000,
    feature: {
      type: 'Feature',
      geometry: { type: 'Point', coordinates: [p.lon, p.lat] },
      properties: {
        id: u.id,
        look,
        image: `unit-${look}-${mark}`,
        label: faded ? `${u.call_sign} ${shortAge(age)}` : u.call_sign,
        faded,
        heading: p.heading ?? 0,
        moving: p.heading !== undefined && (p.speed_kmh === undefined || p.speed_kmh > 2) && look !== 'there' && look !== 'out',
        selected,
        rank: look === 'duress' ? 0 : look === 'free' ? 2 : 1,
      },
    },
  }
}

/** Ages on the map are told every five seconds; positions when they come. */
export const agesMs = 5000

/** Units as map features: shape by state, faded and with their age when the position is old or in doubt. */
export function unitFeatures(rows: Iterable<UnitRow>, nowMs: number, selected: string, marks: ReadonlyMap<string, KindMark> = new Map()): FeatureCollection<Point> {
  const features: Feature<Point>[] = []
  for (const u of rows) {
    const made = unitFeature(u, nowMs, u.id === selected, marks.get(u.kind) ?? 'plain')
    if (made) features.push(made.feature)
  }
  return { type: 'FeatureCollection', features }
}

/** What lies within so many metres is one place at any zoom. */
const onePlaceMeters = 40
/** Marks nearer than this would lie on each other, pixels. */
const onMarkPx = 20
const metersPerDegree = 110_000 // From south to north, at the least: whoever is further apart need not be measured.
const stackHeight = 4

/** How incidents that are near each other stand in a stack: how far apart they may be, metres, and how many are drawn before the rest is counted. */
export type Stacking = { withinMeters: number; most: number }

/** By the map's zoom, in steps, so that it seldom changes. Where crowds are counted anyway (live-style.ts) no stack counts its rest. */
export function stackingAt(zoom: number, lat: number): Stacking {
  const metersPerPx = 40_075_016 * Math.cos((lat * Math.PI) / 180) / (512 * 2 ** (Math.floor(zoom * 2) / 2))
  return { withinMeters: Math.max(onePlaceMeters, Math.round(onMarkPx * metersPerPx / 10) * 10), most: zoom < clusterTo + 1 ? Infinity : stackHeight }
}

/** Open incidents as numbered marks; the open one larger, the most urgent first. What would lie on each other stands in a stack. */
export function incidentFeatures(rows: Iterable<IncidentRow>, selected: string, { withinMeters, most }: Stacking = { withinMeters: onePlaceMeters, most: stackHeight }): FeatureCollection<Point> {
  const urgent = (i: IncidentRow) => (i.id === selected ? -1 : Number((i.priority ?? 'P2').slice(1)))
  const stacks: { lon: number; lat: number; rows: IncidentRow[] }[] = []
  for (const i of [...rows].sort((a, b) => urgent(a) - urgent(b) || a.number - b.number)) {
    const { lon, lat } = i.place ?? {}
    if (lon === undefined || lat === undefined) continue // Nobody knows where: it stands in the list only.
    const at = stacks.find((s) => Math.abs(s.lat - lat) * metersPerDegree < withinMeters && metres(s, { lon, lat }) <= withinMeters)
    if (at) at.rows.push(i)
    else stacks.push({ lon, lat, rows: [i] })
  }
  const features = stacks.flatMap((s) => s.rows.slice(0, most).map((i, k): Feature<Point> => {
    const more = k === most - 1 ? s.rows.length - k : 1
    return {
      type: 'Feature',
      geometry: { type: 'Point', coordinates: [s.lon, s.lat] },
      properties: {
        id: i.id, label: more > 1 ? `+${more}` : String(i.number), priority: i.priority ?? 'P2', selected: i.id === selected, rank: Number((i.priority ?? 'P2').slice(1)),
        slot: k + (s.rows[0]?.id === selected && k > 0 ? 10 : 0), more,
      },
    }
  }))
  return { type: 'FeatureCollection', features }
}

/** The place that a form has chosen, and where else it may be. */
export function draftFeatures(draft: DraftPlace | undefined): FeatureCollection<Point> {
  const at = (p: { lon: number; lat: number }, chosen: boolean): Feature<Point> => ({ type: 'Feature', geometry: { type: 'Point', coordinates: [p.lon, p.lat] }, properties: { chosen } })
  return { type: 'FeatureCollection', features: [...(draft?.others ?? []).map((p) => at(p, false)), ...(draft?.place ? [at(draft.place, true)] : [])] }
}
