import { renderToString } from 'react-dom/server'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { InPresent } from '../lib/present'
import { past, type Past } from '../lib/past'
import { board, link, shownBoard, shownNow, worldClock } from './connection'
import { clockOf, rowsOf, useBoard, useBoardNow, useCalls, useClockText, useCry, useIncidents, useNow, useUnit, useUnits } from './hooks'
import { emptyBoard, foldPositions, type Board } from './live'
import type { CallRow, IncidentRow, UnitRow } from './types'

const at = (time: string): number => Date.parse(`2030-05-01T14:${time}Z`)

/** A room with so many incidents and calls, and unit 101 in a state. */
const room = (asOf: number, count: number, state: string): Board => ({
  ...emptyBoard, asOf,
  incidents: new Map(Array.from({ length: count }, (_, n) => [`i${n}`, { id: `i${n}`, seq: n } as IncidentRow])),
  calls: new Map(Array.from({ length: count }, (_, n) => [`k${n}`, { id: `k${n}` } as CallRow])),
  units: new Map([['101', { id: '101', seq: asOf, state, next: [{ verb: 'duress', allowed: state === 'assigned' }] } as UnitRow]]),
})
const then: Past = { at: at('00:00'), board: room(1, 1, 'available'), placed: true, owed: [], filings: new Map() }

/** What every hook of the rows and of the clock says. */
function Probe() {
  const b = useBoard()
  const said = [b.asOf, useIncidents().size, useCalls().size, useUnits().get('101')?.state, useUnit('101')?.state, useNow(), useClockText(String)]
  return <i>{said.join(' ')}</i>
}
const drawn = (inPresent = false): string => renderToString(inPresent ? <InPresent><Probe /></InPresent> : <Probe />).replaceAll(/<\/?i>/g, '')

beforeEach(() => {
  board.set(room(9, 3, 'assigned'))
  worldClock.set({ at: at('30:00'), heard: 0, speed: 1 })
  link.set({ state: 'live', heard: 1 })
})
afterEach(() => {
  past.set(undefined)
  board.set(emptyBoard)
  link.set({ state: 'loading', heard: 0 })
})

const present = `9 3 3 assigned assigned ${at('30:00')} ${at('30:00')}`
const before = `1 1 1 available available ${then.at} ${then.at}`

describe('one truth', () => {
  test('every hook shows the moment of the past, and the present again', () => {
    expect(drawn()).toBe(present)
    past.set(then)
    expect(drawn()).toBe(before)
    expect([shownBoard().asOf, shownNow()]).toEqual([1, then.at])
    past.set(undefined)
    expect(drawn()).toBe(present)
    expect([shownBoard().asOf, shownNow()]).toEqual([9, at('30:00')])
  })
  test('what protects people in the present stays with it', () => {
    past.set(then)
    expect(drawn(true)).toBe(present)
    const Now = () => <i>{useBoardNow().asOf} {String(useCry('101')?.allowed)}</i>
    expect(renderToString(<Now />).replaceAll('<!-- -->', '')).toBe('<i>9 true</i>')
  })
})

describe('what is drawn again', () => {
  test('a change of the present draws nothing that shows the past', () => {
    let told = 0
    for (const source of [rowsOf(then, (b) => b), rowsOf(then, (b) => b.units), clockOf(then, (now) => now)]) {
      const stop = source.subscribe(() => { told++ })
      const held = source.get()
      board.set(foldPositions(board.get(), { items: [{ unit: '101', lon: 1, lat: 1, at: '2030-05-01T14:29:00Z', state: 'trusted' }] } as never))
      expect(source.get()).toBe(held)
      stop()
    }
    expect(told).toBe(0)
  })
  test('a position draws nothing that reads only incidents or calls', () => {
    let told = 0
    const [incidents, calls, units] = [rowsOf(undefined, (b) => b.incidents), rowsOf(undefined, (b) => b.calls), rowsOf(undefined, (b) => b.units)]
    const held = [incidents.get(), calls.get(), units.get()] as const
    const stop = units.subscribe(() => { told++ })
    board.set(foldPositions(board.get(), { items: [{ unit: '101', lon: 2, lat: 2, at: '2030-05-01T14:29:30Z', state: 'trusted' }] } as never))
    stop()
    expect(told).toBe(1)
    expect(incidents.get()).toBe(held[0])
    expect(calls.get()).toBe(held[1])
    expect(units.get()).not.toBe(held[2])
  })
})
