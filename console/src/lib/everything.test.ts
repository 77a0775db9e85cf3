import { describe, expect, test } from 'vitest'
import { find, makeReady, type Entry } from './everything'

const entry = (kind: Entry['kind'], say: string, words: string[] = [], more = ''): Entry => ({ id: say, kind, say, more, words, run: () => undefined })
const desk: Entry[] = [
  entry('incident', '#42 持刀伤人', ['42'], '汀兰步行街 12 号'), entry('incident', '#420 盗窃', ['420'], '东屏路'),
  entry('unit', '101', ['车巡'], '汀兰所'), entry('unit', '142', [], '石埠所'),
  entry('panel', '覆盖', ['Cover']), entry('action', '派', ['send', '派警'], '派 101 去 42'),
]
const says = (q: string) => find(desk, q, 10).map((e) => e.say)

describe('search for everything', () => {
  test('the number itself is the best answer', () => expect(says('42')[0]).toBe('#42 持刀伤人'))
  test('pinyin initials find Chinese names', () => {
    expect(says('cdsr')).toEqual(['#42 持刀伤人'])
    expect(says('fg')).toEqual(['覆盖'])
  })
  test('every word must be found, wherever', () => {
    expect(says('汀兰 持刀')).toEqual(['#42 持刀伤人'])
    expect(says('汀兰 盗窃')).toEqual([])
  })
  test('both languages find an action', () => expect(says('send')).toEqual(['派']))
  test('nothing typed shows what there is', () => expect(says('')).toHaveLength(6))

  test('300 incidents and 500 units are searched within a key press', () => {
    const types = ['持刀伤人', '盗窃', '噪音扰民', '家庭暴力', '交通事故', '走失老人']
    const many = [
      ...Array.from({ length: 300 }, (_, n) => entry('incident', `#${n} ${types[n % 6]}`, [String(n)], `汀兰步行街 ${n} 号 近云帆大厦东门`)),
      ...Array.from({ length: 500 }, (_, n) => entry('unit', String(100 + n), ['警组', `石埠派出所${n % 30}组`], '可派')),
    ]
    makeReady(many) // As when the sheet opens.
    const took = ['4', '42', 'tl', 'tlbxj', '汀兰', '警组 4', 'zzz'].map((q) => {
      // The shortest of three: a busy machine makes runs longer and none shorter.
      return Math.min(...[1, 2, 3].map(() => {
        const from = performance.now()
        find(many, q, 20)
        return performance.now() - from
      }))
    })
    expect(Math.max(...took)).toBeLessThan(50)
  })
})
