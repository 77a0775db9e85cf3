import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { read, write } from './client'
import { useSettled } from './hooks'
import type { Hints, HistoryItem, Place } from './types'

/** The form as it stands; every part may be missing. */
export type HintsAsked = { call?: string; number?: string; place?: Place; type?: string; priority?: string; narrative?: string }

/** How long the typing rests before hints are asked for, milliseconds. */
const rests = 250

/** What a call may be about, as far as it is written down. Nothing while nobody answers: no hint holds up a call. */
export const useHints = (asked: HintsAsked): Hints | undefined => {
  const slow = useSettled(JSON.stringify(asked), rests)
  return useQuery({
    queryKey: ['hints', slow],
    queryFn: async ({ signal }) => {
      const told = await write<Hints>('/hints', JSON.parse(slow), { signal })
      return told.ok ? told.value : null
    },
    placeholderData: keepPreviousData,
    retry: false,
    refetchInterval: 5000, // What is open changes while somebody speaks.
  }).data ?? undefined
}

/** What else was called from the number of an open call. Each look is written down. */
export const useHistory = (call: string | undefined) =>
  useQuery({
    queryKey: ['history', call],
    queryFn: async ({ signal }) => (await read<{ items: HistoryItem[] | null }>(`/calls/${encodeURIComponent(call ?? '')}/history`, signal)).items ?? [],
    enabled: call !== undefined,
    staleTime: Infinity,
    retry: false,
  })
