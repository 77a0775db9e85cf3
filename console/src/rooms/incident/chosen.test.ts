import { expect, test } from 'vitest'
import { reasonText } from '../../i18n/i18n'
import { chosenReason } from './chosen'

const said = (params: object) => reasonText('zh', chosenReason({ ...params }, (u) => u.toUpperCase()))
const advised = [{ unit: 'e1', eta_s: 110 }, { unit: 'e2' }]

test('what was sent as advised is said in one breath', () => {
  expect(said({ recommended: advised, sent: ['e1', 'e2'], same: true })).toBe('按推荐派 E1 E2')
})

test('other units stand beside those that were recommended, with their minutes', () => {
  expect(said({ recommended: advised, sent: ['e9'], same: false })).toBe('推荐 E1 1:50 E2，派出 E9')
})

test('what stood on the screen counts, not what would be said a moment later', () => {
  expect(said({ recommended: [{ unit: 'e5' }], screen: advised, sent: ['e9'], same: false })).toBe('推荐 E1 1:50 E2，派出 E9')
})

test('without advice nothing is invented', () => {
  expect(said({ recommended: [], sent: ['e9'], same: false })).toBe('没有推荐，派出 E9')
  expect(said({ sent: 'nonsense' })).toBe('没有推荐，派出 ')
})
