import { useConfig } from '../../api/hooks'
import type { SearchItem } from '../../api/types'
import { useText } from '../../i18n/i18n'
import { metresText } from '../../lib/distance'
import { approximately, differing, givenAs, signOf, titleOf, whyOf } from './place-words'

type Props = { id: string; items: readonly SearchItem[]; at: number; onChoose: (n: number) => void }

/** How many are offered at once. */
export const offered = 7

/** Places that typing has found: what each is, how far, whose, and what tells it from a name that is nearly the same. */
export function PlaceSuggestions({ id, items, at, onChoose }: Props) {
  const { t, lang, word, name } = useText()
  const config = useConfig().data
  if (items.length === 0) return null
  const shown = items.slice(0, offered)
  // In English the doubles are often the same word: there the sign tells them apart.
  const read = (i: SearchItem): string => signOf(lang, i) || titleOf(lang, t, i)
  // What an incident or a unit is has a name in the configuration, and where it stands one in the catalogue.
  const happening = (i: SearchItem): string[] => {
    if (i.kind === 'unit') return [name(config?.kinds.find((k) => k.id === i.type)?.name, i.type)]
    if (i.kind !== 'incident') return []
    return [name(config?.types.find((x) => x.id === i.type)?.name, t('queue.no_type')), i.subtitle ?? '', i.phase ? word('inc.phase.', i.phase) : '']
  }
  const alike = shown.filter((i) => i.alike)
  const marked = new Map(differing(alike.map(read)).map((parts, n) => [alike[n], parts]))
  return (
    <ul id={id} className="suggestions places" role="listbox">
      {shown.map((i, n) => {
        const sign = signOf(lang, i)
        const parts = marked.get(i)
        const told = parts ? <>{parts[0]}<mark>{parts[1]}</mark>{parts[2]}</> : read(i)
        const aside = [givenAs(t, i), (lang === 'en' && i.street_en) || i.street, ...happening(i), i.station && name(i.station.name, i.station.id), i.border && i.border.length > 0 ? t('queue.border', { names: i.border.map((b) => name(b.name, b.id)) }) : '']
        return (
          <li key={`${i.kind}${i.id ?? ''}${n}`} role="option" aria-selected={n === at} aria-label={read(i)}>
            <button type="button" tabIndex={-1} onMouseDown={(e) => { e.preventDefault(); onChoose(n) }}>
              <span className="kind">{word('place.kind.', i.kind)}</span>
              <span className="words">
                {sign ? <><b>{titleOf(lang, t, i)}</b> {told}</> : <b>{told}</b>}
                {i.premises && <em className="tag hot">{t('place.premises')}</em>}
                {i.approximate && <em className="tag near">{approximately(t, i)}</em>}
              </span>
              <span className="far">{i.distance_m === undefined ? '' : metresText(i.distance_m)}</span>
              <span className="aside dim">{aside.filter(Boolean).join(' · ')}</span>
              <span className="reason dim">{whyOf(t, i)}</span>
            </button>
          </li>
        )
      })}
    </ul>
  )
}
