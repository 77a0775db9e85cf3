import { expect, test } from 'vitest'
import { together } from './Inset'

test('crews that stand together are one mark with all their names, whatever their order', () => {
  const at = (signs: string, x: number, y: number) => ({ signs, x, y })
  expect(together([at('101', 210, 100), at('151', 212, 101), at('291', 40, 100), at('102', 210, 130)])).toEqual([at('101 151', 210, 100), at('291', 40, 100), at('102', 210, 130)])
  expect(together([])).toEqual([])
})
