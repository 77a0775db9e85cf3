import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { useOf, useStore } from '../lib/store'
import type { AdviceAnswer } from './advice'
import { past } from '../lib/past'
import { read, ReadFailed } from './client'
import { board, link, worldNow, worldRun } from './connection'
import { emptyBoard, type Board } from './live'
import type { Datum } from '../lib/datum'
import type { Point } from '../lib/focus'
import type { Config, Demo, IncidentRow, ReverseAnswer, Said, SearchAnswer, Session, TimelineItem, UnitRow } from './types'

/** The rows that the room sees: now, or at the moment of the past that is looked at. */
export const useBoard = () => {
  const now = useStore(board)
  return useStore(past)?.board ?? now
}

/** The rows of the present, also while the past is looked at. */
export const useBoardNow = () => useStore(board)

/** Whether the room was read at all. Until then an empty list says nothing, and must not look as if it did. */
export const useBoardRead = (): boolean => useOf(link, (l) => l.heard > 0)

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

/** The world's clock in whole seconds, as milliseconds; draws again when a second has passed. */
export const useNow = (): number => {
  const now = useSyncExternalStore(onTick, wholeSecond, wholeSecond)
  return useStore(past)?.at ?? now
}

/** This seat's own clock in whole seconds, as milliseconds. It goes on while the world's stands still. */
export const useSeatNow = (): number => useSyncExternalStore(onTick, () => Math.floor(Date.now() / 1000) * 1000)

export const useSession = () =>
  useQuery({ queryKey: ['session'], queryFn: ({ signal }) => read<Session>('/session', signal), retry: 100, retryDelay: 2000 })

export const useConfig = () =>
  useQuery({ queryKey: ['config'], queryFn: ({ signal }) => read<Config>('/config', signal), staleTime: Infinity, retry: 100, retryDelay: 2000 })

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
  const then = useStore(past)
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
  const then = useStore(past)
  return useQuery({
    // What was written down after the moment that is looked at was not known then.
    select: (d: { id: string; items: TimelineItem[] }) => (then ? { ...d, items: d.items.filter((i) => Date.parse(i.at) <= then.at) } : d),
    queryKey: ['timeline', id, seq],
    queryFn: async ({ signal }) => ({ id, items: (await read<{ items: TimelineItem[] | null }>(`/incidents/${encodeURIComponent(id)}/timeline`, signal)).items ?? [] }),
    placeholderData: (before) => (before?.id === id ? before : undefined),
  })
}

/** Who should go. Positions move, so it is asked again while it is looked at, but never while a choice is armed. */
export const useRecommendation = (id: string, seq: number | undefined, enabled: boolean, armed: boolean) =>
  useQuery({
    queryKey: ['recommendation', id, seq],
    queryFn: async ({ signal }) => ({ ...(await read<AdviceAnswer>(`/incidents/${encodeURIComponent(id)}/recommendation`, signal)), of: id }),
    placeholderData: (before) => (before?.of === id ? before : undefined),
    enabled,
    refetchInterval: armed ? false : 8000,
  })

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

/** The incidents alone: whoever reads only them is not drawn again because a unit moved. */
export const useIncidents = (): Board['incidents'] => useSyncExternalStore(board.subscribe, () => board.get().incidents)

/** The units alone. */
export const useUnits = (): Board['units'] => useSyncExternalStore(board.subscribe, () => board.get().units)

/** One unit, as the room sees it: now, or at the moment of the past that is looked at. Drawn again only when that unit changes. */
export const useUnit = (id: string): UnitRow | undefined => {
  const then = useStore(past)?.board
  const get = () => (then ?? board.get()).units.get(id)
  return useSyncExternalStore(board.subscribe, get, get)
}

/** The units as the room sees them, for whoever draws them now; nobody's, and no redrawing, while `drawn` is false. */
export const useUnitsWhile = (drawn: boolean): Board['units'] => {
  const then = useStore(past)?.board
  const get = () => (drawn ? (then ?? board.get()).units : emptyBoard.units)
  return useSyncExternalStore(board.subscribe, get, get)
}

/** What the room sees, for whoever looks something up now and then: it draws nobody again when the room changes. */
export const useRoomNow = (): (() => Board) => {
  const then = useStore(past)?.board
  return () => then ?? board.get()
}

/** One incident's row, as the room sees it. Drawn again only when that row changes. */
export const useIncidentRow = (id: string): IncidentRow | undefined => {
  const then = useStore(past)?.board
  const get = () => (then ?? board.get()).incidents.get(id)
  return useSyncExternalStore(board.subscribe, get, get)
}

/** The calls alone. */
export const useCalls = (): Board['calls'] => useSyncExternalStore(board.subscribe, () => board.get().calls)

/** A text that depends on the world's clock. It is drawn again only when the text changes, not with every second. */
export const useClockText = (say: (now: number) => string): string => useSyncExternalStore(onTick, () => say(Math.floor(worldNow() / 1000) * 1000))
