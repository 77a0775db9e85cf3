import { past } from '../lib/past'
import { createStore, createTurnStore } from '../lib/store'
import { read } from './client'
import { coverBeat, type CoverBeat } from './cover'
import type { Room } from './kept-room'
import { streamOf } from './stream'
import { emptyBoard, fold, foldPositions, fromLists, type Board } from './live'
import type { AlarmRow, CallRow, Config, IncidentRow, OrderRow, PositionsEvent, RowsEvent, Session, UnitRow, WorldRun } from './types'

/** How fresh the board is. "frozen" means that what is shown may be wrong by now. */
export type Link = {
  state: 'loading' | 'live' | 'frozen' | 'failed'
  /** performance.now() when the stream last said anything; 0 before it ever did; below 0 in the life of an earlier page. */
  heard: number
}

export const board = createTurnStore<Board>(emptyBoard)
export const link = createStore<Link>({ state: 'loading', heard: 0 })

/** What waits for the room does not wait longer than this, milliseconds: it may have its own to show. */
const roomWithinMs = 1500

/** Resolves when the room was drawn for the first time, or would have been. */
export const roomDrawn = (): Promise<void> => new Promise((done) => {
  const end = () => {
    clearTimeout(timer)
    stop()
    requestAnimationFrame(() => setTimeout(done)) // After the picture with the room in it.
  }
  const stop = board.subscribe(end)
  const timer = setTimeout(end, board.get() === emptyBoard ? roomWithinMs : 0)
})

/** The world's clock: the last time the server told, when that was here, and how fast the world runs. */
export const worldClock = createStore({ at: Date.now(), heard: 0, speed: 1 })
/** The incident that a visitor of a demonstration holds, if any. */
export const holding = createStore<string | undefined>(undefined)
/** How a world that is not live runs, as the server told it last; its clock stands in worldClock. */
export const worldRun = createStore<WorldRun | undefined>(undefined)

/** Whether the server can store what it is told. */
export const stored = createStore(true)

type Beat = { seq?: number; clock?: string; run?: WorldRun; stored?: boolean }

/** Silence after which the room is told that its picture stands still, milliseconds. */
export const silenceMs = 3000
const retryMs = [500, 1000, 2000, 5000]

/** Milliseconds since 1970 in the world, now. It stands still while the stream is silent. */
export function worldNow(): number {
  const c = worldClock.get()
  if (c.heard === 0) return c.at
  const until = link.get().state === 'frozen' ? link.get().heard : performance.now()
  return c.at + Math.max(0, until - c.heard) * c.speed
}

/** The rows that the room shows, for whoever reads them once: now, or at the moment of the past that is looked at. */
export const shownBoard = (): Board => past.get()?.board ?? board.get()

/** The time that the room shows, milliseconds since 1970: now, or the moment of the past. */
export const shownNow = (): number => past.get()?.at ?? worldNow()

/**
 * The world's time to write on a call that is taken now, milliseconds; undefined when nobody ever told it. It goes on
 * while the stream is silent, except in a demonstration, whose clock stops with its server.
 */
export function takenNow(demo: boolean): number | undefined {
  const c = worldClock.get()
  if (c.heard === 0) return undefined
  return demo ? worldNow() : c.at + (performance.now() - c.heard) * c.speed
}

function hearClock(clock: string | undefined, speed = worldClock.get().speed): void {
  const at = clock === undefined ? Number.NaN : Date.parse(clock)
  if (Number.isFinite(at)) worldClock.set({ at, heard: performance.now(), speed })
}

/** Sets the clock from the session, before the stream has spoken. */
export function setClock(clock: string, run: WorldRun | undefined): void {
  hearClock(clock, run?.speed ?? 1)
  hearRun(run)
}

/** Takes in how the world runs: from the stream, once a second, or from the answer to whoever changed it. */
export function hearRun(run: WorldRun | undefined): void {
  if (!run) return
  hearClock(run.clock, run.speed)
  holding.set(run.holding === '' ? undefined : run.holding)
  worldRun.set((before) => (before && alike(before, run) ? before : run))
}

const alike = (a: WorldRun, b: WorldRun): boolean =>
  a.speed === b.speed && a.chosen === b.chosen && a.paused === b.paused && a.holding === b.holding && a.surge?.kind === b.surge?.kind && a.surge?.factor === b.surge?.factor

// A busy stream speaks hundreds of times a second; that it is alive need not be said so often.
function hearLink(): void {
  const [l, now] = [link.get(), performance.now()]
  if (l.state !== 'live' || Math.abs(now - l.heard) > 200) link.set({ state: 'live', heard: now })
}

/** The room as it is heard now, to be kept; undefined before this page has heard of it. */
export function heardRoom(session: Session, config: Config | undefined): Room | undefined {
  const l = link.get()
  if (l.heard <= 0 || l.state === 'loading') return undefined
  const silence = l.state === 'frozen' ? performance.now() - l.heard : 0
  return { session, config, board: board.get(), at: Date.now() - silence, clock: worldNow(), speed: worldClock.get().speed }
}

/** Shows a room that was kept, standing still and as old as it is, if this page has heard nothing yet. */
export function showKept(room: Room): void {
  if (link.get().heard !== 0) return
  const heard = performance.now() - (Date.now() - room.at)
  worldClock.set({ at: room.clock, heard, speed: room.speed })
  board.set(room.board)
  link.set({ state: 'frozen', heard })
}

/** Begins anew with nothing: what was shown is another person's. */
export function clearRoom(): void {
  board.set(emptyBoard)
  link.set({ state: 'loading', heard: 0 })
}

/** Changes that come within this many milliseconds are drawn together. */
export const togetherMs = 100
/** Drawing the room takes one part in so many of the page's time at most: the rest belongs to whoever types. */
export const drawShare = 5
/** And however long one drawing takes, the next one comes within this many milliseconds. */
export const drawWithinMs = 1000

/** A drawing that took longer than this is done part by part the next time, milliseconds: until then the whole room changes as one. */
const asOneMs = 25

/** How long after a drawing the next one waits, milliseconds, when that one took so long. */
export const drawGap = (tookMs: number): number => Math.min(drawWithinMs, Math.max(togetherMs, tookMs * (drawShare - 1)))

/** Follows the journal until it is stopped: lists, then the stream from there; on any gap the lists again. */
export function follow(person: string): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let drawing: ReturnType<typeof setTimeout> | undefined
  let tries = 0
  let stopped = false
  let reading = true
  let drawn = 0
  let took = 0
  let busy = false // Parts of the room are still to be drawn.
  let came: Change[] = [] // Not drawn yet, in their order.
  let told = 0 // How far the journal was at the last beat.
  const lastSeq = () => came.reduce((seq, c) => ('rows' in c ? Math.max(seq, c.rows.seq) : seq), board.get().asOf)

  const again = () => {
    clearTimeout(timer)
    reading = true
    if (!stopped) timer = setTimeout(() => void load(), retryMs[Math.min(tries++, retryMs.length - 1)])
  }
  const draw = () => {
    drawing = undefined
    if (reading || stopped || busy || came.length === 0) return
    drawn = performance.now()
    const next = takeAll(board.get(), came)
    came = []
    if (next === 'gap') again()
    else set(next)
  }
  const set = (next: Board) => {
    busy = true
    const done = (ms: number) => {
      drawn = performance.now()
      took = ms
      busy = false
      soon()
    }
    if (took > asOneMs) return board.setInTurns(next, done)
    const began = performance.now()
    board.set(next)
    // React draws in a microtask of its own, which stands before this one.
    queueMicrotask(() => done(performance.now() - began))
  }
  // What comes alone is drawn at once, what comes in a crowd together.
  const soon = () => {
    if (reading || busy || drawing !== undefined || came.length === 0) return
    const wait = drawGap(took) - (performance.now() - drawn)
    if (wait <= 0) draw()
    else drawing = setTimeout(draw, wait)
  }
  const take = (change: Change) => {
    came.push(change)
    soon()
  }
  const load = async () => {
    try {
      const [incidents, units, calls, alarms, orders] = await Promise.all([
        read<{ as_of: number; items: IncidentRow[] }>('/incidents?state=open&limit=500'),
        read<{ as_of: number; items: UnitRow[] }>('/units'),
        read<{ as_of: number; items: CallRow[] }>('/calls?state=open'),
        read<{ as_of: number; items: AlarmRow[] }>('/alarms?state=open'),
        read<{ as_of: number; items: OrderRow[] }>('/orders?state=open'),
      ])
      if (stopped) return
      board.set(fromLists(incidents, units, calls, alarms, orders))
      reading = false
      draw()
      stream.open(board.get().asOf)
    } catch {
      link.set((l) => ({ ...l, state: l.heard === 0 ? 'failed' : 'frozen' }))
      again()
    }
  }
  const beat = (d: Beat) => {
    // What the beat before told of should have come by now. Else it was missed, and no later change may come to say so.
    if (!reading && told > lastSeq()) again()
    told = d.seq ?? 0
    hearClock(d.clock, d.run?.speed)
    hearRun(d.run)
    stored.set(d.stored !== false)
  }
  const stream = streamOf(person, (name, data) => {
    if (stopped) return
    tries = 0
    if (!reading || link.get().heard > 0) hearLink() // An unread room is not live.
    if (name === 'hello' || name === 'beat') beat(JSON.parse(data) as Beat)
    else if (name === 'cover') coverBeat.set(JSON.parse(data) as CoverBeat)
    else if (name === 'positions') take({ positions: JSON.parse(data) as PositionsEvent })
    else if (name === 'gone') again()
    else if (name === 'rows') {
      const rows = JSON.parse(data) as RowsEvent
      hearClock(rows.clock)
      take({ rows })
    }
  })
  const watch = setInterval(() => {
    const l = link.get()
    if (l.state === 'live' && performance.now() - l.heard > silenceMs) link.set({ ...l, state: 'frozen' })
  }, 250)

  void load()
  return () => {
    stopped = true
    stream.close()
    clearTimeout(timer)
    clearTimeout(drawing)
    clearInterval(watch)
  }
}

type Change = { rows: RowsEvent } | { positions: PositionsEvent }

// Each in its turn, for one drawing.
function takeAll(from: Board, changes: readonly Change[]): Board | 'gap' {
  let now = from
  for (const change of changes) {
    const next = 'rows' in change ? fold(now, change.rows) : foldPositions(now, change.positions)
    if (next === 'gap') return 'gap'
    now = next
  }
  return now
}
