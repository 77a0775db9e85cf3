import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from '@maplibre/maplibre-gl-style-spec'
import type { GeoJSON } from 'geojson'
import type { Layer } from '../lib/layers'
import type { Ground } from './ground'
import { groundLayers, labelLayers, markLayers, tiles } from './ground-style'
import { clusteredIncidents, clusteredUnits, drawingLayers, liveLayers } from './live-style'
import { colour, font } from './paint'

const empty = { type: 'FeatureCollection' as const, features: [] }

/** Sources that the console fills whole: the areas of the stations, cover, rings, studied sites, ways, drawings, and the place of the open form. */
export const sources = ['cells', 'areas', 'areaNames', 'rings', 'voids', 'moves', 'sites', 'routes', 'drawings', 'sketch', 'draft'] as const
export type SourceName = (typeof sources)[number]
/** What is on the map, by source. Who and what is out there comes by a feed (feed.ts), change by change. */
export type MapData = Readonly<Record<SourceName, GeoJSON>>
/** A map with nothing on it. */
export const nothing: MapData = { cells: empty, areas: empty, areaNames: empty, rings: empty, voids: empty, moves: empty, sites: empty, routes: empty, drawings: empty, sketch: empty, draft: empty }

/**
 * The deepest zoom for which what moves is cut into tiles. A sign stands right to a meter then, and a position that
 * comes is drawn at once: deeper, a window is a dozen tiles, each to be made again for each position.
 */
const drawnTo = 13

/** Layers that a button of the map switches, where they are drawn. */
export const switched = {
  units: ['unit-heading', 'unit', 'unit-cluster', 'unit-label', 'up-heading', 'up', 'up-label'],
  incidents: ['incident', 'incident-cluster', 'incident-up'],
  routes: ['route-edge', 'route', 'route-straight', 'route-asked', 'route-label'],
  drawings: ['drawn-area', 'drawn-edge', 'drawn-route', 'drawn-head', 'drawn-place', 'drawn-label'],
  areas: ['area-line', 'area-label'],
  premises: ['mark-premises'],
  stations: ['mark'],
  labels: ['house-number', 'entrance', 'pole', 'camera', 'place-label', 'street-label', 'waterway-label', 'area-name'],
  rings: ['ring-fill', 'ring-edge', 'ring-0', 'ring-1', 'ring-2', 'ring-label'],
  cover: ['cell', 'cell-missed', 'void-edge', 'void-line', 'void-label', 'move-edge', 'move-line', 'move-head', 'move-label'],
} as const satisfies Record<Layer, readonly string[]>

/**
 * The map's style in the colours of the theme: the ground, our own or the agency's; the centre's own places; and on top
 * of all, with the right to room before any name, who and what is out there.
 */
export function mapStyle(lang: string, ground: Ground | undefined): StyleSpecification {
  const raster: LayerSpecification[] = ground?.raster === undefined ? [] : [{ id: 'raster', type: 'raster', source: 'raster' }]
  const own = ground?.tiles !== undefined
  const elsewhere = ground?.raster !== undefined || ground?.style !== undefined
  return {
    version: 8,
    ...(ground?.style?.sprite === undefined ? {} : { sprite: ground.style.sprite }),
    sources: {
      ...ground?.style?.sources,
      ...(ground?.raster === undefined ? {} : { raster: { type: 'raster', tiles: [ground.raster], tileSize: 256, maxzoom: 19 } }),
      ...(ground?.tiles === undefined ? {} : { [tiles]: { type: 'vector', tiles: [ground.tiles], maxzoom: ground.maxzoom, ...(ground.bounds ? { bounds: ground.bounds as [number, number, number, number] } : {}) } }),
      ...Object.fromEntries(sources.map((s) => [s, { type: 'geojson' as const, data: empty, maxzoom: drawnTo }])),
      units: clusteredUnits(drawnTo),
      incidents: clusteredIncidents(drawnTo),
      unitsUp: { type: 'geojson', data: empty, maxzoom: drawnTo, promoteId: 'id' },
      incidentsUp: { type: 'geojson', data: empty, maxzoom: drawnTo, promoteId: 'id' },
    },
    layers: [
      { id: 'land', type: 'background', paint: { 'background-color': colour('land') } },
      ...(ground?.style?.layers ?? []),
      ...raster,
      ...(own && !elsewhere ? groundLayers() : []),
      ...cellLayers(),
      { id: 'area-line', type: 'line', source: 'areas', paint: { 'line-color': colour('area'), 'line-width': 1.4, 'line-dasharray': [4, 3], 'line-opacity': 0.8 } },
      ...(own && !elsewhere ? labelLayers(lang) : []),
      ...(own ? markLayers(lang) : []),
      ...coverLayers(),
      ...drawingLayers(),
      ...liveLayers(lang),
    ],
  }
}

/** The colours of squares: expected response against the standard, and demand. */
const fills = ['cover', 'demand'].flatMap((ramp) => [0, 1, 2, 3, 4].map((n) => `${ramp}-${n}`))

/** Squares of the city, under every name: a colour, and a hatch over what misses its standard. */
function cellLayers(): LayerSpecification[] {
  const paint = ['match', ['get', 'fill'], ...fills.flatMap((f) => [f, colour(f)]), colour('grey')] as unknown as ExpressionSpecification
  return [
    { id: 'cell', type: 'fill', source: 'cells', paint: { 'fill-color': paint, 'fill-opacity': 0.45, 'fill-antialias': false } },
    { id: 'cell-missed', type: 'fill', source: 'cells', filter: ['==', ['get', 'missed'], true], paint: { 'fill-pattern': 'hatch', 'fill-opacity': 0.75 } },
  ]
}

const head: ExpressionSpecification = ['==', ['geometry-type'], 'Point']
const ringDashes = [[1, 0], [1, 0], [4, 2]]

/** Rings, void areas, proposed moves and studied sites: over the ground, under who and what is out there. */
function coverLayers(): LayerSpecification[] {
  const halo = { 'text-halo-color': colour('halo'), 'text-halo-width': 2 }
  return [
    { id: 'ring-fill', type: 'fill', source: 'rings', paint: { 'fill-color': colour('ring'), 'fill-opacity': 0.07 } },
    { id: 'ring-edge', type: 'line', source: 'rings', layout: { 'line-join': 'round' }, paint: { 'line-color': colour('halo'), 'line-width': 5, 'line-opacity': 0.55, 'line-blur': 1.5 } },
    ...ringDashes.map((dash, rank): LayerSpecification => ({
      id: `ring-${rank}`, type: 'line', source: 'rings', filter: ['all', ['!', head], ['==', ['get', 'rank'], rank]],
      layout: { 'line-join': 'round' }, paint: { 'line-color': colour('ring'), 'line-width': 3 - 0.7 * rank, 'line-dasharray': dash, 'line-opacity': 0.95 },
    })),
    { id: 'ring-label', type: 'symbol', source: 'rings', filter: head, layout: { 'text-field': ['get', 'label'], 'text-size': 13, 'text-anchor': 'bottom', 'text-allow-overlap': true, ...font }, paint: { 'text-color': colour('ring'), ...halo } },
    { id: 'void-edge', type: 'line', source: 'voids', filter: ['!', head], paint: { 'line-color': colour('halo'), 'line-width': 5, 'line-opacity': 0.7 } },
    { id: 'void-line', type: 'line', source: 'voids', filter: ['!', head], paint: { 'line-color': colour('red'), 'line-width': 2.4, 'line-dasharray': [3, 1.5] } },
    { id: 'void-label', type: 'symbol', source: 'voids', filter: head,
      layout: { 'icon-image': 'mark-P1', 'icon-text-fit': 'both', 'icon-text-fit-padding': [3, 7, 3, 7], 'text-field': ['get', 'label'], 'text-size': 12, 'text-max-width': 30, 'text-variable-anchor': ['top', 'bottom', 'left', 'right'], 'text-radial-offset': 0.4, 'icon-allow-overlap': true, 'text-allow-overlap': true, ...font }, paint: { 'text-color': colour('on-solid') } },
    { id: 'move-edge', type: 'line', source: 'moves', filter: ['!', head], paint: { 'line-color': colour('halo'), 'line-width': 6, 'line-opacity': 0.6 } },
    { id: 'move-line', type: 'line', source: 'moves', filter: ['!', head], paint: { 'line-color': colour('move'), 'line-width': 2.6 } },
    { id: 'move-head', type: 'symbol', source: 'moves', filter: head, layout: { 'icon-image': 'move', 'icon-rotate': ['get', 'bearing'], 'icon-rotation-alignment': 'map', 'icon-allow-overlap': true, 'icon-ignore-placement': true } },
    { id: 'move-label', type: 'symbol', source: 'moves', filter: head, layout: { 'text-field': ['get', 'label'], 'text-size': 12, 'text-variable-anchor-offset': ['top', [0, 1.1], 'left', [1.4, 0], 'right', [-1.4, 0], 'bottom', [0, -1.1], 'top', [0, 2.4], 'bottom', [0, -2.6]], 'text-allow-overlap': true, ...font }, paint: { 'text-color': colour('move'), ...halo } },
    { id: 'site', type: 'symbol', source: 'sites', layout: { 'icon-image': ['get', 'sign'], 'icon-allow-overlap': true, 'icon-ignore-placement': true, 'symbol-sort-key': ['get', 'rank'] } },
    { id: 'site-label', type: 'symbol', source: 'sites', layout: { 'text-field': ['get', 'label'], 'text-size': 12, 'text-variable-anchor': ['left', 'right', 'top', 'bottom'], 'text-radial-offset': 1, 'text-optional': true, 'symbol-sort-key': ['-', 0, ['get', 'rank']], ...font }, paint: { 'text-color': ['match', ['get', 'sign'], 'site', colour('site'), colour('today')], ...halo } },
  ]
}
