import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { read, ReadFailed, write } from './client'
import type { components } from './schema.gen'

type Schemas = components['schemas']

/** What sending some units would leave uncovered. */
export type Weighing = Schemas['Weighing']
export type Weighed = Schemas['Weighed']
export type NearestUnits = Schemas['NearestUnits']

const weighAgainMs = 4000
const nearAgainMs = 8000

/** What sending these units there would leave uncovered; asked again while it is looked at. */
export const useWeighing = (incident: string, units: readonly string[]) =>
  useQuery({
    queryKey: ['weigh', incident, units.join()],
    queryFn: async ({ signal }) => {
      const told = await write<Weighing>(`/incidents/${encodeURIComponent(incident)}/weigh`, { units }, { signal })
      if (!told.ok) throw new ReadFailed(told.problem)
      return told.value
    },
    enabled: units.length > 0,
    placeholderData: keepPreviousData,
    gcTime: 0, // What was weighed for another choice, minutes ago, is not what this one leaves.
    refetchInterval: weighAgainMs,
    retry: 1,
  })

/** The free units around an incident, the nearest first. */
export const useNearest = (incident: string, enabled: boolean) =>
  useQuery({
    queryKey: ['near', incident],
    queryFn: ({ signal }) => read<NearestUnits>(`/incidents/${encodeURIComponent(incident)}/near`, signal),
    enabled,
    refetchInterval: nearAgainMs,
    retry: 1,
  })
