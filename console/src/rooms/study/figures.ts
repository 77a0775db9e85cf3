import type { Feature, FeatureCollection, Point } from 'geojson'
import type { Site } from '../../api/study'

export const hoursOfDay = 24
export const days = 7
/** Steps of the ramp of demand. */
export const steps = 5

/** The step of a value among others, 0 the lowest fifth of what is above 0; -1 for nothing at all. */
export function stepper(values: readonly number[]): (v: number) => number {
  const held = values.filter((v) => v > 0).sort((a, b) => a - b)
  const ends = Array.from({ length: steps - 1 }, (_, k) => held[Math.min(held.length - 1, Math.floor(((k + 1) * held.length) / steps))] ?? Infinity)
  return (v) => (v > 0 ? ends.filter((end) => v >= end).length : -1)
}

/** Where the steps of the ramp begin: what a legend says. */
export function stepStarts(values: readonly number[]): number[] {
  const held = values.filter((v) => v > 0).sort((a, b) => a - b)
  return held.length === 0 ? [] : Array.from({ length: steps }, (_, k) => held[Math.floor((k * held.length) / steps)] ?? 0)
}

/** The week as seven rows of 24 hours, Monday first; undefined unless there are 168 figures. */
export function week(hours: readonly number[] | null | undefined): number[][] | undefined {
  if (hours?.length !== days * hoursOfDay) return undefined
  return Array.from({ length: days }, (_, d) => hours.slice(d * hoursOfDay, (d + 1) * hoursOfDay))
}

/** The busiest hour of the week. */
export function busiest(hours: readonly number[]): { day: number; hour: number; rate: number } | undefined {
  const at = hours.reduce((best, rate, n) => (rate > (hours[best] ?? -1) ? n : best), 0)
  return hours.length === 0 ? undefined : { day: Math.floor(at / hoursOfDay), hour: at % hoursOfDay, rate: hours[at] ?? 0 }
}

const weightOf = (f: Feature): number => Number(f.properties?.['rate'] ?? f.properties?.['weight'] ?? 0)

/** The squares of demand with the name of their colour. */
export function demandFeatures(cells: FeatureCollection | undefined): FeatureCollection {
  const step = stepper((cells?.features ?? []).map(weightOf))
  const features = (cells?.features ?? []).flatMap((f): Feature[] => (step(weightOf(f)) < 0 ? [] : [{ type: 'Feature', geometry: f.geometry, properties: { fill: `demand-${step(weightOf(f))}` } }]))
  return { type: 'FeatureCollection', features }
}

/** Posts of today and those that a model would have, over them. */
export function siteFeatures(today: readonly Site[], sites: readonly Site[], label: (s: Site) => string): FeatureCollection<Point> {
  const at = (s: Site, sign: string, rank: number): Feature<Point> => ({ type: 'Feature', geometry: { type: 'Point', coordinates: [s.place.lon, s.place.lat] }, properties: { sign, rank, label: label(s) } })
  return { type: 'FeatureCollection', features: [...today.map((s) => at(s, 'today', 0)), ...sites.map((s) => at(s, 'site', 1))] }
}

/** What an interval of a difference says: it is faster, slower, or nothing can be told because 0 lies within. */
export function verdict(low: number, high: number): 'faster' | 'slower' | 'unsure' {
  if (high < 0) return 'faster'
  return low > 0 ? 'slower' : 'unsure'
}

/** A scale for a picture: from the lowest to the highest with room on both sides, as shares of the width. */
export function scale(values: readonly number[]): (v: number) => number {
  const held = values.filter(Number.isFinite)
  const [low, high] = [Math.min(...held), Math.max(...held)]
  const room = (high - low) * 0.08 || Math.max(1, Math.abs(high) * 0.1)
  return (v) => (held.length === 0 ? 0.5 : (v - low + room) / (high - low + 2 * room))
}
