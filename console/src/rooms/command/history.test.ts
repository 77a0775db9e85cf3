import { expect, test } from 'vitest'
import { createHistory } from './history'

const memory = () => {
  const held = new Map<string, string>()
  return { getItem: (k: string) => held.get(k) ?? null, setItem: (k: string, v: string) => void held.set(k, v) }
}

test('the newest line comes first, once, and a reload keeps it', () => {
  const store = memory()
  const history = createHistory('11', store)
  for (const line of ['派 101 去 42', '42 记 x', '派 101 去 42']) history.add(line)
  expect(history.all()).toEqual(['派 101 去 42', '42 记 x'])
  expect(createHistory('11', store).all()).toEqual(['派 101 去 42', '42 记 x'])
  expect(createHistory('12', store).all()).toEqual([])
})

test('lines are found by words in them', () => {
  const history = createHistory('11', undefined)
  for (const line of ['send E06 to 42', '42 note he ran', '办结 42']) history.add(line)
  expect(history.find('e06')).toEqual(['send E06 to 42'])
  expect(history.find('')).toHaveLength(3)
})

test('a store that is broken or full costs nothing but the memory', () => {
  const broken = createHistory('11', { getItem: () => '{', setItem: () => { throw new Error('full') } })
  broken.add('办结 42')
  expect(broken.all()).toEqual(['办结 42'])
})
