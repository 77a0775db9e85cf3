import { useQuery } from '@tanstack/react-query'
import type { GeoJSON } from 'geojson'
import { read } from '../api/client'
import { readGround } from './ground'

/** What the map is drawn on. */
export const useGround = () => useQuery({ queryKey: ['ground'], queryFn: ({ signal }) => readGround(signal), staleTime: Infinity, retry: 10, retryDelay: 3000 })

/** The areas of the stations. */
export const useAreas = () => useQuery({ queryKey: ['areas'], queryFn: ({ signal }) => read<GeoJSON>('/map/areas', signal), staleTime: Infinity, retry: 10, retryDelay: 4000 })
