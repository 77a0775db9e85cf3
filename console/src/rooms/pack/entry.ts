import type { Key } from '../../i18n/i18n'

/** A paper card as it was written: times of day as people write them, "14:20". */
export type CardForm = {
  card: string
  time: string
  place: string
  what: string
  type?: string
  priority?: string
  name?: string
  number?: string
  units: readonly CardUnit[]
  note: string
}
export type CardUnit = { unit: string; sent: string; arrived: string; cleared: string }

/** One request that enters a part of a card, with its true time. {incident} stands for what the first one made. */
export type Step = { path: string; body: Record<string, unknown>; at: string }

const day = 86_400_000

/**
 * The last moment at which it was this time of day in the centre, milliseconds; NaN for what is no time of day. `local` is
 * the centre's own date and time now ("2030-05-01 15:30:00").
 */
export function atLocal(hhmm: string, now: number, local: string): number {
  const found = /^(\d{1,2})[:：](\d{2})$/.exec(hhmm.trim())
  if (!found || Number(found[1]) > 23 || Number(found[2]) > 59) return Number.NaN
  const ahead = Date.parse(`${local.replace(' ', 'T')}Z`) - Math.floor(now / 1000) * 1000
  const at = Date.parse(`${local.slice(0, 10)}T${(found[1] ?? '').padStart(2, '0')}:${found[2]}:00Z`) - ahead
  return at > now + 60_000 ? at - day : at
}

/** What is wrong with a card; undefined when nothing is. */
export function check(f: CardForm, now: number, local: string): { key: Key; params?: Record<string, unknown> } | undefined {
  const begun = atLocal(f.time, now, local)
  if (f.card.trim() === '' || f.what.trim() === '' || Number.isNaN(begun)) return { key: 'story.entry_need' }
  for (const u of f.units) {
    const times = [u.sent, u.arrived, u.cleared]
    const last = times.findLastIndex((x) => x.trim() !== '')
    const told = times.slice(0, last + 1).filter((x, n) => n === 0 || x.trim() !== '').map((x) => atLocal(x, now, local))
    if (u.unit.trim() !== '' && (told.length === 0 || told.some((x, n) => Number.isNaN(x) || x < (n === 0 ? begun : (told[n - 1] ?? 0))))) return { key: 'story.entry_order', params: { unit: u.unit } }
  }
  return undefined
}

/** The requests that enter a card, in the order in which things happened. */
export function stepsOf(f: CardForm, now: number, local: string): Step[] {
  const at = (hhmm: string) => new Date(atLocal(hhmm, now, local)).toISOString()
  const opened: Step = {
    path: '/incidents', at: at(f.time),
    body: {
      card: f.card.trim(), narrative: f.what.trim(), source: 'phone', happened: at(f.time),
      ...(f.place.trim() ? { place: { address: f.place.trim() } } : {}), ...(f.type ? { type: f.type } : {}), ...(f.priority ? { priority: f.priority } : {}),
      ...(f.name || f.number ? { caller: { ...(f.name ? { name: f.name } : {}), ...(f.number ? { number: f.number } : {}) } } : {}),
    },
  }
  const work = f.units.filter((u) => u.unit.trim() !== '').flatMap((u): Step[] => [
    { path: '/incidents/{incident}/dispatch', body: { units: [u.unit.trim()] }, at: at(u.sent) },
    ...(u.arrived.trim() ? [{ path: `/units/${encodeURIComponent(u.unit.trim())}/status`, body: { to: 'on_scene' }, at: at(u.arrived) }] : []),
    ...(u.cleared.trim() ? [{ path: `/units/${encodeURIComponent(u.unit.trim())}/status`, body: { to: 'cleared' }, at: at(u.cleared) }] : []),
  ])
  work.sort((a, b) => a.at.localeCompare(b.at))
  const note: Step[] = f.note.trim() ? [{ path: '/incidents/{incident}/note', body: { text: f.note.trim() }, at: work.at(-1)?.at ?? opened.at }] : []
  return [opened, ...work, ...note]
}
