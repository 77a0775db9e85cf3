import { useEffect } from 'react'
import { draftPlace, type Point } from './focus'
import { createStore } from './store'

type Somewhere = { lon?: number | undefined; lat?: number | undefined }

const points = (of: readonly (Somewhere | undefined)[]): Point[] =>
  of.flatMap((p) => (p?.lon === undefined || p.lat === undefined ? [] : [{ lon: p.lon, lat: p.lat }]))

/** Shows the place of a form on the map, and the candidates that its list offers, until the form closes. */
export function useDraftPlace(place: Somewhere | undefined, candidates: readonly { place?: Somewhere | undefined }[]): void {
  const others = points(candidates.map((c) => c.place))
  const said = JSON.stringify({ place: points([place])[0], others })
  useEffect(() => {
    draftPlace.set(JSON.parse(said) as { place?: Point; others: Point[] }) // The same places in other objects are no change.
  }, [said])
  useEffect(() => () => draftPlace.set(undefined), [])
}

/** A place that somebody chose for a new incident before its form was open: the form takes it, once. */
export const givenPlace = createStore<Point | undefined>(undefined)
