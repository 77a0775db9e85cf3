import type { Feature } from 'geojson'
import type { GeoJSONSource } from './MapView'
import type { Board } from '../api/live'
import type { IncidentRow, UnitRow } from '../api/types'
import { Held } from './held'
import type { TheMap } from './MapView'
import { incidentFeatures, stackingAt, unitFeature, type KindMark, type Stacking } from './unit-layer'
import { measured } from './work'

/** What is out there and what is in hand, as the map is to show it. */
export type Live = {
  units: Board['units']
  incidents: Board['incidents']
  /** The world's time, milliseconds since 1970. */
  now: number
  /** The chosen unit and the open incident; empty for none. */
  unit: string
  incident: string
  marks: ReadonlyMap<string, KindMark>
}

/** What is out there, whenever it is asked, and a word when it is otherwise. */
export type LiveSource = { get: () => Live; subscribe: (listener: () => void) => () => void }

type Made = { row: UnitRow; until: number; selected: boolean; mark: KindMark; feature: Feature | undefined }

const over = new Set(['closed', 'merged', 'transferred', 'invalid'])

/** The names of the sources that a feed fills. What is "up" is never hidden in a cluster. */
export const fed = ['units', 'unitsUp', 'incidents', 'incidentsUp'] as const
type Fed = (typeof fed)[number]

/** Features by source, made from rows: a row that is the same makes the same feature again, for next to nothing. */
export class Maker {
  #units = new Map<string, Made>()
  #rows: Live['incidents'] | undefined
  #open = ''
  #stacking: Stacking | undefined
  #incidents = { incidents: new Map<string, Feature>(), incidentsUp: new Map<string, Feature>() }

  make(live: Live, stacking?: Stacking): Record<Fed, Map<string, Feature>> {
    return { ...this.#makeUnits(live), ...this.#makeIncidents(live, stacking) }
  }

  #makeUnits({ units, incidents, now, unit, incident, marks }: Live) {
    const out = { units: new Map<string, Feature>(), unitsUp: new Map<string, Feature>() }
    const sent = new Set((incidents.get(incident)?.assignments ?? []).filter((a) => a.stage !== 'cleared' && !a.recalled).map((a) => a.unit))
    for (const row of units.values()) {
      const selected = row.id === unit
      const mark = marks.get(row.kind) ?? 'plain'
      let made = this.#units.get(row.id)
      if (!made || made.row !== row || made.until <= now || made.selected !== selected || made.mark !== mark) {
        const fresh = unitFeature(row, now, selected, mark)
        made = { row, selected, mark, until: fresh?.until ?? Infinity, feature: fresh?.feature }
        this.#units.set(row.id, made)
      }
      if (!made.feature) continue
      const up = selected || sent.has(row.id) || row.flags?.duress !== undefined
      ;(up ? out.unitsUp : out.units).set(row.id, made.feature)
    }
    if (this.#units.size > units.size) for (const id of this.#units.keys()) if (!units.has(id)) this.#units.delete(id)
    return out
  }

  #makeIncidents({ incidents, incident }: Live, stacking: Stacking | undefined) {
    if (this.#rows === incidents && this.#open === incident && alikeStacked(this.#stacking, stacking)) return this.#incidents
    this.#rows = incidents
    this.#open = incident
    this.#stacking = stacking
    const before = this.#incidents
    const out = { incidents: new Map<string, Feature>(), incidentsUp: new Map<string, Feature>() }
    const open = [...incidents.values()].filter((i: IncidentRow) => !over.has(i.phase))
    for (const f of incidentFeatures(open, incident, stacking).features) {
      const id = String(f.properties?.['id'])
      const was = before.incidents.get(id) ?? before.incidentsUp.get(id)
      ;(id === incident ? out.incidentsUp : out.incidents).set(id, was && alike(was, f) ? was : f)
    }
    this.#incidents = out
    return out
  }
}

const alikeStacked = (a: Stacking | undefined, b: Stacking | undefined): boolean => a?.withinMeters === b?.withinMeters && a?.most === b?.most

/** Whether two marks of incidents look the same at the same place. */
function alike(a: Feature, b: Feature): boolean {
  const [p, q] = [a.geometry, b.geometry]
  if (p.type !== 'Point' || q.type !== 'Point' || p.coordinates[0] !== q.coordinates[0] || p.coordinates[1] !== q.coordinates[1]) return false
  return Object.entries(a.properties ?? {}).every(([key, value]) => b.properties?.[key] === value)
}

/** Brings what is out there onto a map, changes only, and no more often than the gap allows. The newest always comes. */
export class Feed {
  #map: TheMap
  #gap: number
  #maker = new Maker()
  #held: Record<Fed, Held> = { units: new Held(), unitsUp: new Held(), incidents: new Held(), incidentsUp: new Held() }
  #live: Live | undefined
  #stacking: Stacking | undefined
  #last = -Infinity
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(map: TheMap, gapMs: number) {
    this.#map = map
    this.#gap = gapMs
  }

  /** Takes the newest state; it is on its way to the map within the gap. What a hand has just chosen comes at once. */
  offer(live: Live): void {
    const chosen = this.#live?.unit !== live.unit || this.#live?.incident !== live.incident
    this.#live = live
    const wait = chosen ? 0 : this.#last + this.#gap - performance.now()
    if (wait <= 0) this.#bring()
    else this.#timer ??= setTimeout(() => this.#bring(), wait)
  }

  /** The map's style was replaced: its sources are empty again. */
  again(): void {
    for (const h of Object.values(this.#held)) h.clear()
    if (this.#live) this.#bring()
  }

  /** The map stands at another zoom: what lay on each other may lie apart, or the other way round. */
  zoomed(): void {
    if (this.#live && !alikeStacked(this.#stacking, this.#stackingNow())) this.#bring()
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  #stackingNow(): Stacking {
    return stackingAt(this.#map.getZoom(), this.#map.getCenter().lat)
  }

  #bring(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#last = performance.now()
    const live = this.#live
    if (!live || !this.#map.getSource('units')) return
    measured(() => {
      this.#stacking = this.#stackingNow()
      const made = this.#maker.make(live, this.#stacking)
      for (const name of fed) {
        const diff = this.#held[name].to(made[name])
        if (diff) void this.#map.getSource<GeoJSONSource>(name)?.updateData(diff)
      }
    })
  }
}
