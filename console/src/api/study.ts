import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import type { FeatureCollection } from 'geojson'
import type { Point } from '../lib/focus'
import { read, ReadFailed, write } from './client'
import type { Names, Problem } from './types'

/** What a study rests on, by place and by hour of the week from Monday 00:00; rates are calls an hour. */
export type StudyDemand = {
  source: string
  calls: number
  officer_left_out: number
  from?: string
  to?: string
  note?: string
  hours: number[] | null
  cells?: FeatureCollection
}

export const models = ['mclp', 'mexclp', 'pmedian', 'pcentre'] as const
export type Model = (typeof models)[number]
export type LocateAsk = { model: Model; p: number; radius_s?: number; busy?: number; class?: string; candidates: 'posts' | 'crossings' }
export type Site = { id: string; name?: Names | string; place: Point; serves?: number }
/** Where a model would have the posts. value is in the unit; proven: no choice of sites is better; else gap is what is not excluded. */
export type Located = {
  model: Model
  p: number
  sites: Site[] | null
  value: number
  unit?: string
  covered?: number
  bound?: number
  gap?: number
  proven: boolean
  today?: { value: number; covered?: number; sites?: Site[] | null }
  computed_ms: number
}

export type Change = { do: 'add' | 'remove' | 'move'; unit?: string; kind?: string; place?: Point; post?: string }
export type WhatIfAsk = { changes: Change[]; days: number; seed: number; class?: string }
export type Outcome = { calls: number; p50_s: number; p90_s: number; p50_ci?: number[] | null; p90_ci?: number[] | null; within_share?: number; km?: number }
export type WhatIf = {
  state: string
  progress: number
  before?: Outcome
  after?: Outcome
  /** After less before, as [low, figure, high]: below 0 is faster. */
  difference?: Record<string, number[]>
  times_real?: number
  code?: string
  detail?: string
}

export type Hypercube = {
  n: number
  method: string
  workloads: { unit: string; call_sign: string; busy: number }[] | null
  p_all_busy?: number
  p_wait?: number
  mean_travel_s?: number
  interarea?: number
  areas?: { org?: string; id?: string; name?: Names | string; travel_s?: number; interarea?: number; mean_travel_s?: number }[] | null
}

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

/** A figure with its bootstrap interval. */
export type Spread = { low: number; mid: number; high: number }
type Side = { p50_s: Spread; p90_s: Spread; km: number }
type Difference = { p50_s: Spread; p90_s: Spread; mean_s?: Spread; km: number }
/** What people chose against what would have been recommended, on the same days with the same units. */
export type Fair = {
  calls: number
  units: number
  same_set?: number
  same_first?: number
  recorded: Side
  recommended: Side
  difference: Difference
  disturbed?: Difference
  p50?: string
  p90?: string
  apart?: { recorded_choices?: number; unavailable_choices?: Record<string, number>; later_sent?: number; calls_without_place?: number; calls_without_comparable_unit?: number; calls_without_way?: number }
  blocks?: number
  sigma?: number
  draws?: number
  test_days?: number
}
