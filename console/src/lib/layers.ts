import { createStore } from './store'
import type { Point } from './focus'

/** What the map can show. Each has a button, some have a key. */
export type Layer = 'units' | 'incidents' | 'routes' | 'drawings' | 'areas' | 'premises' | 'stations' | 'labels' | 'rings' | 'cover'
/** Whose rings: what is chosen (a unit, else the open incident), all free units of a class, or a point. */
export type RingsOf = { of: 'chosen' } | { of: 'free'; class: string } | { of: 'point'; at: Point }

export type Layers = { shown: ReadonlySet<Layer>; rings: RingsOf; coverClass: string }

/** Every layer, in the order of the menu. */
export const allLayers: readonly Layer[] = ['units', 'incidents', 'routes', 'drawings', 'rings', 'cover', 'areas', 'premises', 'stations', 'labels']
/** What the server works out from where everybody is now: it is not drawn over the past. */
export const ofNow: readonly Layer[] = ['routes', 'rings', 'cover']
const usual: readonly Layer[] = ['units', 'incidents', 'routes', 'drawings', 'premises', 'stations', 'labels']
/** What a seat knew that did not write down which layers there were. */
const firstLayers: readonly string[] = ['units', 'incidents', 'areas', 'labels', 'rings', 'cover']
const key = 'shuniu.layers'

/** The layers from what a seat remembers; the usual ones where it remembers nothing or what it remembers makes no sense. */
export function layersFrom(remembered: string | null): Layers {
  const fresh: Layers = { shown: new Set(usual), rings: { of: 'chosen' }, coverClass: '' }
  try {
    const held: unknown = JSON.parse(remembered ?? '')
    if (typeof held !== 'object' || held === null || !('shown' in held) || !Array.isArray(held.shown)) return fresh
    const shown = held.shown
    const known: readonly unknown[] = 'known' in held && Array.isArray(held.known) ? held.known : firstLayers
    return {
      shown: new Set(allLayers.filter((l) => shown.includes(l) || (!known.includes(l) && usual.includes(l)))), // A new layer is shown as it is to everybody.
      rings: 'ringsClass' in held && typeof held.ringsClass === 'string' ? { of: 'free', class: held.ringsClass } : fresh.rings,
      coverClass: 'coverClass' in held && typeof held.coverClass === 'string' ? held.coverClass : '',
    }
  } catch {
    return fresh
  }
}

/** What is worth remembering. A point on the map belongs to one moment only. */
export const remembered = (l: Layers): string =>
  JSON.stringify({ shown: [...l.shown], known: allLayers, coverClass: l.coverClass, ...(l.rings.of === 'free' ? { ringsClass: l.rings.class } : {}) })

/** The layers of this seat's map. */
export const layers = createStore<Layers>(layersFrom(typeof localStorage === 'undefined' ? null : localStorage.getItem(key)))

function keep(change: (l: Layers) => Layers): void {
  layers.set(change)
  localStorage.setItem(key, remembered(layers.get()))
}

/** Shows a layer, hides it, or turns it round. */
export function turnLayer(layer: Layer, on?: boolean): void {
  keep((l) => {
    const shown = new Set(l.shown)
    if (on ?? !shown.has(layer)) shown.add(layer)
    else shown.delete(layer)
    return { ...l, shown }
  })
}

/** Chooses whose rings are shown. */
export const chooseRings = (rings: RingsOf): void => keep((l) => ({ ...l, rings }))

/** Chooses the class whose cover is shown. */
export const chooseCover = (coverClass: string): void => keep((l) => ({ ...l, coverClass }))
