import { createStore } from './store'

/** The centre's time zone, an IANA name; the seat's own until the configuration is known. */
export const zone = createStore<string | undefined>(undefined)

/** Milliseconds since 1970 of an RFC 3339 time, NaN when there is none. */
export const ms = (at: string | undefined): number => (at === undefined ? Number.NaN : Date.parse(at))

/** 64 seconds are 1:04, 3870 are 1:04:30; never negative, so a clock that is a moment behind shows 0:00. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '—'
  const s = Math.max(0, Math.floor(seconds))
  const two = (n: number) => String(n).padStart(2, '0')
  if (s >= 86_400) return `${Math.floor(s / 86_400)}d ${two(Math.floor((s % 86_400) / 3600))}h`
  if (s >= 3600) return `${Math.floor(s / 3600)}:${two(Math.floor((s % 3600) / 60))}:${two(s % 60)}`
  return `${Math.floor(s / 60)}:${two(s % 60)}`
}

/** The age of a position: seconds to a minute and a half, then minutes, then hours. Beside distances an m would be metres. */
export function shortAge(seconds: number): string {
  if (!Number.isFinite(seconds)) return '—'
  const s = Math.max(0, Math.floor(seconds))
  if (s < 90) return `${s}s`
  if (s < 5400) return `${Math.floor(s / 60)}min`
  return `${Math.floor(s / 3600)}h`
}

/** Local time of day on the glass. The wire is UTC. */
export function clockTime(at: number): string {
  if (!Number.isFinite(at)) return '--:--:--'
  return timeFormat(zone.get()).format(at)
}

/** Date and time in full, for tooltips. */
export function fullTime(at: number): string {
  if (!Number.isFinite(at)) return ''
  return fullFormat(zone.get()).format(at)
}

/** The day in the centre's zone, as 2030-06-07. */
export const localDay = (at: number): string => fullTime(at).slice(0, 10)

const formats = new Map<string, Intl.DateTimeFormat>()

function cached(key: string, make: () => Intl.DateTimeFormat): Intl.DateTimeFormat {
  const held = formats.get(key)
  if (held) return held
  const made = make()
  formats.set(key, made)
  return made
}

const timeFormat = (name: string | undefined) =>
  cached(`t${name ?? ''}`, () =>
    new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit', ...(name ? { timeZone: name } : {}) }))

const fullFormat = (name: string | undefined) =>
  cached(`f${name ?? ''}`, () =>
    new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium', ...(name ? { timeZone: name } : {}) }))

/** A moment as a browser's date-and-time field writes it, by the clock of the centre wherever the seat is. */
export const centreMinute = (at: number): string => fullTime(at).replace(' ', 'T').slice(0, 16)

/**
 * The moment (ms since 1970) at which the clock of the centre shows what such a field holds: "2030-05-01T14:00". An hour that
 * the clock of that day jumps over is the one before it; NaN for what is no moment.
 */
export function momentOf(minute: string): number {
  const wall = Date.parse(`${minute}Z`)
  return Number.isFinite(wall) ? shownAt(wall) : Number.NaN
}

/** When the clock of the centre shows that; `wall` is what it shows, taken for UTC. */
export function shownAt(wall: number): number {
  const read = (at: number) => Date.parse(`${fullTime(at).replace(' ', 'T')}Z`)
  // The offset from UTC is that of the moment itself, which may differ from that of the first guess.
  const near = wall - (read(wall) - wall)
  return wall - (read(near) - near)
}

/** Day and minute of a moment by the clock of the centre, with the year when it is another one than that of `now`. */
export function dayAndMinute(at: number, now: number): string {
  const [then, today] = [fullTime(at), fullTime(now)]
  return then.slice(then.slice(0, 4) === today.slice(0, 4) ? 5 : 0, 16)
}
