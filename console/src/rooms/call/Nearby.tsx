import { useBoard } from '../../api/hooks'
import type { Place } from '../../api/types'
import { useText } from '../../i18n/i18n'
import { metres, metresText } from '../../lib/distance'
import { openIncident } from '../../lib/focus'
import { Since } from '../../ui/ticking'

const nearM = 300

/** Open incidents close to the place: perhaps the same one, told by a second caller. The person decides. */
export function Nearby({ place, call, onAttach }: { place: Place | undefined; call: string | undefined; onAttach: (id: string, number: number) => void }) {
  const { t, name } = useText()
  const { incidents } = useBoard()
  if (place?.lon === undefined || place.lat === undefined) return null
  const here = { lon: place.lon, lat: place.lat }
  const found = [...incidents.values()]
    .flatMap((i) => (i.place?.lon !== undefined && i.place.lat !== undefined ? [{ i, m: metres(here, { lon: i.place.lon, lat: i.place.lat }) }] : []))
    .filter((x) => x.m <= nearM)
    .sort((a, b) => a.m - b.m)
    .slice(0, 3)
  if (found.length === 0) return null
  return (
    <ul className="nearby" aria-label={t('call.nearby')}>
      <li className="soon">{t('call.nearby')}</li>
      {found.map(({ i, m }) => (
        <li key={i.id}>
          <span>#{i.number} {name(i.type_name, t('queue.no_type'))} · {metresText(m)} · <Since at={i.received} /></span>
          <button type="button" className="btn small" onClick={() => (call ? onAttach(i.id, i.number) : openIncident(i.id))}>
            {t(call ? 'call.attach' : 'unit.open_incident', { number: i.number })}
          </button>
        </li>
      ))}
    </ul>
  )
}
