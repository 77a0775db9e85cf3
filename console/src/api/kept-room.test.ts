import { expect, test } from 'vitest'
import { keptInMemory, type Kept } from '../lib/kept'
import { createRoomKeeper, type Room, type RoomItem } from './kept-room'
import { emptyBoard, fold } from './live'
import type { IncidentRow, OrderRow, RowsEvent, Session, UnitRow } from './types'

const incident = (id: string, seq: number, phase = 'active') => ({ id, seq, number: 1, phase, narrative: '两人持刀' }) as unknown as IncidentRow
const unit = (id: string, seq: number, lon = 118) => ({ id, seq, state: 'available', position: { lon, lat: 31, at: '' } }) as unknown as UnitRow
const order = { id: 'o', seq: 1, number: 1, text: '秘密的话', oral: { by: 'x', speaker: '某人' }, to: [{ kind: 'unit', id: '101', report: '看见的人' }] } as unknown as OrderRow
const session = (actor: string) => ({ actor, centre: 'test', centre_name: {}, clock: '', version: '', world: 'live' }) as Session
const room = (at: number, rows: Omit<RowsEvent, 'seq' | 'prev'>, from = emptyBoard): Room => {
  const board = fold(from, { seq: at, prev: from.asOf, ...rows })
  if (board === 'gap') throw new Error('a gap')
  return { session: session('k01'), board, at, clock: at, speed: 1 }
}

/** What is written, counted. */
function counted(): { kept: Kept<RoomItem>; written: string[][] } {
  const inner = keptInMemory<RoomItem>('key')
  const written: string[][] = []
  return { written, kept: { ...inner, change: (put, remove, anew) => { written.push([...put.map((i) => i.key), ...remove.map((k) => `-${k}`)]); return inner.change(put, remove, anew) } } }
}

test('a room is kept in pieces: a change writes what changed, and what only drove waits for the next whole picture', async () => {
  const { kept, written } = counted()
  const keeper = createRoomKeeper(kept)
  const first = room(60_000, { incidents: { upsert: [incident('a', 1), incident('b', 2)] }, units: { upsert: [unit('101', 3)] } })
  await keeper.keep(first)
  const second = room(65_000, { incidents: { upsert: [incident('a', 4)], remove: ['b'] } }, { ...first.board, units: new Map([['101', unit('101', 3, 119)]]) })
  await keeper.keep(second)
  expect(written[1]).toEqual(['incidents/a', 'head', '-incidents/b'])
  await keeper.keep({ ...second, at: 130_000 })
  expect(written[2]).toEqual(['units/101', 'head'])
  const read = await createRoomKeeper(kept).read(130_000)
  expect(read?.board.incidents.get('a')?.seq).toBe(4)
  expect(read?.board.incidents.size).toBe(1)
  expect(read?.board.units.get('101')?.position?.lon).toBe(119)
  expect(read?.board.asOf).toBe(65_000)
  expect(read?.at).toBe(130_000)
})

test('no more is kept of people than the printed pack holds', async () => {
  const { kept } = counted()
  await createRoomKeeper(kept).keep(room(1, { incidents: { upsert: [incident('a', 1), incident('closed', 2, 'closed')] }, orders: { upsert: [order] }, calls: { upsert: [{ id: 'c', seq: 1, number: '19900001234' } as never] } }))
  const all = JSON.stringify(await kept.all())
  expect(all).toContain('两人持刀')
  for (const word of ['秘密的话', '某人', '看见的人', '19900001234', '"closed"']) expect(all).not.toContain(word)
})

test('a page that comes later writes the whole anew, so that nothing stays of an older world', async () => {
  const { kept } = counted()
  await createRoomKeeper(kept).keep(room(1, { incidents: { upsert: [incident('old', 1)] } }))
  const later = createRoomKeeper(kept)
  await later.keep(room(2, { incidents: { upsert: [incident('new', 2)] } }))
  expect([...((await later.read(2))?.board.incidents.keys() ?? [])]).toEqual(['new'])
})

test('an incident that is over goes, and a picture of the day before is nobody’s', async () => {
  const { kept } = counted()
  const keeper = createRoomKeeper(kept)
  const first = room(1, { incidents: { upsert: [incident('a', 1)] } })
  await keeper.keep(first)
  await keeper.keep(room(2, { incidents: { upsert: [incident('a', 2, 'closed')] } }, first.board))
  expect((await keeper.read(3))?.board.incidents.size).toBe(0)
  expect(await keeper.read(25 * 3600_000)).toBeUndefined()
  expect(await kept.all()).toEqual([])
})
