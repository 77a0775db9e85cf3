import type { Feature, FeatureCollection, LineString, Point } from 'geojson'
import type { IncidentRow, UnitRow } from '../api/types'
import { metres } from '../lib/distance'
import type { DraftPlace } from '../lib/focus'
import { shortAge } from '../lib/time'
import { lookOf } from '../ui/marks'

const fadeAfterS = 60

/** Units as map features: shape by state, faded and with their age when the position is old or in doubt. */
export function unitFeatures(rows: Iterable<UnitRow>, nowMs: number, selected: string): FeatureCollection<Point> {
  const features: Feature<Point>[] = []
  for (const u of rows) {
    const p = u.position
    if (!p || u.state === 'off_duty') continue
    const age = (nowMs - Date.parse(p.at)) / 1000
    const faded = p.state !== 'trusted' || age > fadeAfterS
    const look = lookOf(u)
    features.push({
      type: 'Feature',
      geometry: { type: 'Point', coordinates: [p.lon, p.lat] },
      properties: {
        id: u.id,
        look,
        label: faded ? `${u.call_sign} ${shortAge(age)}` : u.call_sign,
        faded,
        heading: p.heading ?? 0,
        moving: p.heading !== undefined && (p.speed_kmh === undefined || p.speed_kmh > 2) && look !== 'there' && look !== 'out',
        selected: u.id === selected,
        rank: look === 'duress' ? 0 : look === 'free' ? 2 : 1,
      },
    })
  }
  return { type: 'FeatureCollection', features }
}

const onePlaceMeters = 40
const stackHeight = 4

/** Open incidents as numbered marks; the open one larger, the most urgent first. At one place they stand in a stack. */
export function incidentFeatures(rows: Iterable<IncidentRow>, selected: string): FeatureCollection<Point> {
  const urgent = (i: IncidentRow) => (i.id === selected ? -1 : Number((i.priority ?? 'P2').slice(1)))
  const stacks: { lon: number; lat: number; rows: IncidentRow[] }[] = []
  for (const i of [...rows].sort((a, b) => urgent(a) - urgent(b) || a.number - b.number)) {
    const { lon, lat } = i.place ?? {}
    if (lon === undefined || lat === undefined) continue // Nobody knows where: it stands in the list only.
    const at = stacks.find((s) => metres(s, { lon, lat }) <= onePlaceMeters)
    if (at) at.rows.push(i)
    else stacks.push({ lon, lat, rows: [i] })
  }
  const features = stacks.flatMap((s) => s.rows.slice(0, stackHeight).map((i, k): Feature<Point> => {
    const more = k === stackHeight - 1 ? s.rows.length - k : 1
    return {
      type: 'Feature',
      geometry: { type: 'Point', coordinates: [s.lon, s.lat] },
      properties: {
        id: i.id, label: more > 1 ? `+${more}` : String(i.number), priority: i.priority ?? 'P2', selected: i.id === selected, rank: Number((i.priority ?? 'P2').slice(1)),
        slot: k + (s.rows[0]?.id === selected && k > 0 ? 10 : 0),
      },
    }
  }))
  return { type: 'FeatureCollection', features }
}

/** From each unit sent to the open incident, a line to it: who belongs to whom, not the road they take. */
export function assignmentFeatures(row: IncidentRow | undefined, units: ReadonlyMap<string, UnitRow>): FeatureCollection<LineString> {
  const place = row?.place
  const features: Feature<LineString>[] = []
  if (row && place?.lon !== undefined && place.lat !== undefined) {
    for (const a of row.assignments ?? []) {
      const at = units.get(a.unit)?.position
      if (!at || a.stage === 'cleared' || a.recalled) continue
      features.push({
        type: 'Feature',
        geometry: { type: 'LineString', coordinates: [[at.lon, at.lat], [place.lon, place.lat]] },
        properties: { unit: a.unit, stage: a.stage },
      })
    }
  }
  return { type: 'FeatureCollection', features }
}

/** The place that a form has chosen, and where else it may be. */
export function draftFeatures(draft: DraftPlace | undefined): FeatureCollection<Point> {
  const at = (p: { lon: number; lat: number }, chosen: boolean): Feature<Point> => ({ type: 'Feature', geometry: { type: 'Point', coordinates: [p.lon, p.lat] }, properties: { chosen } })
  return { type: 'FeatureCollection', features: [...(draft?.others ?? []).map((p) => at(p, false)), ...(draft?.place ? [at(draft.place, true)] : [])] }
}
