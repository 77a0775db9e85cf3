import { describe, expect, test } from 'vitest'
import { mayWriteInPast } from './past'

describe('what may be sent while the past is looked at', () => {
  test('whoever calls for help is heard', () => {
    for (const path of ['/incidents', '/calls', '/calls/k1/answer', '/units/101/duress', '/units/101/acknowledge-duress', '/incidents/i1/acknowledge', '/alarms/a1/acknowledge', '/drafts/d1']) expect(mayWriteInPast(path), path).toBe(true)
  })
  test('a line is judged by the server, if it says that it looks back', () => {
    expect(mayWriteInPast('/command', { text: '派 101 去 1', looking_back: true })).toBe(true)
    expect(mayWriteInPast('/command', { text: '派 101 去 1' })).toBe(false)
  })
  test('nothing of the room changes', () => {
    for (const path of ['/incidents/i1/note', '/incidents/i1/dispatch', '/units/101/status', '/command', '/alarms/a1', '/orders/o1/acknowledge', '/callsign']) expect(mayWriteInPast(path), path).toBe(false)
  })
})
