import type { ExpressionSpecification, GeoJSONSourceSpecification, LayerSpecification } from '@maplibre/maplibre-gl-style-spec'
import { colour, font } from './paint'

const empty = { type: 'FeatureCollection' as const, features: [] }
const head: ExpressionSpecification = ['==', ['geometry-type'], 'Point']

/** Up to this zoom what stands within so many pixels is counted instead of drawn, from three on. */
export const clusterTo = 12
const clusterPx = { look: 30, priority: 44 }
const crowd = 3

const counted = (property: string, values: readonly string[]) =>
  Object.fromEntries(values.map((v) => [v, ['+', ['case', ['==', ['get', property], v], 1, 0]]]))
const clustered = (maxzoom: number, property: keyof typeof clusterPx, values: readonly string[]): GeoJSONSourceSpecification => ({
  type: 'geojson', data: empty, maxzoom, promoteId: 'id', cluster: true, clusterRadius: clusterPx[property], clusterMaxZoom: clusterTo, clusterMinPoints: crowd,
  clusterProperties: counted(property, values),
})

const looks = ['free', 'sign', 'going', 'there', 'out'] as const
const priorities = ['P1', 'P2', 'P3', 'P4'] as const

/** Units in crowds are counted by what they do; incidents by priority. */
export const clusteredUnits = (maxzoom: number): GeoJSONSourceSpecification => clustered(maxzoom, 'look', looks)
export const clusteredIncidents = (maxzoom: number): GeoJSONSourceSpecification => clustered(maxzoom, 'priority', priorities)

/** What a crowd says: for each state the shape of it, so that nobody needs the colour, and how many. */
const unitCount: ExpressionSpecification = ['format', ...([['free', '○', 'green'], ['sign', '◌', 'amber'], ['going', '▲', 'amber'], ['there', '■', 'blue'], ['out', '–', 'grey']] as const)
  .flatMap(([look, shape, ink]) => [['case', ['>', ['get', look], 0], ['concat', shape, ['get', look], ' '], ''], { 'text-color': ink }])] as unknown as ExpressionSpecification
/** How many there are of the most urgent kind, and how many more: short, so that one crowd does not lie on the next. */
const incidentCount: ExpressionSpecification = ['format', ...([['P1', 'red'], ['P2', 'amber'], ['P3', 'blue'], ['P4', 'grey']] as const)
  .flatMap(([p, ink], n, all) => [['case', ['all', ['>', ['get', p], 0], ...all.slice(0, n).map(([higher]) => ['==', ['get', higher], 0])],
    ['concat', p, '×', ['get', p], ['case', ['>', ['get', 'point_count'], ['get', p]], ['concat', ' +', ['-', ['get', 'point_count'], ['get', p]]], '']], ''], { 'text-color': ink }])] as unknown as ExpressionSpecification

/** Colours of the theme in place of their names. */
const inked = (e: ExpressionSpecification): ExpressionSpecification =>
  e.map((part: unknown) => (typeof part === 'object' && part !== null && 'text-color' in part ? { 'text-color': colour(String(part['text-color'])) } : part)) as unknown as ExpressionSpecification

/** Incidents at one place stand one above the other: in ems, by their slot; from 10 on the lowest is the larger, open one. */
const stacked = [1, 2, 3].flatMap((k) => [k, ['literal', [0, -0.75 - 2 * k]], 10 + k, ['literal', [0, -1.5 - 2 * k]]])

const one: ExpressionSpecification = ['!', ['has', 'point_count']]
const many: ExpressionSpecification = ['has', 'point_count']

/** One source of units: headings, shapes and call signs. */
function unitLayers(source: 'units' | 'unitsUp', id: string): LayerSpecification[] {
  const halo = { 'text-halo-color': colour('halo'), 'text-halo-width': 1.4 }
  return [
    { id: `${id}-heading`, type: 'symbol', source, filter: ['all', one, ['get', 'moving']],
      layout: { 'icon-image': ['concat', 'heading-', ['get', 'look']], 'icon-rotate': ['get', 'heading'], 'icon-rotation-alignment': 'map', 'icon-allow-overlap': true, 'icon-ignore-placement': true },
      paint: { 'icon-opacity': ['case', ['get', 'faded'], 0.4, 1] } },
    { id, type: 'symbol', source, filter: one,
      layout: { 'icon-image': ['get', 'image'], 'icon-size': ['case', ['get', 'selected'], 1.35, 1], 'icon-allow-overlap': true, 'icon-padding': 0, 'symbol-sort-key': ['-', 9, ['get', 'rank']] },
      paint: { 'icon-opacity': ['case', ['get', 'faded'], 0.45, 1] } },
    // Below the incidents: a call sign gives way to a number, never covers it.
    { id: `${id}-label`, type: 'symbol', source, filter: one,
      layout: { 'text-field': ['get', 'label'], 'text-size': 11, 'text-variable-anchor': ['left', 'right', 'bottom', 'top'], 'text-radial-offset': 0.9, 'symbol-sort-key': ['get', 'rank'], 'text-optional': true, ...font },
      paint: { 'text-color': colour('text'), 'text-opacity': ['case', ['get', 'faded'], 0.55, 1], ...halo } },
  ]
}

function incidentLayer(source: 'incidents' | 'incidentsUp', id: string): LayerSpecification {
  return {
    id, type: 'symbol', source, filter: one,
    layout: { 'icon-image': ['concat', 'mark-', ['get', 'priority']], 'text-anchor': 'bottom', 'text-offset': ['match', ['get', 'slot'], ...stacked, ['literal', [0, -0.75]]] as unknown as ExpressionSpecification, 'icon-text-fit': 'both', 'icon-text-fit-padding': [2, 6, 2, 6], 'text-field': ['get', 'label'], 'text-size': ['case', ['get', 'selected'], 15, 11], 'icon-allow-overlap': true, 'text-allow-overlap': true, 'symbol-sort-key': ['-', 9, ['get', 'rank']], ...font },
    paint: { 'text-color': ['match', ['get', 'priority'], 'P1', colour('on-solid'), 'P2', colour('amber'), 'P3', colour('blue'), colour('grey')] },
  }
}

/** Where a crowd's words may stand, in ems: units below their middle and incidents above it, or where nothing else is. */
const beside: Readonly<Record<'units' | 'incidents', (string | [number, number])[]>> = {
  units: ['top', [0, 0.2], 'right', [-0.6, 0], 'left', [0.9, 0], 'bottom', [0, -0.6], 'top', [0, 1.8], 'right', [-2.4, 0], 'left', [2.6, 0]],
  incidents: ['bottom', [0, -1], 'left', [1.2, -0.8], 'right', [-1.2, -0.8], 'top', [0, 1]],
}

/** A crowd: how many of each, in a frame. */
const crowdLayer = (source: 'units' | 'incidents', id: string, words: ExpressionSpecification): LayerSpecification => ({
  id, type: 'symbol', source, filter: many,
  layout: { 'icon-image': 'crowd', 'text-variable-anchor-offset': beside[source], 'icon-text-fit': 'both', 'icon-text-fit-padding': [2, 3, 2, 6], 'text-field': inked(words), 'text-size': 11, 'text-max-width': 60, 'icon-allow-overlap': true, 'text-allow-overlap': true, ...font },
  paint: { 'text-color': colour('text') },
})

/** Units, incidents and areas: on top of any ground. */
export function liveLayers(lang: string): LayerSpecification[] {
  const halo = { 'text-halo-color': colour('halo'), 'text-halo-width': 1.4 }
  return [
    { id: 'area-label', type: 'symbol', source: 'areaNames', layout: { 'text-field': ['get', 'label'], 'text-size': 14, 'text-letter-spacing': lang === 'en' ? 0.1 : 0.25, 'text-max-width': 20, 'text-allow-overlap': true, ...font }, paint: { 'text-color': colour('area'), ...halo } },
    ...routeLayers(),
    crowdLayer('units', 'unit-cluster', unitCount),
    ...unitLayers('units', 'unit'),
    crowdLayer('incidents', 'incident-cluster', incidentCount),
    incidentLayer('incidents', 'incident'),
    ...unitLayers('unitsUp', 'up'),
    incidentLayer('incidentsUp', 'incident-up'),
    ...sketchLayers(),
    // Where the call is, as the open form has it: over all, for one looks for nothing else just then.
    { id: 'draft-other', type: 'circle', source: 'draft', filter: ['!', ['get', 'chosen']],
      paint: { 'circle-radius': 6, 'circle-color': colour('panel'), 'circle-opacity': 0.5, 'circle-stroke-color': colour('draft'), 'circle-stroke-width': 2 } },
    { id: 'draft', type: 'symbol', source: 'draft', filter: ['get', 'chosen'], layout: { 'icon-image': 'draft', 'icon-allow-overlap': true, 'icon-ignore-placement': true } },
  ]
}

/** Where a time of arrival may stand beside its way's middle, in ems: of two that begin at one place each finds its own. */
const around: (string | [number, number])[] = ['bottom', [0, -0.6], 'top', [0, 0.6], 'left', [0.8, 0], 'right', [-0.8, 0], 'bottom', [0, -2], 'top', [0, 2], 'left', [0.8, 1.4], 'right', [-0.8, 1.4], 'bottom', [0, -3.4], 'top', [0, 3.4]]

/** The ways that units take to the open incident: driven ones whole, straight ones dashed, recommended ones thin. */
function routeLayers(): LayerSpecification[] {
  const asked: ExpressionSpecification = ['==', ['get', 'stage'], 'asked']
  const straight: ExpressionSpecification = ['get', 'straight']
  const join = { 'line-join': 'round', 'line-cap': 'round' } as const
  return [
    { id: 'route-edge', type: 'line', source: 'routes', filter: ['!', head], layout: join, paint: { 'line-color': colour('halo'), 'line-width': 5.5, 'line-opacity': 0.7 } },
    { id: 'route', type: 'line', source: 'routes', filter: ['all', ['!', head], ['!', asked], ['!', straight]], layout: join, paint: { 'line-color': colour('blue'), 'line-width': 3 } },
    { id: 'route-straight', type: 'line', source: 'routes', filter: ['all', ['!', head], ['!', asked], straight], paint: { 'line-color': colour('blue'), 'line-width': 2.4, 'line-dasharray': [2, 1.5] } },
    { id: 'route-asked', type: 'line', source: 'routes', filter: ['all', ['!', head], asked], paint: { 'line-color': colour('blue'), 'line-width': 2, 'line-dasharray': [1, 1.2] } },
    { id: 'route-label', type: 'symbol', source: 'routes', filter: head,
      layout: { 'text-field': ['get', 'label'], 'text-size': 12, 'text-variable-anchor-offset': around, ...font },
      paint: { 'text-color': colour('blue'), 'text-halo-color': colour('halo'), 'text-halo-width': 2.2 } },
  ]
}

/** What people drew for the open incident. */
export function drawingLayers(): LayerSpecification[] {
  const of = (kind: string): ExpressionSpecification => ['==', ['get', 'kind'], kind]
  const halo = { 'text-halo-color': colour('halo'), 'text-halo-width': 2 }
  return [
    { id: 'drawn-area', type: 'fill', source: 'drawings', filter: of('area'), paint: { 'fill-color': colour('draft'), 'fill-opacity': 0.13 } },
    { id: 'drawn-edge', type: 'line', source: 'drawings', filter: of('area'), layout: { 'line-join': 'round' }, paint: { 'line-color': colour('draft'), 'line-width': 2.4, 'line-dasharray': [4, 1.5] } },
    { id: 'drawn-route', type: 'line', source: 'drawings', filter: of('route'), layout: { 'line-join': 'round' }, paint: { 'line-color': colour('draft'), 'line-width': 3 } },
    { id: 'drawn-head', type: 'symbol', source: 'drawings', filter: of('head'), layout: { 'icon-image': 'drawn-head', 'icon-rotate': ['get', 'bearing'], 'icon-rotation-alignment': 'map', 'icon-allow-overlap': true, 'icon-ignore-placement': true } },
    { id: 'drawn-place', type: 'symbol', source: 'drawings', filter: ['any', of('point'), of('post')], layout: { 'icon-image': ['concat', 'drawn-', ['get', 'kind']], 'icon-allow-overlap': true, 'icon-ignore-placement': true } },
    { id: 'drawn-label', type: 'symbol', source: 'drawings', filter: ['all', head, ['!=', ['get', 'label'], '']],
      layout: { 'text-field': ['get', 'label'], 'text-size': 12, 'text-variable-anchor': ['left', 'right', 'top', 'bottom'], 'text-radial-offset': 1, 'text-max-width': 14, 'text-allow-overlap': true, ...font }, paint: { 'text-color': colour('draft'), ...halo } },
  ]
}

/** What is being measured or drawn just now, before it is anybody else's. */
function sketchLayers(): LayerSpecification[] {
  return [
    { id: 'sketch-area', type: 'fill', source: 'sketch', filter: ['==', ['geometry-type'], 'Polygon'], paint: { 'fill-color': colour('draft'), 'fill-opacity': 0.15 } },
    { id: 'sketch-edge', type: 'line', source: 'sketch', filter: ['!', head], layout: { 'line-join': 'round' }, paint: { 'line-color': colour('halo'), 'line-width': 5, 'line-opacity': 0.6 } },
    { id: 'sketch-line', type: 'line', source: 'sketch', filter: ['!', head], layout: { 'line-join': 'round' }, paint: { 'line-color': colour('draft'), 'line-width': 2.4, 'line-dasharray': [2, 1] } },
    { id: 'sketch-corner', type: 'circle', source: 'sketch', filter: head, paint: { 'circle-radius': 4.5, 'circle-color': colour('panel'), 'circle-stroke-color': colour('draft'), 'circle-stroke-width': 2 } },
    { id: 'sketch-label', type: 'symbol', source: 'sketch', filter: head, layout: { 'text-field': ['get', 'label'], 'text-size': 12, 'text-anchor': 'left', 'text-offset': [0.8, 0], 'text-allow-overlap': true, ...font }, paint: { 'text-color': colour('draft'), 'text-halo-color': colour('halo'), 'text-halo-width': 2 } },
  ]
}
