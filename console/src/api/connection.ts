import { createStore } from '../lib/store'
import { read } from './client'
import { coverBeat, type CoverBeat } from './cover'
import { emptyBoard, fold, foldPositions, fromLists, type Board } from './live'
import type { AlarmRow, CallRow, IncidentRow, OrderRow, PositionsEvent, RowsEvent, UnitRow, WorldRun } from './types'

/** How fresh the board is. "frozen" means that what is shown may be wrong by now. */
export type Link = {
  state: 'loading' | 'live' | 'frozen' | 'failed'
  /** performance.now() when the stream last said anything; 0 before it ever did. */
  heard: number
}

export const board = createStore<Board>(emptyBoard)
export const link = createStore<Link>({ state: 'loading', heard: 0 })

/** The world's clock: the last time the server told, when that was here, and how fast the world runs. */
export const worldClock = createStore({ at: Date.now(), heard: 0, speed: 1 })
/** The incident that a visitor of a demonstration holds, if any. */
export const holding = createStore<string | undefined>(undefined)
/** How a world that is not live runs, as the server told it last; its clock stands in worldClock. */
export const worldRun = createStore<WorldRun | undefined>(undefined)

/** Whether the server can store what it is told. */
export const stored = createStore(true)

type Beat = { clock?: string; run?: WorldRun; stored?: boolean }

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

/** Follows the journal until it is stopped: lists, then the stream from there; on any gap the lists again. */
export function follow(): () => void {
  let source: EventSource | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let tries = 0
  let stopped = false

  const again = (fresh: boolean) => {
    source?.close()
    source = undefined
    clearTimeout(timer)
    if (stopped) return
    const wait = retryMs[Math.min(tries++, retryMs.length - 1)]
    timer = setTimeout(() => void (fresh ? load() : open()), wait)
  }

  const heard = () => {
    tries = 0
    link.set({ state: 'live', heard: performance.now() })
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
      open()
    } catch {
      link.set((l) => ({ ...l, state: l.heard === 0 ? 'failed' : 'frozen' }))
      again(true)
    }
  }

  const open = () => {
    const es = new EventSource(`/api/v1/stream?after=${board.get().asOf}`)
    source = es
    const on = <T>(name: string, take: (data: T) => void) =>
      es.addEventListener(name, (e) => {
        if (es !== source) return
        heard()
        take(JSON.parse((e as MessageEvent<string>).data) as T)
      })
    const beat = (d: Beat) => {
      hearClock(d.clock, d.run?.speed)
      hearRun(d.run)
      stored.set(d.stored !== false)
    }
    on<Beat>('hello', beat)
    on<Beat>('beat', beat)
    on<PositionsEvent>('positions', (d) => board.set(foldPositions(board.get(), d)))
    on<RowsEvent>('rows', (d) => {
      hearClock(d.clock)
      const next = fold(board.get(), d)
      if (next === 'gap') again(true)
      else board.set(next)
    })
    on<CoverBeat>('cover', (d) => coverBeat.set(d))
    on('gone', () => again(true))
    // The browser would reconnect by itself, from its own idea of the last change; ours is the board's.
    es.addEventListener('error', () => es === source && again(false))
  }

  const watch = setInterval(() => {
    const l = link.get()
    if (l.state === 'live' && performance.now() - l.heard > silenceMs) link.set({ ...l, state: 'frozen' })
  }, 250)

  void load()
  return () => {
    stopped = true
    source?.close()
    clearTimeout(timer)
    clearInterval(watch)
  }
}
