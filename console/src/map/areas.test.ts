import { describe, expect, test } from 'vitest'
import { areaNames, inside, underTop } from './areas'

const horseshoe = [[0, 0], [10, 0], [10, 10], [7, 10], [7, 2], [3, 2], [3, 10], [0, 10], [0, 0]]
const label = (zh: string, en: string) => `${zh}|${en}`

describe('the name of an area', () => {
  test('stands inside, also where the middle lies outside', () => {
    const [x = 0, y = 0] = inside(horseshoe) ?? []
    expect(y <= 2 || x <= 3 || x >= 7).toBe(true)
    expect(inside([[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]])).toEqual([2, 2])
    expect(inside([[0, 0], [4, 0], [0, 0]])).toBeUndefined()
  })

  test('stands once for each area, on its widest part', () => {
    const areas = { type: 'FeatureCollection' as const, features: [{
      type: 'Feature' as const, properties: { name: '一', name_en: 'one' },
      geometry: { type: 'MultiPolygon' as const, coordinates: [[[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]], [[[10, 0], [14, 0], [14, 4], [10, 4], [10, 0]]]] },
    }] }
    expect(areaNames(areas, label).features.map((f) => [f.geometry.coordinates, f.properties?.['label']])).toEqual([[[12, 2], '一|one']])
    expect(areaNames(undefined, label).features).toEqual([])
  })
})

test('a word under the northern edge stands inside and near it, in the widest arm', () => {
  const [x = 0, y = 0] = underTop(horseshoe) ?? []
  expect(y).toBeGreaterThan(8)
  expect(x < 3 || x > 7).toBe(true)
  expect(underTop([[0, 0], [4, 0], [0, 0]])).toBeUndefined()
})
