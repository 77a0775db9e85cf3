import { expect, test } from 'vitest'
import type { TypeInfo } from '../../api/types'
import { firstType } from './examples'

const type = (id: string, zh: string, ...keywords: string[]) => ({ id, name: { zh, en: id }, keywords }) as unknown as TypeInfo

test('of the examples for a type the first that this centre knows is shown', () => {
  const types = [type('medical', '医疗救护'), type('fight', '殴打他人', '打架')]
  expect(firstType(types, ['打架', '医疗'])).toBe('打架')
  expect(firstType(types.slice(0, 1), ['打架', '医疗'])).toBe('医疗')
  expect(firstType([], ['打架'])).toBeUndefined()
})
