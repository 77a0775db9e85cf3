import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { read } from './client'
import type { Past } from '../lib/past'
import { fromLists } from './live'
import type { components } from './schema.gen'

type Schemas = components['schemas']
export type PastMark = Schemas['PastMark']
export type PastRange = Omit<Schemas['PastRange'], 'marks'> & { marks: PastMark[] | null }
type PastBoard = Schemas['PastBoard']

/** Which moments can be looked back at; read again while somebody looks. */
export const usePastRange = () =>
  useQuery({ queryKey: ['past-range'], queryFn: ({ signal }) => read<PastRange>('/past/range', signal), refetchInterval: 10_000, placeholderData: keepPreviousData, retry: 1 })

/** The room as it was at a moment, milliseconds. Throws ReadFailed. */
export async function readPast(at: number, signal: AbortSignal): Promise<Past> {
  const b = await read<PastBoard>(`/past?at=${encodeURIComponent(new Date(at).toISOString())}`, signal)
  const list = <R>(items: R[] | null) => ({ as_of: b.as_of, items })
  return {
    at: Date.parse(b.at), placed: b.placed, owed: b.owed ?? [],
    board: fromLists(list(b.incidents), list(b.units), list(b.calls), list(b.alarms), list(b.orders)),
    filings: new Map((b.reports ?? []).map((r) => [r.incident, r.items ?? []])),
  }
}
