import type { Feature } from 'geojson'
import type { GeoJSONSourceDiff } from './MapView'

/** What a source of the map holds, feature by feature: a new state costs only what has changed. Objects are compared, not looked into. */
export class Held {
  #now = new Map<string, Feature>()

  /** Forgets everything: the source is empty again. */
  clear(): void {
    this.#now = new Map()
  }

  /** What must change for the source to hold these; undefined if it does already. */
  to(next: Map<string, Feature>): GeoJSONSourceDiff | undefined {
    const add: Feature[] = []
    const update: NonNullable<GeoJSONSourceDiff['update']> = []
    const remove: string[] = []
    for (const [id, f] of next) {
      const was = this.#now.get(id)
      if (was === f) continue
      if (!was) add.push(f)
      else update.push({ id, newGeometry: f.geometry, addOrUpdateProperties: changed(was, f) })
    }
    for (const id of this.#now.keys()) if (!next.has(id)) remove.push(id)
    this.#now = next
    if (add.length + update.length + remove.length === 0) return undefined
    return { ...(add.length > 0 ? { add } : {}), ...(update.length > 0 ? { update } : {}), ...(remove.length > 0 ? { remove } : {}) }
  }
}

/** Properties that are not what they were. Every feature of a source has the same ones. */
function changed(was: Feature, is: Feature): { key: string; value: unknown }[] {
  const out: { key: string; value: unknown }[] = []
  for (const [key, value] of Object.entries(is.properties ?? {})) if (was.properties?.[key] !== value) out.push({ key, value })
  return out
}
