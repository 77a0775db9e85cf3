import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { validateStyleMin, type StyleSpecification } from '@maplibre/maplibre-gl-style-spec'
import { beforeAll, describe, expect, test } from 'vitest'
import { beside, foreign, type Ground } from './ground'
import { widthAt } from './ground-style'
import { mapStyle, switched } from './style'

const theme = readFileSync(join(import.meta.dirname, '../app/theme.css'), 'utf8')
const asked = new Set<string>()

// A page's colours, without a page.
beforeAll(() => {
  Object.assign(globalThis, {
    document: { documentElement: {} },
    getComputedStyle: () => ({
      getPropertyValue: (name: string) => {
        asked.add(name)
        return new RegExp(`${name}: (#[0-9a-f]{6})`).exec(theme)?.[1] ?? ''
      },
    }),
  })
})

const own: Ground = { tiles: 'http://localhost/api/v1/map/tiles/{z}/{x}/{y}?v=1', maxzoom: 16, bounds: [118, 31, 119, 32], attribution: 'x', raster: undefined, style: undefined, lost: false }
const agency: StyleSpecification = {
  version: 8, glyphs: 'https://maps.test/{fontstack}/{range}.pbf', sprite: 'sprite',
  sources: { a: { type: 'vector', tiles: ['tiles/{z}/{x}/{y}.pbf'] }, b: { type: 'geojson', data: 'b.json' } },
  layers: [{ id: 'unit', type: 'line', source: 'a', 'source-layer': 'roads' }, { id: 'land', type: 'background', paint: { 'background-color': '#ffffff' } }],
}

describe('the style', () => {
  const grounds: [string, Ground | undefined][] = [
    ['before anything is known', undefined], ['on our tiles', own], ['on raster tiles', { ...own, raster: 'http://127.0.0.1:9/{z}/{x}/{y}.png' }],
    ["on the agency's style", { ...own, style: foreign(agency, 'https://maps.test/style.json') }], ['without tiles', { ...own, tiles: undefined, bounds: undefined }],
  ]
  test.each(grounds.flatMap(([name, ground]) => ['zh', 'en'].map((lang) => [name, lang, ground] as const)))('%s in %s is one that MapLibre takes', (_, lang, ground) => {
    const style = mapStyle(lang, ground)
    expect(validateStyleMin(style)).toEqual([])
    const ids = style.layers.map((l) => l.id)
    expect(ids.length).toBe(new Set(ids).size)
    expect(ids.filter((id) => ['void-label', 'route', 'unit', 'unit-label', 'incident', 'up', 'incident-up', 'sketch-line', 'draft'].includes(id))).toEqual(['void-label', 'route', 'unit', 'unit-label', 'incident', 'up', 'incident-up', 'sketch-line', 'draft'])
    expect(ids.at(-1)).toBe('draft') // Over units and incidents lies only the form's own place.
  })

  test('asks only for colours that dark and light both have', () => {
    mapStyle('zh', own)
    for (const name of asked) expect([name, [...theme.matchAll(new RegExp(`${name}: #[0-9a-f]{6}`, 'g'))].length]).toEqual([name, expect.toSatisfy((n: number) => n >= 2)])
  })

  test('has every layer that a button switches', () => {
    const ids = new Set(mapStyle('zh', own).layers.map((l) => l.id))
    expect(Object.values(switched).flat().filter((id) => !ids.has(id))).toEqual([])
  })

  test('widens roads evenly between their steps, and no further than the last', () => {
    const width = (steps: readonly (readonly [number, number])[], z: number) => widthAt(steps, z)
    expect(width([[6, 0], [10, 1], [12, 3]], 11)).toBe(2)
    expect(width([[6, 1], [10, 1]], 4)).toBe(1)
    expect(width([[6, 1], [10, 5]], 22)).toBe(5)
  })
})

describe("an agency's style", () => {
  const made = foreign(agency, 'https://maps.test/deep/style.json')

  test('keeps its addresses whole and its names apart', () => {
    expect(made.sources['their-a']).toMatchObject({ tiles: ['https://maps.test/deep/tiles/{z}/{x}/{y}.pbf'] })
    expect(made.sources['their-b']).toMatchObject({ data: 'https://maps.test/deep/b.json' })
    expect(made.sprite).toBe('https://maps.test/deep/sprite')
    expect(made.layers.map((l) => l.id)).toEqual(['their-unit', 'their-land'])
    expect(made.layers[0]).toMatchObject({ source: 'their-a' })
  })

  test('never lets a call sign wait for its glyphs', () => {
    expect('glyphs' in made).toBe(false)
  })

  test('is drawn instead of our ground, below the marks of the centre', () => {
    const ids = mapStyle('zh', { ...own, style: made }).layers.map((l) => l.id)
    expect(ids).not.toContain('ground')
    expect(ids.indexOf('their-unit')).toBeLessThan(ids.indexOf('mark'))
  })
})

test('an address beside another keeps its braces', () => {
  expect(beside('map/tiles/{z}/{x}/{y}?v=1', 'http://localhost:8110/api/v1/map')).toBe('http://localhost:8110/api/v1/map/tiles/{z}/{x}/{y}?v=1')
  expect(beside('https://other.test/{z}', 'http://localhost/')).toBe('https://other.test/{z}')
})
