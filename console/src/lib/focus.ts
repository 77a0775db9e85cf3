import { createStore } from './store'

/** What the person has in hand. The open incident stands in the address bar, so a reload comes back to it. */
export type Focus = {
  incident: string
  unit: string
  /** The id of the panel that is in hand instead of the open incident (app/panels.ts); "none" is the open incident. */
  form: string
  /** The ringing call that the form belongs to. */
  call: { id: string; number?: string; name?: string } | undefined
}

const address = new URLSearchParams(typeof location === 'undefined' ? '' : location.search)
const fromAddress = address.get('incident') ?? ''

export const focus = createStore<Focus>({ incident: fromAddress, unit: '', form: address.get('panel') ?? 'none', call: undefined })

/** Opens an incident in the right panel. */
export function openIncident(id: string): void {
  focus.set((f) => ({ ...f, incident: id, form: 'none' }))
  const url = new URL(location.href)
  if (id === '') url.searchParams.delete('incident')
  else url.searchParams.set('incident', id)
  history.replaceState(null, '', url)
}

/** Opens the form for a new incident, for a call if there is one. */
export const openCallForm = (call?: Focus['call']): void => focus.set((f) => ({ ...f, form: 'call', call }))

/** Closes the form; the incident that was open is shown again. */
export const closeCallForm = (): void => focus.set((f) => ({ ...f, form: 'none', call: undefined }))

/** Takes a panel in hand (app/panels.ts names them). What is written in the form of a call is kept. */
export const openPanel = (id: string): void => focus.set((f) => ({ ...f, form: id, call: undefined }))

/** Puts away the panel in hand; the incident that was open is shown again. */
export const closePanel = (): void => focus.set((f) => ({ ...f, form: 'none', call: undefined }))

/** Takes a panel in hand, or puts it away when it is in hand. */
export const turnPanel = (id: string): void => (focus.get().form === id ? closePanel() : openPanel(id))

/** Opens the cover of the centre, or closes it when it is open. */
export const turnCover = (): void => turnPanel('cover')

/** The id of the panel that lies over the desk until it is closed; empty when none does. */
export const sheet = createStore('')

/** Units picked by hand for the open incident, true for in and false for out; the recommendation fills the rest. */
export const picks = createStore<{ incident: string; units: ReadonlyMap<string, boolean> }>({ incident: '', units: new Map() })

/** Picks a unit for an incident, or takes it out. */
export function pick(incident: string, unit: string, on: boolean): void {
  picks.set((p) => ({ incident, units: new Map(p.incident === incident ? p.units : []).set(unit, on) }))
}

export type Point = { lon: number; lat: number }

/** Who waits for a click on the map, if anyone. */
export const pointing = createStore<((at: Point) => void) | undefined>(undefined)

/** The place of the open form, and where else it may be while the list of places is open. */
export type DraftPlace = { place?: Point | undefined; others: readonly Point[] }

/** Shown on the map as long as a form is open; undefined without one. */
export const draftPlace = createStore<DraftPlace | undefined>(undefined)

/** Where someone asked the map to go: to a place, at this zoom or nearer, or to a view of several places at once. */
export type Look = { n: number; at: Point; zoom?: number } | { n: number; together: readonly Point[] }

/** Where the map is asked to go. The map moves only when someone asks. */
export const lookAt = createStore<Look | undefined>(undefined)

let asked = 0
/** Asks the map to show a place. */
export function showOnMap(at: Point, zoom?: number): void {
  lookAt.set({ at, ...(zoom === undefined ? {} : { zoom }), n: ++asked })
}

/** Asks the map to show several places in one view, once: an incident and the cars on their way to it. */
export function showTogether(points: readonly Point[]): void {
  if (points.length > 0) lookAt.set({ together: points, n: ++asked })
}

/** `at` is when it came, milliseconds of this seat's clock. */
export type Notice = { id: number; text: string; tone: 'good' | 'bad'; at: number; read?: true; undo?: (() => void) | undefined }

/** What happened to this person's actions, newest first. */
export const notices = createStore<readonly Notice[]>([])

const keptNotices = 100

/** Puts a line into the tray. */
export function notify(text: string, tone: Notice['tone'] = 'good', undo?: () => void): void {
  notices.set((held) => [{ id: ++asked, text, tone, at: Date.now(), undo }, ...held].slice(0, keptNotices))
}

/** Every line of the tray was read. */
export const readNotices = (): void => notices.set((held) => (held.every((n) => n.read) ? held : held.map((n) => (n.read ? n : { ...n, read: true as const }))))

/** The open tab of the queue. */
export const queueTab = createStore('to_dispatch')
