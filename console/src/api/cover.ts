import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { FeatureCollection } from 'geojson'
import { createStore, useStore } from '../lib/store'
import { read } from './client'
import type { components } from './schema.gen'

type Schemas = components['schemas']

/** How well the centre is covered now, by class and by area, and what would mend it. Seconds are travel time. */
export type CoverAnswer = Schemas['Cover']
export type CoverClass = Schemas['CoverClass']
export type CoverArea = Schemas['CoverArea']
/** A proposal that an idle unit wait elsewhere. A person decides. */
export type Move = Schemas['CoverMove']

/** What the stream says of the cover, at most once a second. */
export type CoverBeat = { at: string; voids: number; moves: number; as_of: number }
export const coverBeat = createStore<CoverBeat | undefined>(undefined)

/** How often what nobody tells us of is asked again, milliseconds. */
const againMs = 15_000
/** How old coloured cells may be while units move, milliseconds. */
const cellsMs = 5000
const ringsMs = 10_000

/** The cover; asked again when the stream says that it changed. */
export function useCover(enabled: boolean) {
  const beat = useStore(coverBeat)
  return useQuery({
    queryKey: ['cover', beat?.as_of, beat?.at],
    queryFn: ({ signal }) => read<CoverAnswer>('/cover', signal),
    placeholderData: keepPreviousData,
    enabled,
    retry: 1,
    refetchInterval: againMs,
  })
}

/** The expected response of a class, square by square. */
export const useCoverCells = (cls: string) =>
  useQuery({
    queryKey: ['cover-cells', cls],
    queryFn: async ({ signal }) => ({ cls, cells: await read<FeatureCollection>(`/cover/cells?class=${encodeURIComponent(cls)}`, signal) }),
    placeholderData: (before) => (before?.cls === cls ? before : undefined),
    enabled: cls !== '',
    retry: 1,
    refetchInterval: cellsMs,
  })

export type Rings = FeatureCollection & { computed_ms?: number; credit?: string; straight?: boolean; scaled?: boolean }

/** Where a unit, the free units of a class, an incident or a point is reached from in so many minutes; "" asks nothing. */
export const useRings = (query: string) =>
  useQuery({
    queryKey: ['rings', query],
    queryFn: async ({ signal }) => ({ query, rings: await read<Rings>(`/rings?${query}`, signal) }),
    placeholderData: (before) => (before?.query === query ? before : undefined),
    enabled: query !== '',
    retry: 1,
    refetchInterval: ringsMs,
  })
