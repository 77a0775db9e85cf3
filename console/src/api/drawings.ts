import { useQuery } from '@tanstack/react-query'
import type { FeatureCollection, LineString } from 'geojson'
import type { Point } from '../lib/focus'
import { read } from './client'
import type { IncidentRow } from './types'

/** Something drawn on the map for an incident. */
export type Drawing = NonNullable<IncidentRow['drawings']>[number]
/** What a drawing stands for. */
export type DrawKind = Drawing['kind']

/** What the server says of a way: seconds and metres, whose it is, and whether it is a straight line. */
export type Way = { eta_s: number; meters: number; straight: boolean; unit?: string; call_sign?: string; stage?: string; age_s?: number }
export type Ways = FeatureCollection<LineString, Way>

/** How often ways are asked for again while they are looked at, milliseconds: units move. */
const waysMs = 5000

/** The ways of the units that are on their way to an incident, and of others that are asked about by id. */
export const useWays = (incident: string, seq: number | undefined, also: readonly string[], enabled: boolean) => {
  const units = [...also].sort().join(',')
  return useQuery({
    queryKey: ['ways', incident, units, seq],
    queryFn: async ({ signal }) => ({ of: incident, ways: await read<Ways>(`/incidents/${encodeURIComponent(incident)}/routes?units=${encodeURIComponent(units)}`, signal) }),
    placeholderData: (before) => (before?.of === incident ? before : undefined),
    enabled: enabled && incident !== '',
    refetchInterval: waysMs,
    retry: 1,
  })
}

const pair = (p: Point): string => `${p.lon.toFixed(6)},${p.lat.toFixed(6)}`
const wayPath = (from: Point, to: Point): string => `/map/way?from=${pair(from)}&to=${pair(to)}`

/** The way of a car between two places; nothing while one of them is missing. */
export const useWay = (from: Point | undefined, to: Point | undefined) =>
  useQuery({ queryKey: ['way', from?.lon, from?.lat, to?.lon, to?.lat], queryFn: ({ signal }) => read<Ways>(from && to ? wayPath(from, to) : '', signal), enabled: from !== undefined && to !== undefined, staleTime: 60_000, retry: 1 })

/** The same once; undefined when nobody answers. */
export async function findWay(from: Point, to: Point): Promise<Way | undefined> {
  try {
    return (await read<Ways>(wayPath(from, to))).features[0]?.properties
  } catch {
    return undefined
  }
}

/** What is sent to draw something. */
export type DrawOrder = { id: string; kind: DrawKind; label?: string; units?: readonly string[]; geometry: { type: 'Point' | 'LineString' | 'Polygon'; coordinates: unknown } }
