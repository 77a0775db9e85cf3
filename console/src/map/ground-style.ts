import type { DataDrivenPropertyValueSpecification, ExpressionSpecification, FilterSpecification, LayerSpecification } from '@maplibre/maplibre-gl-style-spec'
import { colour, font } from './paint'

/** The source of our own tiles. Its layers and properties are those of internal/tile. */
export const tiles = 'tiles'

type Step = readonly [zoom: number, pixels: number]

/** Widths in pixels by class: the more a road carries, the earlier and the wider it is seen. */
const roads = {
  motorway: [[6, 0.8], [9, 1.6], [11, 2.6], [13, 4.4], [15, 8], [17, 17], [19, 34]],
  trunk: [[6, 0.6], [9, 1.4], [11, 2.4], [13, 4.2], [15, 7.6], [17, 16], [19, 32]],
  link: [[6, 0], [10, 0.5], [11, 0.8], [13, 1.8], [15, 4], [17, 9], [19, 18]],
  primary: [[6, 0.3], [9, 0.9], [11, 1.9], [13, 3.6], [15, 7], [17, 15], [19, 30]],
  secondary: [[6, 0], [9, 0.5], [11, 1.3], [13, 2.9], [15, 6], [17, 13], [19, 27]],
  tertiary: [[6, 0], [10, 0.3], [11, 0.8], [13, 2.2], [15, 5], [17, 11.5], [19, 24]],
  street: [[6, 0], [10, 0.5], [11, 0.8], [12, 1], [13, 1.5], [15, 3.8], [17, 9.5], [19, 21]],
  lane: [[6, 0], [11, 0.3], [12, 0.45], [13, 0.8], [15, 2.4], [17, 6.5], [19, 15]],
  walk: [[6, 0], [12, 0.3], [13, 0.8], [15, 2.4], [17, 7], [19, 15]],
} as const satisfies Record<string, readonly Step[]>

const stops = [6, 9, 10, 11, 12, 13, 15, 17, 19] as const

/** The width of a class at a zoom, between the steps that are drawn up for it. */
export function widthAt(steps: readonly Step[], zoom: number): number {
  const above = steps.findIndex(([z]) => z >= zoom)
  const [z1, w1] = steps[Math.max(above, 0)] ?? [0, 0]
  const [z0, w0] = steps[Math.max(above - 1, 0)] ?? [0, 0]
  if (above < 0) return steps.at(-1)?.[1] ?? 0
  return z1 === z0 ? w1 : w0 + (w1 - w0) * ((zoom - z0) / (z1 - z0))
}

/** Road widths, each a little wider where a casing is drawn under them. */
function width(casing: boolean): DataDrivenPropertyValueSpecification<number> {
  const at = (zoom: number): ExpressionSpecification => {
    const edge = (w: number) => (casing ? (w < 1.2 ? 0 : w + (zoom < 15 ? 1.2 : zoom < 17 ? 1.7 : 2.2)) : w)
    const cases = Object.entries(roads).flatMap(([name, steps]) => [name, Math.round(edge(widthAt(steps, zoom)) * 100) / 100])
    return ['match', ['get', 'class'], ...cases, 0] as unknown as ExpressionSpecification
  }
  return ['interpolate', ['exponential', 1.4], ['zoom'], ...stops.flatMap((z) => [z, at(z)])] as unknown as DataDrivenPropertyValueSpecification<number>
}

const by = (key: string, cases: Record<string, string>, other: string): ExpressionSpecification =>
  ['match', ['get', key], ...Object.entries(cases).flatMap(([k, name]) => [k, colour(name)]), colour(other)] as unknown as ExpressionSpecification

const only = (key: string, ...values: string[]): ExpressionSpecification => ['in', ['get', key], ['literal', values]]
const all = (...of: ExpressionSpecification[]): FilterSpecification => ['all', ...of] as FilterSpecification
const not = (e: ExpressionSpecification): ExpressionSpecification => ['!', e]
const ramp = (...steps: number[]): ExpressionSpecification => ['interpolate', ['linear'], ['zoom'], ...steps] as unknown as ExpressionSpecification

/** In English the English name where there is one, with the name on the sign below it; else the name on the sign. */
function named(lang: string): ExpressionSpecification {
  if (lang !== 'en') return ['get', 'name']
  return ['case', all(['has', 'name_en'], ['!=', ['get', 'name_en'], ['get', 'name']]) as ExpressionSpecification,
    ['concat', ['get', 'name_en'], '\n', ['get', 'name']], ['get', 'name']]
}

/** The same along a line, which has room for one name: two scripts on one steep line run into each other. */
const along = (lang: string): ExpressionSpecification => (lang === 'en' ? ['coalesce', ['get', 'name_en'], ['get', 'name']] : ['get', 'name'])

const fill = (id: string, of: string, paint: Record<string, unknown>, more: object = {}): LayerSpecification =>
  ({ id, type: 'fill', source: tiles, 'source-layer': of, paint, ...more }) as LayerSpecification
const line = (id: string, of: string, paint: Record<string, unknown>, more: { layout?: object; filter?: FilterSpecification; minzoom?: number } = {}): LayerSpecification =>
  ({ id, type: 'line', source: tiles, 'source-layer': of, ...more, paint, layout: { 'line-cap': 'round', 'line-join': 'round', ...more.layout } }) as LayerSpecification
const symbol = (id: string, of: string, layout: Record<string, unknown>, more: { filter?: FilterSpecification; minzoom?: number; paint?: Record<string, unknown> } = {}): LayerSpecification =>
  ({ id, type: 'symbol', source: tiles, 'source-layer': of, ...more, layout: { ...font, ...layout }, paint: { 'text-color': colour('label'), ...halo(), ...more.paint } }) as LayerSpecification
const halo = () => ({ 'text-halo-color': colour('halo'), 'text-halo-width': 1.5 })

/** What lies under everything: land, water, buildings, rails and roads, without a word. */
export function groundLayers(): LayerSpecification[] {
  const path = only('class', 'path')
  const bridge: ExpressionSpecification = ['has', 'bridge']
  const tunnel: ExpressionSpecification = ['has', 'tunnel']
  const inks = by('class', {
    motorway: 'road-motorway', trunk: 'road-trunk', link: 'road-trunk', primary: 'road-primary', secondary: 'road-secondary', tertiary: 'road-tertiary', lane: 'road-lane', walk: 'road-walk',
  }, 'road-street')
  // Where a street is a hair's width there is no room for an edge: it has a colour of its own that is seen on the ground.
  const far = by('class', { motorway: 'road-motorway', trunk: 'road-trunk', link: 'road-trunk', primary: 'road-primary', secondary: 'road-secondary', tertiary: 'road-thin', lane: 'road-thin', walk: 'road-thin' }, 'road-thin')
  const ink = ['interpolate', ['linear'], ['zoom'], 13, far, 14.5, inks] as unknown as ExpressionSpecification
  return [
    fill('ground', 'land', { 'fill-antialias': false, 'fill-color': by('kind', {
      residential: 'ground-residential', commercial: 'ground-commercial', industrial: 'ground-industrial', school: 'ground-school', hospital: 'ground-hospital', railway: 'ground-railway', square: 'ground-square', park: 'park',
    }, 'land') }),
    fill('water', 'water', { 'fill-color': colour('water') }),
    line('waterway', 'waterway', { 'line-color': colour('water'), 'line-width': ['interpolate', ['exponential', 1.5], ['zoom'], 9, ['match', ['get', 'kind'], 'river', 1, 0.3], 14, ['match', ['get', 'kind'], 'river', 4, 1.2], 18, ['match', ['get', 'kind'], 'river', 18, 5]] }),
    fill('building', 'building', { 'fill-color': colour('building'), 'fill-outline-color': colour('building-edge'), 'fill-opacity': ramp(14, 0.4, 15.5, 1) }, { minzoom: 14 }),
    line('tunnel', 'road', { 'line-color': inks, 'line-width': width(false), 'line-opacity': 0.45, 'line-dasharray': [1.6, 1.2] }, { filter: all(tunnel), minzoom: 12, layout: { 'line-cap': 'butt' } }),
    line('rail', 'rail', { 'line-color': colour('rail'), 'line-width': ramp(11, 0.8, 14, 2, 17, 4) }, { layout: { 'line-cap': 'butt' } }),
    line('rail-gap', 'rail', { 'line-color': colour('land'), 'line-width': ramp(13, 0.6, 14, 1, 17, 2.4), 'line-dasharray': [5, 5] }, { minzoom: 13, layout: { 'line-cap': 'butt' } }),
    line('path', 'road', { 'line-color': colour('road-path'), 'line-width': ramp(14, 0.6, 17, 1.6, 19, 3), 'line-dasharray': [2.5, 1.8] }, { filter: all(path), minzoom: 14, layout: { 'line-cap': 'butt' } }),
    line('road-casing', 'road', { 'line-color': colour('road-edge'), 'line-width': width(true) }, { filter: all(not(path), not(bridge), not(tunnel)), minzoom: 11, layout: { 'line-cap': 'butt' } }),
    line('road', 'road', { 'line-color': ink, 'line-width': width(false) }, { filter: all(not(path), not(bridge), not(tunnel)) }),
    line('bridge-casing', 'road', { 'line-color': colour('bridge-edge'), 'line-width': width(true) }, { filter: all(not(path), bridge), minzoom: 12, layout: { 'line-cap': 'butt' } }),
    line('bridge', 'road', { 'line-color': ink, 'line-width': width(false) }, { filter: all(not(path), bridge), minzoom: 12 }),
  ]
}

/** Names and numbers of our own ground. What stands later gets room first. */
export function labelLayers(lang: string): LayerSpecification[] {
  const areas = ['district', 'quarter', 'estate', 'water', 'park']
  return [
    symbol('oneway', 'road', { 'symbol-placement': 'line', 'symbol-spacing': 120, 'icon-image': 'oneway', 'icon-rotation-alignment': 'map', 'icon-padding': 1, 'icon-size': ramp(15.5, 1, 18, 1.3) }, { filter: all(['has', 'oneway']), minzoom: 15.5 }),
    symbol('house-number', 'housenumber', { 'text-field': ['get', 'name'], 'text-size': ramp(16, 9.5, 18, 12), 'text-padding': 3 }, { minzoom: 16, paint: { 'text-color': colour('label-faint'), 'text-halo-width': 1.2 } }),
    symbol('entrance', 'entrance', { 'icon-image': 'entrance', 'text-field': ['step', ['zoom'], '', 17.5, ['get', 'name']], 'text-size': 10, 'text-anchor': 'top', 'text-offset': [0, 0.5], 'text-optional': true, 'icon-padding': 0 }, { minzoom: 16.8, paint: { 'text-color': colour('label-faint') } }),
    symbol('pole', 'pole', { 'icon-image': 'pole', 'text-field': ['step', ['zoom'], '', 18, ['get', 'name']], 'text-size': 10, 'text-anchor': 'left', 'text-offset': [0.7, 0], 'text-optional': true, 'icon-padding': 0 }, { minzoom: 17, paint: { 'text-color': colour('label-faint') } }),
    symbol('camera', 'camera', { 'icon-image': ['case', ['has', 'bearing'], 'camera', 'camera-round'], 'icon-rotate': ['coalesce', ['get', 'bearing'], 0], 'icon-rotation-alignment': 'map', 'icon-padding': 0 }, { minzoom: 16.5 }),
    symbol('place-label', 'place', {
      'icon-image': ['concat', 'place-', ['get', 'kind']], 'text-field': named(lang), 'text-size': 11, 'text-anchor': 'top', 'text-offset': [0, 0.8], 'text-max-width': 8,
      'text-optional': true, 'symbol-sort-key': ['get', 'rank'], 'text-padding': 4,
    }, { filter: all(not(only('kind', ...areas)), ['any', ['>=', ['zoom'], 16], ['<=', ['get', 'rank'], 7]]) }),
    symbol('street-label', 'road', {
      'symbol-placement': 'line', 'text-field': along(lang), 'text-size': ['interpolate', ['linear'], ['zoom'], 11, ['match', ['get', 'class'], ['motorway', 'trunk', 'primary'], 11.5, 10.5], 17, ['match', ['get', 'class'], ['motorway', 'trunk', 'primary'], 15, ['secondary', 'tertiary'], 14, 12.5]],
      'symbol-spacing': 380, 'text-letter-spacing': lang === 'en' ? 0.02 : 0.08, 'text-max-angle': 34, 'text-padding': 6,
      'symbol-sort-key': ['match', ['get', 'class'], 'motorway', 0, 'trunk', 1, 'primary', 2, 'secondary', 3, 'tertiary', 4, 'street', ['match', ['get', 'rank'], 1, 4.2, 2, 4.6, 5], 6],
    }, { filter: all(['has', 'name']), minzoom: 11, paint: { 'text-color': by('class', { motorway: 'label-strong', trunk: 'label-strong', primary: 'label-strong', secondary: 'label-strong' }, 'label') } }),
    symbol('waterway-label', 'waterway', { 'symbol-placement': 'line', 'text-field': along(lang), 'text-size': 12, 'text-letter-spacing': 0.3, 'symbol-spacing': 600 }, { filter: all(['has', 'name']), minzoom: 12, paint: { 'text-color': colour('label-water') } }),
    symbol('area-name', 'place', { 'text-field': named(lang), 'text-size': ['match', ['get', 'kind'], 'district', 15, 'quarter', 13, 11.5], 'text-letter-spacing': 0.06, 'text-max-width': 7, 'text-padding': 8, 'symbol-sort-key': ['get', 'rank'] },
      { filter: all(only('kind', ...areas)), paint: { 'text-color': by('kind', { water: 'label-water', park: 'label-park' }, 'label') } }),
  ]
}

/** The centre's own places: drawn on any ground, also on the agency's own. Key premises have a switch of their own. */
export function markLayers(lang: string): LayerSpecification[] {
  const premises = only('kind', 'premises')
  const layout = {
    'icon-image': ['concat', 'sign-', ['get', 'kind'], ['case', ['has', 'service'], ['concat', '-', ['get', 'service']], '']], 'icon-size': ramp(11, 0.7, 14, 0.9, 16, 1), 'icon-offset': ['match', ['get', 'kind'], 'post', ['literal', [11, -13]], ['literal', [0, 0]]], 'text-field': ['step', ['zoom'], '', 12.5, named(lang)], 'text-size': 11.5, 'text-anchor': 'top', 'text-offset': [0, 0.95], 'text-max-width': 9,
    'text-optional': true, 'icon-allow-overlap': true, 'symbol-sort-key': ['match', ['get', 'kind'], 'post', 2, 1],
  }
  return [
    symbol('mark', 'mark', layout, { filter: all(not(premises)), paint: { 'text-color': colour('label-strong') } }),
    symbol('mark-premises', 'mark', layout, { filter: all(premises), paint: { 'text-color': colour('label-strong') } }),
  ]
}
