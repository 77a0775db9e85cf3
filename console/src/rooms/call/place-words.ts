import type { NearPlace, ReverseAnswer, SearchItem } from '../../api/types'
import { text, type Key, type Language } from '../../i18n/i18n'
import { metresText } from '../../lib/distance'

type Say = (key: Key, params?: Record<string, unknown>) => string
type Named = { title: string; title_en?: string | undefined; other?: string | undefined; other_en?: string | undefined; kind: string }

/** What a place is called, in the person's language where the map has it. A crossing names both streets. */
export function titleOf(lang: Language, t: Say, p: Named): string {
  if (p.kind !== 'crossing' || !p.other) return (lang === 'en' && p.title_en) || p.title
  const [a, b] = lang === 'en' ? [firstStreet(p.title_en ?? p.title), p.other_en ?? p.other] : [firstStreet(p.title), p.other]
  return t('place.crossing', { a, b })
}

const firstStreet = (title: string): string => title.split(' & ')[0] ?? title

/** The name on the sign beside a translated one: two streets may be the same in English and differ on the sign. */
export const signOf = (lang: Language, p: Named): string => (lang === 'en' && p.title_en && p.title_en !== p.title && /\p{Script=Han}/u.test(p.title) ? p.title : '')

/** The language of the names on the signs: it is the map's, whatever the seat's is. */
const signLanguage = (p: Named): Language => (/\p{Script=Han}/u.test(p.title) ? 'zh' : 'en')

/** A place as the signs there have it. An English name may stand for two streets whose signs differ. */
export function onSign(p: Named): string {
  const own = signLanguage(p)
  return titleOf(own, (key, params) => text(own, key, params), { ...p, title_en: undefined, other_en: undefined })
}

/** The name without its number: 星浦路 of 星浦路8号, Scott St of 12 Scott St. */
const unnumbered = (title: string): string => title.replace(/^\d\S*\s+/, '').replace(/(\p{Script=Han})\d.*$/u, '$1')

/**
 * What the incident keeps as its address, the same in every language: the name on the sign. Of a place that stands only
 * for what was said, the words that were said, and the sign behind them where they do not name it.
 */
export function addressOf(p: SearchItem, typed: string): string {
  const said = typed.trim()
  if (p.kind === 'point') return said
  if (!p.approximate) return onSign(p)
  const named = p.title.split(' & ').every((part) => said.toLowerCase().includes(unnumbered(part).toLowerCase()))
  return named ? said : `${said} (≈ ${onSign(p)})`
}

/** A text in three parts: in the middle what tells it from another one. */
export type Parts = readonly [before: string, differs: string, after: string]

/**
 * Marks in each name what tells it from the one that is most like it; nothing in a name that stands alone. A number behind
 * the name is left out: it is not what is taken for another.
 */
export function differing(texts: readonly string[]): Parts[] {
  const names = texts.map((s) => /^\D+(?=\d)/.exec(s)?.[0] ?? s)
  const all = names.map((s) => [...s])
  return all.map((own, i) => {
    const number = (texts[i] ?? '').slice((names[i] ?? '').length)
    let best: Parts = [texts[i] ?? '', '', '']
    let shared = -1
    for (const [k, other] of all.entries()) {
      if (k === i || names[k] === names[i]) continue
      const least = Math.min(own.length, other.length)
      let from = 0
      while (from < least && own[from] === other[from]) from++
      let behind = 0
      while (behind < least - from && own[own.length - 1 - behind] === other[other.length - 1 - behind]) behind++
      if (from + behind <= shared) continue
      shared = from + behind
      best = [own.slice(0, from).join(''), own.slice(from, own.length - behind).join(''), own.slice(own.length - behind).join('') + number]
    }
    return best
  })
}

/** Why a place is offered, where that is not plain: by its initials, its sound, another ending ... */
export const whyOf = (t: Say, p: SearchItem): string =>
  p.why && p.why !== 'text' && p.why !== 'coordinates' ? t(`place.why.${p.why}`) : ''

/** What an approximate place stands for. */
export function approximately(t: Say, p: SearchItem): string {
  if (!p.approximate) return ''
  if (p.kind === 'crossing') return t('place.nearly_meet')
  return p.kind === 'street' ? t('place.no_numbers', { asked: p.asked }) : t('place.nearest_number', { asked: p.asked })
}

/** Further than this, in metres, nobody means a distance to the metre. */
const exactM = 50

/** Whether it is the water in which the point lies. */
const isWaterThere = (n: NearPlace): boolean => n.class === 'water' && n.distance_m === 0

/** Where a point lies from something near it: 鹤汀医院 东 120 m. */
export function fromHere(lang: Language, t: Say, n: NearPlace): string {
  const name = titleOf(lang, t, n)
  const far = n.distance_m > exactM ? Math.round(n.distance_m / 10) * 10 : n.distance_m
  if (isWaterThere(n)) return t('place.in_water', { name })
  return n.toward ? t('place.from', { name, toward: t(`place.toward.${n.toward}`), distance: metresText(far) }) : t('place.at', { name })
}

/** How a pair of coordinates was understood: in which datum, where that is in WGS 84, and in which order where that was a guess. */
export function givenAs(t: Say, p: SearchItem): string {
  const g = p.given
  if (!g) return ''
  const order = g.guessed ? ` · ${t(`place.order.${g.order}`)}` : ''
  const said = `${g.lon.toFixed(5)}, ${g.lat.toFixed(5)} ${t(`datum.${g.datum}`)}`
  const moved = g.datum === 'gcj02' && p.place ? ` → ${p.place.lon.toFixed(5)}, ${p.place.lat.toFixed(5)} ${t('datum.wgs84')}` : ''
  return `${said}${moved}${order}`
}

/** The same as the signs there have it: what an incident keeps. */
function fromSign(n: NearPlace): string {
  const own = signLanguage(n)
  const { title_en: _, other_en: __, ...signs } = n
  return fromHere(own, (key, params) => text(own, key, params), signs)
}

/** Within this many metres a point is the address itself. */
const sameM = 30

/** Words for a point on the map, as somebody would write them into a form; with the names on the signs, in every language. */
export function wordsFor(t: Say, r: ReverseAnswer): string {
  if (r.landmark && isWaterThere(r.landmark)) return [r.landmark, r.address ?? r.crossing ?? r.street].flatMap((n) => (n ? [fromSign(n)] : [])).join(', ')
  if (r.address) return r.address.distance_m <= sameM ? onSign(r.address) : fromSign(r.address)
  const near = r.crossing ?? r.landmark ?? r.street
  return near ? fromSign(near) : t('place.pointed')
}
