import type { LayerSpecification, StyleSpecification } from '@maplibre/maplibre-gl-style-spec'

/** A colour of the theme, read from the page: the map and the panels never differ. */
export const colour = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim()

const empty = { type: 'FeatureCollection' as const, features: [] }
const big = ['motorway', 'trunk', 'primary', 'secondary', 'motorway_link', 'trunk_link']

/**
 * Sources that the console fills. They are dealt out to two workers in this order: units and incidents share the one
 * that does not cut a whole city's streets into tiles.
 */
export const sources = ['streets', 'units', 'lines', 'incidents', 'areas'] as const
export type SourceName = (typeof sources)[number]

/** Layers that a button of the map switches. */
export const switched = {
  units: ['unit-heading', 'unit', 'unit-label'],
  incidents: ['incident'],
  areas: ['area-line', 'area-label'],
  labels: ['street-label', 'major-label', 'place-label'],
} as const
export type Switch = keyof typeof switched

/** The map's style in the colours of the theme. No glyphs are fetched: labels are drawn with the seat's own font. */
export function mapStyle(lang: string): StyleSpecification {
  const water = ['==', ['get', 'kind'], 'water'] as const
  const font = { 'text-font': ['Noto Sans CJK SC', 'Noto Sans SC', 'sans-serif'] }
  const halo = { 'text-halo-color': colour('land'), 'text-halo-width': 1.4 }
  const line = (id: string, major: boolean, width: [number, number]): LayerSpecification => ({
    id, type: 'line', source: 'streets',
    filter: ['all', ['==', ['geometry-type'], 'LineString'], ['!', ['in', ['get', 'kind'], ['literal', ['water', 'park']]]], major ? ['in', ['get', 'class'], ['literal', big]] : ['!', ['in', ['get', 'class'], ['literal', big]]]],
    layout: { 'line-cap': 'round', 'line-join': 'round' },
    paint: { 'line-color': colour(major ? 'major' : 'street'), 'line-width': ['interpolate', ['exponential', 1.5], ['zoom'], 10, width[0], 17, width[1]] },
  })
  // The names of the large streets come first: a city seen whole still says where one is.
  const name = (id: string, major: boolean, minzoom: number): LayerSpecification => ({
    id, type: 'symbol', source: 'streets', minzoom,
    filter: ['all', ['==', ['geometry-type'], 'LineString'], ['has', 'name'], major ? ['in', ['get', 'class'], ['literal', big]] : ['!', ['in', ['get', 'class'], ['literal', big]]]],
    layout: { 'symbol-placement': 'line', 'text-field': ['get', 'name'], 'text-size': 11, 'symbol-spacing': major ? 320 : 420, ...font },
    paint: { 'text-color': colour('label'), ...halo },
  })
  return {
    version: 8,
    sources: Object.fromEntries(sources.map((s) => [s, { type: 'geojson', data: empty, ...(s === 'streets' ? { tolerance: 0.4 } : {}) }])),
    layers: [
      { id: 'land', type: 'background', paint: { 'background-color': colour('land') } },
      { id: 'park', type: 'fill', source: 'streets', filter: ['==', ['get', 'kind'], 'park'], paint: { 'fill-color': colour('park') } },
      { id: 'water', type: 'fill', source: 'streets', filter: ['all', water, ['!=', ['geometry-type'], 'LineString']] as never, paint: { 'fill-color': colour('water') } },
      { id: 'river', type: 'line', source: 'streets', filter: ['all', water, ['==', ['geometry-type'], 'LineString']] as never, paint: { 'line-color': colour('water'), 'line-width': 3 } },
      { id: 'building', type: 'fill', source: 'streets', minzoom: 14, filter: ['==', ['get', 'kind'], 'building'], paint: { 'fill-color': colour('building') } },
      line('street', false, [0.4, 7]),
      line('major', true, [1.4, 13]),
      { id: 'area-line', type: 'line', source: 'areas', paint: { 'line-color': colour('grey'), 'line-width': 1.2, 'line-dasharray': [4, 3], 'line-opacity': 0.8 } },
      name('street-label', false, 12.7),
      name('major-label', true, 11),
      { id: 'place-label', type: 'symbol', source: 'streets', filter: ['==', ['get', 'kind'], 'place'],
        layout: { 'text-field': ['get', 'name'], 'text-size': 11, 'text-padding': 14, ...font }, paint: { 'text-color': colour('label'), ...halo } },
      { id: 'area-label', type: 'symbol', source: 'areas', layout: { 'text-field': ['coalesce', ['get', lang === 'en' ? 'name_en' : 'name'], ['get', 'name']], 'text-size': 12, ...font }, paint: { 'text-color': colour('dim'), ...halo } },
      { id: 'lines', type: 'line', source: 'lines', paint: { 'line-color': colour('blue'), 'line-width': 2, 'line-dasharray': [2, 1.5] } },
      { id: 'unit-heading', type: 'symbol', source: 'units', filter: ['get', 'moving'],
        layout: { 'icon-image': ['concat', 'heading-', ['get', 'look']], 'icon-rotate': ['get', 'heading'], 'icon-rotation-alignment': 'map', 'icon-allow-overlap': true, 'icon-ignore-placement': true },
        paint: { 'icon-opacity': ['case', ['get', 'faded'], 0.4, 1] } },
      { id: 'unit', type: 'symbol', source: 'units',
        layout: { 'icon-image': ['concat', 'unit-', ['get', 'look']], 'icon-size': ['case', ['get', 'selected'], 1.35, 1], 'icon-allow-overlap': true, 'icon-ignore-placement': true, 'symbol-sort-key': ['-', 9, ['get', 'rank']] },
        paint: { 'icon-opacity': ['case', ['get', 'faded'], 0.45, 1] } },
      // Below the incidents: a call sign gives way to a number, never covers it.
      { id: 'unit-label', type: 'symbol', source: 'units',
        layout: { 'text-field': ['get', 'label'], 'text-size': 11, 'text-variable-anchor': ['left', 'right', 'bottom', 'top'], 'text-radial-offset': 0.9, 'symbol-sort-key': ['get', 'rank'], 'text-optional': true, ...font },
        paint: { 'text-color': colour('text'), 'text-opacity': ['case', ['get', 'faded'], 0.55, 1], ...halo } },
      { id: 'incident', type: 'symbol', source: 'incidents',
        layout: { 'icon-image': ['concat', 'mark-', ['get', 'priority']], 'text-anchor': 'bottom', 'text-offset': [0, -0.75], 'icon-text-fit': 'both', 'icon-text-fit-padding': [2, 6, 2, 6], 'text-field': ['get', 'label'], 'text-size': ['case', ['get', 'selected'], 15, 11], 'icon-allow-overlap': true, 'text-allow-overlap': true, 'symbol-sort-key': ['-', 9, ['get', 'rank']], ...font },
        paint: { 'text-color': ['match', ['get', 'priority'], 'P1', colour('on-solid'), 'P2', colour('amber'), 'P3', colour('blue'), colour('grey')] } },
    ],
  }
}

const size = 22
const scale = 2

function draw(paint: (c: CanvasRenderingContext2D) => void, w = size, h = size): ImageData {
  const canvas = document.createElement('canvas')
  canvas.width = w * scale
  canvas.height = h * scale
  const c = canvas.getContext('2d')
  if (!c) return new ImageData(1, 1)
  c.scale(scale, scale)
  paint(c)
  return c.getImageData(0, 0, canvas.width, canvas.height)
}

const path = (c: CanvasRenderingContext2D, points: readonly (readonly [number, number])[]) => {
  c.beginPath()
  for (const [x, y] of points) c.lineTo(x, y)
  c.closePath()
}

/** The signs of the map: a shape for each state, a frame for each priority. */
export function mapImages(): Map<string, { data: ImageData; stretch?: boolean }> {
  const images = new Map<string, { data: ImageData; stretch?: boolean }>()
  const m = size / 2
  const looks = { free: 'green', sign: 'amber', going: 'amber', there: 'blue', out: 'grey', duress: 'red' } as const
  for (const [look, name] of Object.entries(looks)) {
    const ink = colour(name)
    const unit = draw((c) => {
      c.fillStyle = c.strokeStyle = ink
      c.lineWidth = 2.6
      if (look === 'free' || look === 'sign') {
        c.beginPath()
        c.arc(m, m, 5.6, 0, 2 * Math.PI)
        c.save()
        c.fillStyle = colour('panel')
        c.fill()
        c.restore()
        if (look === 'sign') c.setLineDash([3, 2.4])
        c.stroke()
        return
      }
      if (look === 'going') path(c, [[m, m - 7], [m + 6.5, m + 5.5], [m - 6.5, m + 5.5]])
      else if (look === 'duress') path(c, [[m, 1], [size - 1, m], [m, size - 1], [1, m]])
      else path(c, look === 'out' ? [[m - 6, m - 2], [m + 6, m - 2], [m + 6, m + 2], [m - 6, m + 2]] : [[m - 5.5, m - 5.5], [m + 5.5, m - 5.5], [m + 5.5, m + 5.5], [m - 5.5, m + 5.5]])
      c.fill()
      c.strokeStyle = colour('land')
      c.lineWidth = 1
      c.stroke()
    })
    images.set(`unit-${look}`, { data: unit })
    images.set(`heading-${look}`, { data: draw((c) => {
      c.fillStyle = ink
      path(c, [[19, 3], [22.5, 9.5], [15.5, 9.5]])
      c.fill()
    }, 38, 38) })
  }
  const frames = { P1: ['solid', 'solid'], P2: ['amberbg', 'amber'], P3: ['bluebg', 'blue'], P4: ['panel', 'grey'] } as const
  for (const [p, [fill, edge]] of Object.entries(frames)) {
    images.set(`mark-${p}`, { stretch: true, data: draw((c) => {
      c.fillStyle = colour(fill)
      c.strokeStyle = colour(edge)
      c.lineWidth = 1.4
      if (p === 'P4') c.setLineDash([3, 2])
      c.beginPath()
      c.roundRect(1, 1, size - 2, size - 2, 4)
      c.fill()
      c.stroke()
    }) })
  }
  return images
}
