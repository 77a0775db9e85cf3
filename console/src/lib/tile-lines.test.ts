import { describe, expect, test } from 'vitest'
import { tileLines, tileOf } from './tile-lines'

const field = (n: number, bytes: number[]) => [n * 8 + 2, bytes.length, ...bytes]
const words = (s: string) => [...new TextEncoder().encode(s)]
// One layer "road" of extent 100 with one line from (10,20) over (30,20) to (30,10), tagged class=street.
const line = [...field(2, [0, 0]), 3 * 8, 2, ...field(4, [9, 20, 40, 18, 40, 0, 0, 19])]
const layer = [...field(1, words('road')), ...field(2, line), ...field(3, words('class')), ...field(4, field(1, words('street'))), 5 * 8, 100]

describe('streets of a vector tile', () => {
  test('are read with their class, in parts of the tile', () => {
    expect(tileLines(new Uint8Array(field(3, layer)), 'road')).toEqual([{ kind: 'street', points: [[0.1, 0.2], [0.3, 0.2], [0.3, 0.1]] }])
    expect(tileLines(new Uint8Array(field(3, layer)), 'water')).toEqual([])
  })
  test('whatever is damaged, nothing breaks', () => {
    const whole = field(3, layer)
    for (let n = 0; n < whole.length; n++) {
      expect(() => tileLines(new Uint8Array(whole.slice(0, n)), 'road')).not.toThrow()
      const bent = [...whole]
      bent[n] = 0xff
      expect(() => tileLines(new Uint8Array(bent), 'road')).not.toThrow()
    }
  })
})

test('a place is found in the grid of tiles', () => {
  expect(tileOf({ lon: 0, lat: 0 }, 1)).toEqual({ x: 1, y: 1 })
  expect(Math.floor(tileOf({ lon: 118.5, lat: 31.5 }, 15).x)).toBe(27170)
})
