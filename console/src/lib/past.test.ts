import { describe, expect, test } from 'vitest'
import { mayWriteInPast } from './past'

describe('what may be sent while the past is looked at', () => {
  test('whoever calls for help is heard', () => {
    for (const path of ['/incidents', '/calls', '/calls/k1/answer', '/units/101/duress', '/drafts/d1']) expect(mayWriteInPast(path), path).toBe(true)
  })
  test('nothing of the room changes', () => {
    for (const path of ['/incidents/i1/note', '/incidents/i1/dispatch', '/units/101/status', '/command', '/alarms/a1/acknowledge', '/callsign']) expect(mayWriteInPast(path), path).toBe(false)
  })
})
