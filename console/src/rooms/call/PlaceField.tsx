import { useEffect, useEffectEvent, useRef, useState, type KeyboardEvent } from 'react'
import { findPlaces, findReverse, useSearch } from '../../api/hooks'
import type { Place, SearchItem } from '../../api/types'
import { useText } from '../../i18n/i18n'
import { givenPlace, useDraftPlace } from '../../lib/draft-place'
import { pointing, type Point } from '../../lib/focus'
import { composing } from '../../lib/keys'
import { useStore } from '../../lib/store'
import { DatumSwitch, useDatums } from '../../ui/Coordinates'
import { PlaceNote } from './PlaceNote'
import { offered, PlaceSuggestions } from './PlaceSuggestions'
import { addressOf, givenAs, onSign, wordsFor } from './place-words'

type Props = { text: string; place: Place | undefined; near: Point | undefined; change: (part: { placeText: string; place: Place | undefined }) => void; onNext: () => void }

const resembles: ReadonlySet<string> = new Set(['class', 'typo', 'mention', 'ending'])

/** Where: found by typing, by coordinates or by a click on the map; words that find nothing are kept as they are. */
export function PlaceField({ text, place, near, change, onNext }: Props) {
  const { t, reason } = useText()
  const [marked, setAt] = useState<number | undefined>()
  const [inHand, setInHand] = useState(true)
  const waits = useStore(pointing) !== undefined
  const frame = useDatums().chosen
  const search = useSearch(place ? '' : text, frame, near)
  const typed = useRef(text)
  const input = useRef<HTMLInputElement>(null)
  typed.current = text
  const fresh = search.data?.q === text && !search.isPlaceholderData
  const found = place || text.trim() === '' ? [] : places(search.data?.answer.items)
  useDraftPlace(place, inHand ? found.slice(0, offered) : [])
  // What only resembles what was typed is never taken by Enter alone: the arrow says that it is meant.
  const at = marked ?? (resembles.has(found[0]?.why ?? '') ? -1 : 0)
  const choose = (i: SearchItem) => {
    if (!i.place) return
    const words = addressOf(i, text)
    change({ placeText: words, place: { ...i.place, address: words, ...(i.approximate ? { approx: true } : {}) } })
    setAt(undefined)
  }
  // Enter came before the answer: only what can mean nothing else is taken for what was typed.
  const chooseUnseen = async () => {
    const answer = await findPlaces(text, frame, near)
    const first = places(answer?.items)[0]
    const plain = first && (first.why === 'coordinates' || first.why === 'text' && !first.alike && !first.approximate)
    if (plain && typed.current === text) choose(first)
  }
  const onKeyDown = (e: KeyboardEvent) => {
    if (composing(e)) return
    if (e.key === 'ArrowDown') setAt(Math.min(Math.max(0, Math.min(found.length, offered) - 1), at + 1))
    else if (e.key === 'ArrowUp') setAt(Math.max(0, at - 1))
    else if (e.key === 'Escape' && inHand && found.length > 0) setInHand(false)
    else if (e.key === 'Enter' && !e.ctrlKey) {
      const item = found[at]
      if (!place && text.trim() !== '') {
        if (!fresh) void chooseUnseen()
        else if (item) choose(item)
      }
      onNext()
    } else return
    e.preventDefault()
    e.stopPropagation()
  }
  // A point that nobody has named gets the words that the map has for it, unless somebody wrote his own meanwhile.
  const name = async (p: Point, words: string) => {
    const answer = await findReverse(p)
    if (!answer || typed.current !== words) return
    const better = wordsFor(t, answer)
    change({ placeText: better, place: { ...p, address: better } })
  }
  const pointed = (p: Point) => {
    const words = text.trim() === '' ? t('place.pointed') : text
    change({ placeText: words, place: { ...p, address: words } })
    if (text.trim() === '') void name(p, words)
    onNext()
  }
  const point = () => pointing.set(waits ? undefined : () => pointed)
  const given = useStore(givenPlace)
  const take = useEffectEvent(pointed)
  useEffect(() => {
    if (!given) return
    givenPlace.set(undefined)
    take(given)
  }, [given])
  const refused = search.data?.answer.refused
  const nothing = !place && text.trim() !== '' && found.length === 0 && !search.isFetching
  return (
    <div className="field">
      <div className="labelled"><label htmlFor="call-place">{t('call.place')}</label><DatumSwitch onChange={() => input.current?.focus()} /></div>
      <div className="combo">
        <input
          ref={input}
          id="call-place"
          type="text"
          autoFocus
          autoComplete="off"
          role="combobox"
          aria-expanded={inHand && found.length > 0}
          aria-controls="call-place-list"
          placeholder={t('call.place_help')}
          value={text}
          onChange={(e) => { change({ placeText: e.target.value, place: undefined }); setAt(undefined); setInHand(true) }}
          onKeyDown={onKeyDown}
          onFocus={() => setInHand(true)}
          onBlur={() => setInHand(false)}
        />
        <button type="button" className={waits ? 'btn small on' : 'btn small'} aria-pressed={waits} onClick={point}>{t('form.point_on_map')}</button>
        <PlaceSuggestions id="call-place-list" at={at} items={inHand ? found : []} onChoose={(n) => { const i = found[n]; if (i) { choose(i); onNext() } }} />
      </div>
      {place?.lon !== undefined && place.lat !== undefined ? <PlaceNote at={{ lon: place.lon, lat: place.lat }} /> : (
        <small className="below soon">
          {nothing && (search.isError ? t('app.search_failed') : refused ? reason(refused) : t('call.place_free', { text }))}
          {!inHand && found[0] && (found.length > 1 ? t('place.undecided', { count: found.length }) : givenAs(t, found[0]) || t('place.one_undecided', { place: onSign(found[0]) }))}
          {nothing && search.data?.answer.ready === false && ` ${t('place.not_ready')}`}
        </small>
      )}
    </div>
  )
}

/** Of what was found, that which lies somewhere. */
const places = (items: readonly SearchItem[] | null | undefined): SearchItem[] => (items ?? []).filter((i) => i.place !== undefined)
