import { expect, test } from 'vitest'
import { packGroups, type Stack } from './pack-groups'

const wide = (made: Stack[]) => made.reduce((sum, s) => sum + s.columns, 0)
const high = (s: Stack) => s.blocks.reduce((sum, b) => sum + b.lines + 1, 0)

test('short groups stand above each other, a long one takes columns under one heading', () => {
  const made = packGroups([23, 3, 3, 2], 9, 12)
  expect(made).toEqual([
    { columns: 3, blocks: [{ group: 0, columns: 3, lines: 8 }] },
    { columns: 1, blocks: [{ group: 1, columns: 1, lines: 3 }, { group: 2, columns: 1, lines: 3 }] },
    { columns: 1, blocks: [{ group: 3, columns: 1, lines: 2 }] },
  ])
})

test('every group is there once and in order, and no panel is wider than it is', () => {
  for (const lines of [0, 1, 2, 5, 9, 40]) {
    for (const columns of [0, 1, 3, 11, 30]) {
      const sizes = [40, 12, 3, 3, 1, 1, 1, 7, 2, 1]
      const made = packGroups(sizes, lines, columns)
      expect(made.flatMap((s) => s.blocks.map((b) => b.group))).toEqual(sizes.map((_, n) => n))
      expect(wide(made)).toBeLessThanOrEqual(Math.max(1, columns))
      for (const s of made) for (const b of s.blocks) expect(b.columns * b.lines).toBeGreaterThanOrEqual(sizes[b.group] ?? 0)
    }
  }
})

test('what fits is not scrolled, and what does not is scrolled by no more than it must', () => {
  expect(Math.max(...packGroups([4, 4, 4], 5, 3).map(high))).toBe(5)
  expect(Math.max(...packGroups([4, 4, 4], 5, 2).map(high))).toBe(10)
  expect(packGroups([], 9, 9)).toEqual([])
})
