import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import type { FeatureCollection } from 'geojson'
import { read, ReadFailed, write } from './client'
import type { components } from './schema.gen'
import type { Problem } from './types'

type Schemas = components['schemas']

/** What a study rests on, by place and by hour of the week from Monday 00:00; rates are calls an hour. */
export type StudyDemand = Omit<Schemas['StudyDemand'], 'cells'> & { cells?: FeatureCollection }

export const models = ['mclp', 'mexclp', 'pmedian', 'pcentre'] as const
export type Model = (typeof models)[number]
export type LocateAsk = Schemas['LocateAsk']
export type Site = Pick<Schemas['StudySite'], 'id' | 'name' | 'place'> & { serves?: number }
/** Where a model would have the posts. proven: no choice of the candidates is better; else gap is what is not excluded. */
export type Located = Schemas['Located']

export type Change = Schemas['Change']
export type WhatIfAsk = Schemas['WhatIfAsk']
/** A run of the same calls twice. Differences are after less before, as [low, figure, high]: below 0 is faster. */
export type WhatIf = Schemas['WhatIf']
export type Outcome = NonNullable<WhatIf['before']>

export type Hypercube = Schemas['StudyLoad']

/** What people chose against what would have been recommended, on the same days with the same units. */
export type Fair = Schemas['Fair']
/** A figure with its bootstrap interval. */
export type Spread = Fair['difference']['p50_s']

const pollMs = 1000

export const useStudyDemand = () =>
  useQuery({ queryKey: ['study-demand'], queryFn: ({ signal }) => read<StudyDemand>('/study/demand', signal), staleTime: Infinity, retry: retryBusy, retryDelay: 3000 })

export const useHypercube = (cls: string) =>
  useQuery({ queryKey: ['study-hypercube', cls], queryFn: ({ signal }) => read<Hypercube>(`/study/hypercube?class=${encodeURIComponent(cls)}`, signal), placeholderData: keepPreviousData, staleTime: 60_000, retry: retryBusy, retryDelay: 3000 })

export const useFair = () => useQuery({ queryKey: ['study-fair'], queryFn: ({ signal }) => read<Fair>('/study/fair', signal), staleTime: Infinity, retry: retryBusy, retryDelay: 5000 })

/** A run of the what-if, asked about until it ends. */
export const useWhatIf = (id: string) =>
  useQuery({
    queryKey: ['study-whatif', id],
    queryFn: ({ signal }) => read<WhatIf>(`/study/whatif/${encodeURIComponent(id)}`, signal),
    enabled: id !== '',
    retry: retryBusy,
    refetchInterval: (q) => (q.state.data === undefined || q.state.data.state === 'running' ? pollMs : false),
  })

/** Solves for sites; the answer or the problem. */
export const useLocate = () => useMutation<Located, ReadFailed, LocateAsk>({ mutationFn: (ask) => told<Located>('/study/locate', ask) })

/** Starts a what-if; its id. */
export const useStartWhatIf = () => useMutation<{ id: string }, ReadFailed, WhatIfAsk>({ mutationFn: (ask) => told<{ id: string }>('/study/whatif', ask) })

async function told<T>(path: string, body: unknown): Promise<T> {
  const answer = await write<T>(path, body)
  if (!answer.ok) throw new ReadFailed(answer.problem)
  return answer.value
}

// What is still being made ready is asked for again; what will never be is not.
const retryBusy = (tries: number, cause: unknown): boolean => tries < 40 && cause instanceof ReadFailed && (cause.problem.kind === 'unavailable' || cause.problem.status >= 500)

/** The problem behind a failed question. */
export const problemOf = (cause: unknown): Problem | undefined => (cause instanceof ReadFailed ? cause.problem : undefined)
