import type { Feature, FeatureCollection, LineString, Point } from 'geojson'
import type { IncidentRow, UnitRow } from '../api/types'
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

/** Open incidents as numbered marks; the open one larger, the most urgent on top. */
export function incidentFeatures(rows: Iterable<IncidentRow>, selected: string): FeatureCollection<Point> {
  const features: Feature<Point>[] = []
  for (const i of rows) {
    if (i.place?.lon === undefined || i.place.lat === undefined) continue // Nobody knows where: it stands in the list only.
    features.push({
      type: 'Feature',
      geometry: { type: 'Point', coordinates: [i.place.lon, i.place.lat] },
      properties: { id: i.id, label: String(i.number), priority: i.priority ?? 'P2', selected: i.id === selected, rank: Number((i.priority ?? 'P2').slice(1)) },
    })
  }
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
