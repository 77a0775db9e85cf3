import { afterEach, expect, test } from 'vitest'
import { zone } from '../../lib/time'
import { appointmentOf, appointmentText } from './appointment'

afterEach(() => zone.set(undefined))

const noon = Date.parse('2030-06-07T04:00:30Z') // 12:00:30 on Friday in Shanghai
const at = (words: string, now = noon) => {
  const moment = appointmentOf(words, now)
  return typeof moment === 'number' ? new Date(moment).toISOString().slice(0, 16) : moment
}

test('an appointment is read in the zone of the centre, in the ways people write it', () => {
  zone.set('Asia/Shanghai')
  const afternoon = '2030-06-07T07:30'
  for (const words of ['15:30', '1530', '今天 15:30', '今天15：30', '下午3点半', '15点30分', '3:30 pm', 'today 15:30', '6-7 15:30', '6月7日 15:30', '7 Jun 15:30', 'June 7 3:30pm', '2030-06-07 15:30', '2030-06-07T15:30']) expect(at(words), words).toBe(afternoon)
  expect(at('9:00')).toBe('2030-06-08T01:00')
  expect(at('明天 9:00')).toBe('2030-06-08T01:00')
  expect(at('后天上午9点')).toBe('2030-06-09T01:00')
  expect(at('tomorrow 12 am')).toBe('2030-06-07T16:00')
  expect(at('6-8 15:30')).toBe('2030-06-08T07:30')
  expect(at('3/1 08:00')).toBe('2031-03-01T00:00')
  expect(at('90分钟后')).toBe('2030-06-07T05:30')
  expect(at('in 2 h')).toBe('2030-06-07T06:00')
})

test('what has gone by and what is no time are told apart', () => {
  zone.set('Asia/Shanghai')
  expect(at('今天 11:00')).toBe('past')
  expect(at('2030-06-06 15:30')).toBe('past')
  for (const words of ['', 'soon', '25:00', '今天', '明天下午', '2-30 10:00', '13-1 10:00', '15', '8 foo 10:00', '15:3']) expect(at(words), words).toBeUndefined()
})

test('an hour that the clock jumps over is no time, and the days beside it are right', () => {
  zone.set('America/New_York')
  const before = Date.parse('2030-03-09T12:00:00Z')
  expect(at('3-10 02:30', before)).toBeUndefined()
  expect(at('3-10 01:30', before)).toBe('2030-03-10T06:30')
  expect(at('3-10 03:30', before)).toBe('2030-03-10T07:30')
})

test('what was understood is shown in the centre and in the language', () => {
  zone.set('Asia/Shanghai')
  expect(appointmentText(Date.parse('2030-06-08T07:30Z'), 'zh')).toMatch(/2030年6月8日.*周六.*15:30/)
  expect(appointmentText(Date.parse('2030-06-08T07:30Z'), 'en')).toMatch(/Sat, 8 June? 2030.*15:30/)
})
