import { expect, test } from 'vitest'
import { duressLeast, kinds, loudness, scores, settingsFrom } from './sounds'

test('no two sounds begin alike, and none is louder than danger', () => {
  const begin = kinds.map((k) => `${scores[k][0]?.hz}-${scores[k][0]?.wave}-${scores[k].length}`)
  expect(new Set(begin).size).toBe(kinds.length)
  for (const k of kinds) for (const tone of scores[k]) expect(tone.loud).toBeLessThanOrEqual(scores.duress[0]?.loud ?? 0)
})

test('mute and switches silence everything but danger', () => {
  const s = { ...settingsFrom(null), muted: true, off: new Set(kinds), volume: { call: 1, p1: 1, alert: 1, duress: 0, late: 1 } }
  for (const k of kinds) expect(`${k} ${loudness(s, k)}`).toBe(`${k} ${k === 'duress' ? duressLeast : 0}`)
  expect(loudness({ ...s, muted: false, off: new Set() }, 'call')).toBe(1)
})

test('what a seat remembers is checked', () => {
  expect(settingsFrom('{"muted":true,"off":["late","x"],"volume":{"call":7,"p1":0.2}}')).toMatchObject({ muted: true, off: new Set(['late']), volume: { call: 0.7, p1: 0.2 } })
  for (const odd of [null, '', '7', '"x"', '{', '{"volume":null}']) expect(settingsFrom(odd).volume.duress).toBe(1)
})
