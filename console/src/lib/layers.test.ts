import { expect, test } from 'vitest'
import { layersFrom, remembered } from './layers'

const shown = (text: string | null) => [...layersFrom(text).shown].join(' ')

test('a seat that remembers nothing, or nonsense, sees the usual layers', () => {
  for (const text of [null, '', 'x', '[]', 'null', '{"shown":3}']) expect(shown(text)).toBe('units incidents routes drawings premises stations labels')
})

test('what was shown is shown again, and a layer that is no more is forgotten', () => {
  const known = '"known":["units","incidents","routes","drawings","rings","cover","areas","premises","stations","labels"]'
  expect(shown(`{"shown":["cover","rings","weather"],${known}}`)).toBe('rings cover')
  expect(shown(`{"shown":[],${known}}`)).toBe('')
  expect(shown(remembered({ shown: new Set(['rings']), rings: { of: 'chosen' }, coverClass: '' }))).toBe('rings')
})

test('a layer that is new to a seat is shown as it is to everybody', () => {
  expect(shown('{"shown":["rings"]}')).toBe('routes drawings rings premises stations')
})

test('whose rings and which cover are remembered, a point is not', () => {
  const held = layersFrom(remembered({ shown: new Set(['rings']), rings: { of: 'free', class: 'patrol' }, coverClass: 'traffic' }))
  expect([held.rings, held.coverClass]).toEqual([{ of: 'free', class: 'patrol' }, 'traffic'])
  expect(layersFrom(remembered({ shown: new Set(), rings: { of: 'point', at: { lon: 1, lat: 2 } }, coverClass: '' })).rings).toEqual({ of: 'chosen' })
})
