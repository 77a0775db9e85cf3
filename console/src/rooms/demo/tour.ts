import { createStore } from '../../lib/store'

/** The tour of one visitor, kept for a reload of the page. */
export type Tour = {
  /** The world's time when it began, milliseconds: what was taken before is not the visitor's. */
  began: number
  looked: boolean
  /** The visitor's incident. */
  incident: string
  /** When the visitor opened the form, and when he had closed the incident: his own time, milliseconds since 1970. */
  took?: number
  ended?: number
}

const place = 'shuniu.tour'

const held = (): Tour | undefined => {
  try {
    return (JSON.parse(sessionStorage.getItem(place) ?? 'null') as Tour | null) ?? undefined
  } catch {
    return undefined
  }
}

/** The tour that runs; undefined: none. */
export const tour = createStore<Tour | undefined>(typeof sessionStorage === 'undefined' ? undefined : held())

/** Changes the running tour and keeps it. */
export function keepTour(part: Partial<Tour>): void {
  tour.set((t) => (t ? { ...t, ...part } : t))
  sessionStorage.setItem(place, JSON.stringify(tour.get() ?? null))
}

/** Begins, at the world's time; at the second card when the first was read before. */
export function beginTour(now: number, looked = false): void {
  tour.set({ began: now, looked, incident: '' })
  sessionStorage.setItem(place, JSON.stringify(tour.get()))
}

/** Ends it for good: this browser does not begin it by itself again. */
export function endTour(): void {
  tour.set(undefined)
  sessionStorage.removeItem(place)
  localStorage.setItem(place, 'seen')
}

/** What the address bar wants: ?tour=1 begins it, ?tour=0 never shows it. Without either it comes once. */
export function wanted(): boolean {
  const said = new URLSearchParams(location.search).get('tour')
  return said === '1' || (said !== '0' && localStorage.getItem(place) === null)
}

/** Who may take, send and close: the tour is made for them. */
export const guided = (role: string | undefined): boolean => role === 'commander' || role === 'dispatcher'
