import { useState, type KeyboardEvent } from 'react'
import { useSearch } from '../../api/hooks'
import type { Place, SearchItem } from '../../api/types'
import { useText } from '../../i18n/i18n'
import { readCoordinates } from '../../lib/distance'
import { pointing, showOnMap, type Point } from '../../lib/focus'
import { composing } from '../../lib/keys'
import { useStore } from '../../lib/store'
import { Suggestions } from './Suggestions'

type Props = { text: string; place: Place | undefined; change: (part: { placeText: string; place: Place | undefined }) => void; onNext: () => void }

/** Where: found by typing, by coordinates or by a click on the map; words that find nothing are kept as they are. */
export function PlaceField({ text, place, change, onNext }: Props) {
  const { t } = useText()
  const [at, setAt] = useState(0)
  const waits = useStore(pointing) !== undefined
  const search = useSearch(place ? '' : text)
  const found = place || text.trim() === '' ? [] : (search.data ?? []).filter((i) => i.place !== undefined)
  const choose = (i: SearchItem) => {
    if (!i.place) return
    change({ placeText: i.title, place: { ...i.place, address: i.title } })
    showOnMap(i.place)
    setAt(0)
    onNext()
  }
  const onKeyDown = (e: KeyboardEvent) => {
    if (composing(e)) return
    if (e.key === 'ArrowDown') setAt((n) => Math.min(found.length - 1, n + 1))
    else if (e.key === 'ArrowUp') setAt((n) => Math.max(0, n - 1))
    else if (e.key === 'Enter' && !e.ctrlKey) {
      const point = readCoordinates(text)
      const item = found[at]
      if (point) {
        change({ placeText: text, place: point })
        showOnMap(point)
        onNext()
      } else if (item) choose(item)
      else onNext()
    } else return
    e.preventDefault()
    e.stopPropagation()
  }
  const point = () =>
    pointing.set(waits ? undefined : () => (p: Point) => {
      const words = text.trim() === '' ? `${p.lon.toFixed(5)}, ${p.lat.toFixed(5)}` : text
      change({ placeText: words, place: { ...p, address: words } })
      onNext()
    })
  return (
    <div className="field">
      <label htmlFor="call-place">{t('call.place')}</label>
      <div className="combo">
        <input
          id="call-place"
          type="text"
          autoFocus
          autoComplete="off"
          role="combobox"
          aria-expanded={found.length > 0}
          aria-controls="call-place-list"
          placeholder={t('call.place_help')}
          value={text}
          onChange={(e) => { change({ placeText: e.target.value, place: undefined }); setAt(0) }}
          onKeyDown={onKeyDown}
        />
        <button type="button" className={waits ? 'btn small on' : 'btn small'} aria-pressed={waits} onClick={point}>{t('form.point_on_map')}</button>
      </div>
      <Suggestions id="call-place-list" at={at} items={found.map((i) => ({ id: `${i.kind}${i.id}`, words: i.title, aside: i.subtitle ?? '' }))} onChoose={(n) => { const i = found[n]; if (i) choose(i) }} />
      <small className={place ? 'below good' : 'below soon'}>
        {place?.lon !== undefined && place.lat !== undefined ? `✓ ${place.lon.toFixed(5)}, ${place.lat.toFixed(5)}` : !place && text.trim() !== '' && found.length === 0 && !search.isFetching && (search.isError ? t('app.search_failed') : t('call.place_free', { text }))}
      </small>
    </div>
  )
}
