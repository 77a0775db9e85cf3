import { describe, expect, test } from 'vitest'
import type { Drawing, Ways } from '../api/drawings'
import { cornersOf, drawingFeatures, wayFeatures } from './drawing-layer'
import { areaOf, areaText, lengthOf, sketchFeatures } from './measure'
import { closes, drawKind, endTool, least, putCorner, takeBack, tool, turnTool } from './tool'
import { orderOf } from './use-tool'

const p = (lon: number, lat: number) => ({ lon, lat })

describe('measuring', () => {
  test('a degree on the equator is 111.2 km, and a square of a hundredth of one 1.24 km²', () => {
    expect(lengthOf([p(0, 0), p(1, 0)]) / 1000).toBeCloseTo(111.195, 2)
    expect(lengthOf([p(0, 0)])).toBe(0)
    const square = [p(0, 0), p(0.01, 0), p(0.01, 0.01), p(0, 0.01)]
    expect(areaOf(square) / 1e6).toBeCloseTo(1.2364, 3)
    expect(areaOf([...square].reverse())).toBeCloseTo(areaOf(square), 3)
  })

  test('far from the equator the same degrees hold less', () => {
    const north = [p(0, 60), p(0.01, 60), p(0.01, 60.01), p(0, 60.01)]
    expect(areaOf(north) / 1e6).toBeCloseTo(0.618, 3)
  })

  test('areas are said as people say them', () => {
    expect([420.4, 31_000, 1_420_000].map(areaText)).toEqual(['420 m²', '3.1 ha', '1.42 km²'])
  })

  test('what is put down is shown: corners with the length so far, an area closed from its third corner on', () => {
    const kinds = (n: number, closed: boolean) => sketchFeatures([p(0, 0), p(1, 0), p(1, 1)].slice(0, n), closed, true).features.map((f) => f.geometry.type)
    expect(kinds(1, true)).toEqual(['Point'])
    expect(kinds(2, true)).toEqual(['LineString', 'Point', 'Point'])
    expect(kinds(3, true)).toEqual(['Polygon', 'Point', 'Point', 'Point'])
    expect(sketchFeatures([p(0, 0), p(0.01, 0)], false, true).features.at(-1)?.properties?.['label']).toBe('1.1 km')
  })
})

describe('the tool in hand', () => {
  test('is put away by the same button, and begins anew with another', () => {
    turnTool('line')
    putCorner(p(1, 1))
    turnTool('area')
    expect(tool.get()?.corners).toEqual([])
    turnTool('area')
    expect(tool.get()).toBeUndefined()
  })

  test('a point has one corner, a way of a car two, an area any; the last can be taken back', () => {
    turnTool('draw')
    putCorner(p(1, 1))
    putCorner(p(2, 2))
    expect(tool.get()?.corners).toEqual([p(2, 2)])
    drawKind('area')
    for (let n = 0; n < 600; n++) putCorner(p(n, n % 7))
    expect(tool.get()?.corners.length).toBe(500)
    takeBack()
    const t = tool.get()
    expect([t?.corners.length, t && closes(t), t && least(t)]).toEqual([499, true, 3])
    turnTool('way')
    putCorner(p(1, 1))
    putCorner(p(2, 2))
    putCorner(p(3, 3))
    expect(tool.get()?.corners).toEqual([p(3, 3)])
    endTool()
  })

  test('is sent as GeoJSON, an area closed', () => {
    const held = { name: 'draw' as const, kind: 'area' as const, corners: [p(1, 1), p(2, 1), p(2, 2)], label: '  ', units: '' }
    expect(orderOf(held, 'd', [])).toEqual({ id: 'd', kind: 'area', geometry: { type: 'Polygon', coordinates: [[[1, 1], [2, 1], [2, 2], [1, 1]]] } })
    expect(orderOf({ ...held, kind: 'point', corners: [p(1, 1)], label: 'bridge' }, 'd', ['101'])).toEqual({ id: 'd', kind: 'point', label: 'bridge', units: ['101'], geometry: { type: 'Point', coordinates: [1, 1] } })
  })
})

describe('what was drawn', () => {
  const drawing = (kind: Drawing['kind'], type: Drawing['geometry']['type'], coordinates: unknown, extra: Partial<Drawing> = {}): Drawing => ({ id: kind, kind, geometry: { type, coordinates }, by: 'x', at: '2026-01-01T00:00:00Z', ...extra })
  test('has its words with the units that are to be there, and a way a head', () => {
    const made = drawingFeatures([
      drawing('point', 'Point', [1, 1], { label: 'bridge', units: ['101'] }),
      drawing('route', 'LineString', [[1, 1], [1, 2]]),
      drawing('area', 'Polygon', [[[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]]], { label: 'search' }),
    ], (ids) => ids.join(' '))
    expect(made.features.map((f) => [f.geometry.type, f.properties?.['kind'], f.properties?.['label']])).toEqual([
      ['Point', 'point', 'bridge · 101'], ['LineString', 'route', ''], ['Point', 'label', ''], ['Point', 'head', ''], ['Polygon', 'area', 'search'], ['Point', 'label', 'search'],
    ])
    expect(made.features[3]?.properties?.['bearing']).toBeCloseTo(0, 3)
  })

  test('is nothing where it is no GeoJSON', () => {
    for (const c of [undefined, null, 'x', [], [[]], [['a', 1]], {}]) expect(cornersOf(drawing('route', 'LineString', c))).toEqual([])
    expect(drawingFeatures([drawing('point', 'Point', undefined)], () => '').features).toEqual([])
  })

  test('a way has its words where the unit sets out', () => {
    const ways: Ways = { type: 'FeatureCollection', features: [{ type: 'Feature', geometry: { type: 'LineString', coordinates: [[0, 0], [3, 0]] }, properties: { eta_s: 110, meters: 900, straight: true, call_sign: '101' } }] }
    expect(wayFeatures(ways, (w) => `${w.call_sign} ${w.eta_s}`).features.map((f) => [f.geometry.type, f.properties?.['label']])).toEqual([['LineString', ''], ['Point', '101 110']])
    expect(wayFeatures(undefined, () => '').features).toEqual([])
  })
})
