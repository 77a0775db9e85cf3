import { keptInBrowser, keptInMemory, type Kept } from '../lib/kept'
import { createStore } from '../lib/store'
import { emptyBoard, type Board } from './live'
import type { Config, IncidentRow, OrderRow, Session } from './types'

/** The room as a seat saw it last: `at` is when it heard of it last, by its own clock, and `clock` the world's at that moment; both milliseconds since 1970. */
export type Room = { session: Session; config?: Config | undefined; board: Board; at: number; clock: number; speed: number }

type Head = { key: 'head'; session: Session; config?: Config | undefined; asOf: number; at: number; clock: number; speed: number }
type RowItem = { key: string; kind: Kind; row: { id: string; seq: number } }
export type RoomItem = Head | RowItem

// Telephone lines are left out: the one that rang is not there any more.
const kinds = ['incidents', 'units', 'alarms', 'orders'] as const
type Kind = (typeof kinds)[number]
type Rows = ReadonlyMap<string, RowItem['row']>

/** What is older than this is nobody's picture any more, milliseconds. */
const worthMs = 24 * 3600_000
/** Units that only drive are kept as often as this, milliseconds: the age of a position stands beside it. */
const drivenMs = 60_000

const over = new Set(['closed', 'merged', 'transferred', 'invalid'])

const without = <T extends object, K extends keyof T>(of: T, names: readonly K[]): Omit<T, K> => Object.fromEntries(Object.entries(of).filter(([name]) => !names.includes(name as K))) as Omit<T, K>

// No more of people than the printed pack: open incidents, and of orders how far they are, but no words.
const trimmed: Partial<Record<Kind, (row: never) => RowItem['row'] | undefined>> = {
  incidents: (row: IncidentRow) => (over.has(row.phase) ? undefined : row),
  orders: (row: OrderRow) => ({ ...without(row, ['text', 'oral', 'why']), masked: true, to: (row.to ?? []).map((r) => without(r, ['report', 'ask'])) }),
}
const trim = (kind: Kind, row: RowItem['row']): RowItem['row'] | undefined => (trimmed[kind] ? trimmed[kind](row as never) : row)

// Nothing was recorded about it: it only moved.
const drove = (kind: Kind, a: RowItem['row'], b: RowItem['row']): boolean => kind === 'units' && a.seq === b.seq

/** Whose picture it is: another person, seat, centre or world has another. */
const whose = (s: Session): string => [s.actor, s.role, s.seat, s.centre, s.world].join('\n')

/**
 * Keeps the room in pieces, so that a change writes what changed and no more. What is kept is whole at any moment: a page
 * that dies while it is written leaves the picture before.
 */
export function createRoomKeeper(kept: Kept<RoomItem>) {
  let last: Board | undefined // What is kept, as far as this page knows; undefined before it has written anything.
  let wholeAt = 0
  let busy: Promise<void> | undefined
  const forget = async () => {
    last = undefined
    await kept.change([], [], true)
  }
  const keep = async (room: Room) => {
    const before = last ?? emptyBoard
    const whole = room.at - wholeAt >= drivenMs
    const put: RoomItem[] = []
    const remove: string[] = []
    const next: Record<string, Rows> = {}
    for (const kind of kinds) {
      const [now, was]: [Rows, Rows] = [room.board[kind], before[kind]]
      if (now === was && !whole) continue
      const rows = (next[kind] = new Map(now))
      for (const [id, row] of now) {
        const held = was.get(id)
        if (held === row) continue
        if (held && !whole && drove(kind, held, row)) {
          rows.set(id, held) // It is written when it has something to say, or with the next whole picture.
          continue
        }
        const slim = trim(kind, row)
        if (slim) put.push({ key: `${kind}/${id}`, kind, row: slim })
        else if (held) remove.push(`${kind}/${id}`)
      }
      for (const id of was.keys()) if (!now.has(id)) remove.push(`${kind}/${id}`)
    }
    const { board, ...head } = room
    put.push({ key: 'head', ...head, asOf: board.asOf })
    await kept.change(put, remove, last === undefined)
    last = { ...board, ...next }
    if (whole) wholeAt = room.at
  }
  return {
    /** Writes what has changed since; one at a time, and what cannot be written is left. */
    keep: (room: Room): Promise<void> => (busy ??= keep(room).catch(() => undefined).finally(() => { busy = undefined })),
    /** Takes everything away. */
    forget: async () => {
      await busy
      await forget().catch(() => undefined)
    },
    /** The last picture, if there is one of these days. */
    read: async (now: number): Promise<Room | undefined> => {
      const all = await kept.all().catch((): RoomItem[] => [])
      const head = all.find((i): i is Head => i.key === 'head')
      if (!head) return undefined
      if (now - head.at > worthMs) {
        await forget().catch(() => undefined)
        return undefined
      }
      const rows = (kind: Kind) => new Map(all.flatMap((i) => ('row' in i && i.kind === kind ? [[i.row.id, i.row] as const] : [])))
      const { key: _, asOf, ...room } = head
      return { ...room, board: { ...emptyBoard, ...Object.fromEntries(kinds.map((k) => [k, rows(k)])), asOf } }
    },
  }
}

const keeper = createRoomKeeper(typeof indexedDB === 'undefined' ? keptInMemory<RoomItem>('key') : keptInBrowser<RoomItem>('room', 'key'))

/** The picture that this page began with because nobody answered; undefined when the server did. */
export const keptRoom = createStore<Room | undefined>(undefined)

/** Takes the kept picture into this page. Gives it, if there is one. */
export async function recall(): Promise<Room | undefined> {
  if (!keptRoom.get()) keptRoom.set(await keeper.read(Date.now()))
  return keptRoom.get()
}

let leaving = false

/** Takes away what is kept of the room. With `leave` this page keeps nothing any more: somebody else sits down. */
export async function forgetRoom(leave = false): Promise<void> {
  leaving ||= leave
  keptRoom.set(undefined)
  await keeper.forget()
}

/** Takes it away if it is not this person's. */
export async function sitsHere(session: Session): Promise<void> {
  const room = await keeper.read(Date.now())
  if (room && whose(room.session) !== whose(session)) await forgetRoom()
}

/** How often the picture is kept, milliseconds. */
export const keepMs = 5000

/** Keeps what `look` gives every few seconds and when the page goes, until it is stopped; in one window of this browser at a time. */
export function keepRoom(look: () => Room | undefined): () => void {
  const stop = new AbortController()
  const keep = () => {
    const room = leaving ? undefined : look()
    return room ? keeper.keep(room) : undefined
  }
  const begin = () => {
    const timer = setInterval(() => requestIdleCallback(() => void keep(), { timeout: keepMs }), keepMs)
    const hidden = () => { if (document.visibilityState === 'hidden') void keep() }
    document.addEventListener('visibilitychange', hidden)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', hidden)
    }
  }
  const turn = () => new Promise<void>((done) => {
    const end = begin()
    stop.signal.addEventListener('abort', () => { end(); done() })
  })
  const locks = navigator.locks as LockManager | undefined // Only over https and on the machine itself, like the page that is kept.
  void locks?.request('shuniu.room', { signal: stop.signal }, turn).catch(() => undefined)
  return () => stop.abort()
}
