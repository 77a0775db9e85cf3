import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState, useSyncExternalStore } from 'react'
import type { Past } from '../lib/past'
import { useThen } from '../lib/present'
import { useOf, useStore } from '../lib/store'
import { createPace } from '../lib/pace'
import type { AdviceAnswer } from './advice'
import { read, ReadFailed } from './client'
import { board, link, worldNow, worldRun, type Link } from './connection'
import { keptRoom } from './kept-room'
import { emptyBoard, type Board } from './live'
import type { Datum } from '../lib/datum'
import type { Point } from '../lib/focus'
import type { Config, Demo, IncidentRow, ReverseAnswer, Said, SearchAnswer, Session, Step, TimelineItem, UnitRow } from './types'

// While the past is looked at nobody listens to the present: what comes meanwhile draws nothing again.
const still = () => () => undefined

/** What of the board is read, and who says that it has changed: the live board, or nobody for a moment of the past. */
export const rowsOf = <T>(then: Past | undefined, part: (b: Board) => T) => ({ get: () => part(then?.board ?? board.get()), subscribe: then ? still : board.subscribe })

const useRows = <T>(part: (b: Board) => T): T => useStore(rowsOf(useThen(), part))

/** The rows that the room shows: now, or at the moment of the past that is looked at. */
export const useBoard = (): Board => useRows((b) => b)

/** The incidents alone: whoever reads only them is not drawn again because a unit moved. */
export const useIncidents = (): Board['incidents'] => useRows((b) => b.incidents)

/** The units alone. */
export const useUnits = (): Board['units'] => useRows((b) => b.units)

/** The calls alone. */
export const useCalls = (): Board['calls'] => useRows((b) => b.calls)

/** One unit. Drawn again only when that unit changes. */
export const useUnit = (id: string): UnitRow | undefined => useRows((b) => b.units.get(id))

/** One incident. Drawn again only when that incident changes. */
export const useIncidentRow = (id: string): IncidentRow | undefined => useRows((b) => b.incidents.get(id))

/** The units, for whoever draws them now; nobody's, and no redrawing, while `drawn` is false. */
export const useUnitsWhile = (drawn: boolean): Board['units'] => useRows((b) => (drawn ? b.units : emptyBoard.units))

/** What the room shows, for whoever looks something up now and then: it draws nobody again when the room changes. */
export const useRoomNow = (): (() => Board) => {
  const then = useThen()?.board
  return () => then ?? board.get()
}

/** The rows of the present, also while the past is looked at. */
export const useBoardNow = (): Board => useStore(board)

/** Whether a unit's officers can be said to be in danger now, also while the past is looked at: that never waits. */
export const useCry = (unit: string): Step | undefined => useStore({ subscribe: board.subscribe, get: () => board.get().units.get(unit)?.next?.find((s) => s.verb === 'duress') })

/** Whether the room was read at all. Until then an empty list says nothing, and must not look as if it did. */
export const useBoardRead = (): boolean => useOf(link, (l) => l.heard !== 0)

/** How the stream stands; drawn again when that changes, not with all that it says. */
export const useLinkState = (): Link['state'] => useOf(link, (l) => l.state)

const tickers = new Set<() => void>()
let ticking: ReturnType<typeof setInterval> | undefined

function onTick(listener: () => void): () => void {
  tickers.add(listener)
  ticking ??= setInterval(() => {
    for (const tick of tickers) tick()
  }, 500)
  return () => {
    tickers.delete(listener)
    if (tickers.size === 0) {
      clearInterval(ticking)
      ticking = undefined
    }
  }
}

const wholeSecond = (): number => Math.floor(worldNow() / 1000) * 1000

/** What is made of the time, and who says that it has passed: the world's clock, or nobody for a moment of the past. */
export const clockOf = <T>(then: Past | undefined, say: (now: number) => T) => ({ get: () => say(then?.at ?? wholeSecond()), subscribe: then ? still : onTick })

const useClock = <T>(say: (now: number) => T): T => useStore(clockOf(useThen(), say))

/** The world's clock in whole seconds, as milliseconds, or the moment of the past that is looked at; draws again when a second has passed. */
export const useNow = (): number => useClock((now) => now)

/** A text that depends on that clock. It is drawn again only when the text changes, not with every second. */
export const useClockText = (say: (now: number) => string): string => useClock(say)

/** This seat's own clock in whole seconds, as milliseconds. It goes on while the world's stands still. */
export const useSeatNow = (): number => useSyncExternalStore(onTick, () => Math.floor(Date.now() / 1000) * 1000)

/** Who sits here; whoever sat here last while nobody answers. */
export const useSession = () => {
  const kept = useStore(keptRoom)?.session
  return useQuery({ queryKey: ['session'], queryFn: ({ signal }) => read<Session>('/session', signal), ...(kept ? { placeholderData: kept } : {}), retry: true, retryDelay: 2000 })
}

export const useConfig = () => {
  const kept = useStore(keptRoom)?.config
  return useQuery({ queryKey: ['config'], queryFn: ({ signal }) => read<Config>('/config', signal), ...(kept ? { placeholderData: kept } : {}), staleTime: Infinity, retry: true, retryDelay: 2000 })
}

/** What can be done with a demonstration's world; read again when the world runs otherwise. */
export const useDemo = (enabled: boolean) => {
  const run = useStore(worldRun)
  return useQuery({
    queryKey: ['demo', run?.paused, run?.chosen, run?.holding, run?.surge?.kind, run?.surge?.factor],
    queryFn: ({ signal }) => read<Demo>('/demo', signal),
    placeholderData: keepPreviousData,
    enabled,
  })
}

/** What the simulated caller of a call says; nothing for a call of somebody else. */
export const useSaid = (call: string | undefined) =>
  useQuery({ queryKey: ['said', call], queryFn: ({ signal }) => read<Said>(`/demo/said/${encodeURIComponent(call ?? '')}`, signal), enabled: call !== undefined, staleTime: Infinity, retry: false })

/**
 * One incident with its private parts and its exact next steps; read again when its row changes. While the past is looked
 * at it is the row of then.
 */
export const useIncident = (id: string, seq: number | undefined) => {
  const then = useThen()
  return useQuery({
    queryKey: then ? ['incident', id, 'at', then.at] : ['incident', id, seq],
    queryFn: ({ signal }) => (then ? rowOf(then.board.incidents.get(id)) : read<IncidentRow>(`/incidents/${encodeURIComponent(id)}`, signal)),
    placeholderData: (before) => (!then && before?.id === id ? before : undefined),
    enabled: id !== '',
    retry: then ? false : 2,
  })
}

async function rowOf(row: IncidentRow | undefined): Promise<IncidentRow> {
  if (row) return row
  throw new ReadFailed({ status: 404, kind: 'not_found', code: 'no_incident' })
}

export const useTimeline = (id: string, seq: number | undefined) => {
  const then = useThen()
  return useQuery({
    // What was written down after the moment that is looked at was not known then.
    select: (d: { id: string; items: TimelineItem[] }) => (then ? { ...d, items: d.items.filter((i) => Date.parse(i.at) <= then.at) } : d),
    queryKey: ['timeline', id, seq],
    queryFn: async ({ signal }) => ({ id, items: (await read<{ items: TimelineItem[] | null }>(`/incidents/${encodeURIComponent(id)}/timeline`, signal)).items ?? [] }),
    placeholderData: (before) => (before?.id === id ? before : undefined),
  })
}

/** Who should go. Positions move, so it is asked again while it is looked at, but never while a choice is armed; nobody is sent in the past. */
export const useRecommendation = (id: string, seq: number | undefined, enabled: boolean, armed: boolean) => {
  const then = useThen() !== undefined
  return useQuery({
    queryKey: ['recommendation', id, then ? 'then' : seq],
    queryFn: async ({ signal }) => ({ ...(await read<AdviceAnswer>(`/incidents/${encodeURIComponent(id)}/recommendation`, signal)), of: id }),
    placeholderData: (before) => (!then && before?.of === id ? before : undefined),
    enabled: enabled && !then,
    refetchInterval: armed ? false : 8000,
  })
}

const searchPath = (q: string, datum: Datum, near: Point | undefined): string =>
  `/search?limit=12&datum=${datum}${near ? `&near=${near.lon},${near.lat}` : ''}&q=${encodeURIComponent(q)}`

/** What a text may mean, with the text that was asked for. Coordinates in it are of the datum, unless they name one. */
export const useSearch = (q: string, datum: Datum, near: Point | undefined) => {
  const slow = useSettled(q, 120)
  return useQuery({
    queryKey: ['search', slow, datum, near?.lon, near?.lat],
    queryFn: async ({ signal }) => ({ q: slow, answer: await read<SearchAnswer>(searchPath(slow, datum, near), signal) }),
    enabled: slow.trim() !== '',
    placeholderData: keepPreviousData,
    retry: false,
  })
}

/** The same at once, for somebody who does not wait; undefined when nobody answers. */
export async function findPlaces(q: string, datum: Datum, near: Point | undefined): Promise<SearchAnswer | undefined> {
  try {
    return await read<SearchAnswer>(searchPath(q, datum, near))
  } catch {
    return undefined
  }
}

const reversePath = (at: Point): string => `/search/reverse?lon=${at.lon}&lat=${at.lat}`

/** What people call a point, who answers for it, and the point in every datum. */
export const useReverse = (at: Point) =>
  useQuery({ queryKey: ['reverse', at.lon, at.lat], queryFn: ({ signal }) => read<ReverseAnswer>(reversePath(at), signal), staleTime: 60_000, retry: 1 })

/** The same once; undefined when nobody answers. */
export async function findReverse(at: Point): Promise<ReverseAnswer | undefined> {
  try {
    return await read<ReverseAnswer>(reversePath(at))
  } catch {
    return undefined
  }
}

/** The value once it has stood still for some milliseconds. */
export function useSettled<T>(value: T, delay: number): T {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), delay)
    return () => clearTimeout(timer)
  }, [value, delay])
  return settled
}

/** The value as it changes, but at most once in so many milliseconds; the newest always comes. */
export function usePaced<T>(value: T, everyMs: number): T {
  const [paced, setPaced] = useState(value)
  const [pace] = useState(() => createPace<T>(everyMs, setPaced))
  useEffect(() => pace.next(value), [pace, value])
  useEffect(() => pace.end, [pace])
  return paced
}
