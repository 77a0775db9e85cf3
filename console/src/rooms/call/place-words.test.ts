import { expect, test } from 'vitest'
import type { SearchItem } from '../../api/types'
import { text, type Key } from '../../i18n/i18n'
import { addressOf, approximately, differing, fromHere, givenAs, signOf, titleOf, whyOf, wordsFor } from './place-words'

const zh = (key: Key, params?: Record<string, unknown>) => text('zh', key, params)
const en = (key: Key, params?: Record<string, unknown>) => text('en', key, params)
const item = (part: Partial<SearchItem>): SearchItem => ({ kind: 'address', title: '星浦路8号', score: 1, ...part })

test('what tells two names apart is marked, and only that', () => {
  expect(differing(['星浦路8号', '杏铺路8号'])).toEqual([['', '星浦', '路8号'], ['', '杏铺', '路8号']])
  expect(differing(['汀兰路151号', '汀澜路17号'])).toEqual([['汀', '兰', '路151号'], ['汀', '澜', '路17号']])
  expect(differing(['采菱东路', '采菱东街'])).toEqual([['采菱东', '路', ''], ['采菱东', '街', '']])
  expect(differing(['汀兰路', '汀澜路'])).toEqual([['汀', '兰', '路'], ['汀', '澜', '路']])
  expect(differing(['汀兰路', '汀兰支路'])).toEqual([['汀兰', '', '路'], ['汀兰', '支', '路']])
  expect(differing(['汀兰路'])).toEqual([['汀兰路', '', '']])
  expect(differing(['汀兰路', '汀兰路'])).toEqual([['汀兰路', '', ''], ['汀兰路', '', '']])
  expect(differing(['aa', 'a'])).toEqual([['a', 'a', ''], ['a', '', '']])
  expect(differing([])).toEqual([])
})

test('places are called as the person reads them', () => {
  const corner = item({ kind: 'crossing', title: '汀兰路 & 星浦路', title_en: 'Tinglan Road & Xingpu Road', other: '星浦路', other_en: 'Xingpu Road' })
  expect(titleOf('zh', zh, corner)).toBe('汀兰路与星浦路交叉口')
  expect(titleOf('en', en, corner)).toBe('Tinglan Road & Xingpu Road')
  const sign = item({ title_en: '8 Xingpu Road' })
  expect(titleOf('en', en, sign)).toBe('8 Xingpu Road')
  expect([signOf('en', sign), signOf('zh', sign), signOf('en', item({ title: 'Market St', title_en: 'Market Street' }))]).toEqual(['星浦路8号', '', ''])
})

test('a place that is not exactly what was said keeps the words that were said', () => {
  expect(addressOf(item({}), 'xpl8')).toBe('星浦路8号')
  expect(addressOf(item({ approximate: true, asked: '9' }), ' 星浦路9号 ')).toBe('星浦路9号')
  expect(addressOf(item({ approximate: true, asked: '9' }), '9 Xingpu Road')).toBe('9 Xingpu Road (≈ 星浦路8号)')
  expect(addressOf(item({ approximate: true, asked: '9', title: '12 Scott St' }), '9 scott st')).toBe('9 scott st')
  expect(addressOf(item({ kind: 'point', title: '1,2' }), '1,2')).toBe('1,2')
  expect(approximately(zh, item({ approximate: true, asked: '9' }))).toBe('无 9，取最近号')
  expect(approximately(en, item({ kind: 'street', approximate: true, asked: '9' }))).toBe('no number 9 on the map: the street')
  expect(approximately(zh, item({}))).toBe('')
})

test('two places with one English name are kept by their signs, in every language', () => {
  const doubles = [item({ title_en: '8 Xingpu Road' }), item({ title: '杏铺路8号', title_en: '8 Xingpu Road' })]
  expect(doubles.map((p) => titleOf('en', en, p))).toEqual(['8 Xingpu Road', '8 Xingpu Road'])
  expect(doubles.map((p) => addressOf(p, '8 Xingpu Road'))).toEqual(['星浦路8号', '杏铺路8号'])
  const corner = item({ kind: 'crossing', title: '汀兰路 & 星浦路', title_en: 'Tinglan Road & Xingpu Road', other: '星浦路', other_en: 'Xingpu Road' })
  expect(addressOf(corner, 'tinglan & xingpu')).toBe('汀兰路与星浦路交叉口')
  expect(addressOf(item({ kind: 'crossing', title: 'Market St & 5th St', other: '5th St' }), 'market/5th')).toBe('Market St & 5th St')
  const near = { kind: 'place' as const, title: '鹤汀医院', title_en: 'Heting Hospital', place: { lon: 1, lat: 2 }, distance_m: 120, toward: 'ne' as const }
  expect(wordsFor(en, { place: { lon: 1, lat: 2 }, coordinates: [], border_within_m: 150, ready: true, landmark: near })).toBe('鹤汀医院以东北 120 m')
})

test('why it is offered is said only where it is not plain', () => {
  expect([whyOf(zh, item({ why: 'initials' })), whyOf(zh, item({ why: 'text' })), whyOf(zh, item({}))]).toEqual(['首字母', '', ''])
})

test('directions and datums are said in words', () => {
  const near = { kind: 'place' as const, title: '鹤汀医院', title_en: 'Heting Hospital', place: { lon: 1, lat: 2 }, distance_m: 120 }
  expect(fromHere('zh', zh, { ...near, toward: 'ne' })).toBe('鹤汀医院以东北 120 m')
  expect(fromHere('en', en, { ...near, toward: 'ne' })).toBe('120 m north-east of Heting Hospital')
  expect(fromHere('zh', zh, near)).toBe('鹤汀医院处')
  const point = { place: { lon: 1, lat: 2 }, coordinates: [], border_within_m: 150, ready: true }
  const house = { kind: 'address' as const, title: '汀兰路12号', place: { lon: 1, lat: 2 }, distance_m: 12, toward: 'n' as const }
  expect(wordsFor(zh, { ...point, address: house })).toBe('汀兰路12号')
  expect(wordsFor(zh, { ...point, address: { ...house, distance_m: 80 } })).toBe('汀兰路12号以北 80 m')
  expect(wordsFor(zh, { ...point, landmark: near })).toBe('鹤汀医院处')
  const river = { kind: 'place' as const, class: 'water', title: '云澜江', title_en: 'Yunlan River', place: { lon: 1, lat: 2 }, distance_m: 0 }
  expect(wordsFor(en, { ...point, landmark: river, address: { ...house, distance_m: 155 } })).toBe('云澜江水面, 汀兰路12号以北 160 m')
  expect(wordsFor(zh, { ...point, landmark: river })).toBe('云澜江水面')
  expect(fromHere('en', en, river)).toBe('in the water: Yunlan River')
  expect(wordsFor(zh, point)).toBe('地图取点')
  const given = { datum: 'gcj02' as const, lon: 118.39, lat: 31.2, order: 'lat_lon' as const }
  expect(givenAs(zh, item({ given }))).toBe('118.39000, 31.20000 GCJ-02')
  expect(givenAs(zh, item({ given, place: { lon: 118.38472, lat: 31.20203 } }))).toBe('118.39000, 31.20000 GCJ-02 → 118.38472, 31.20203 WGS 84')
  expect(givenAs(zh, item({ given: { ...given, guessed: true } }))).toContain('按先纬度后经度读')
})
