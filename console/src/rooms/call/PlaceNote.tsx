import { useReverse } from '../../api/hooks'
import { useText } from '../../i18n/i18n'
import type { Point } from '../../lib/focus'
import { Coordinates } from '../../ui/Coordinates'
import { fromHere, signOf, titleOf } from './place-words'

/** What people call the chosen place, and who answers for it. */
export function PlaceNote({ at }: { at: Point }) {
  const { t, lang, name } = useText()
  const found = useReverse(at).data
  const near = [found?.address, found?.crossing, found?.landmark].flatMap((n) => (n ? [n] : []))
  const border = found?.border ?? []
  const street = found?.street
  return (
    <div className="place-note" role="status" aria-label={t('place.note')}>
      <p><span className="good">✓</span> <Coordinates at={at} /></p>
      {found?.station && (
        <p>
          <b>{t('queue.responsible', { name: name(found.station.name, found.station.id) })}</b>
          {found.by === 'nearest' && <span className="soon"> {t('place.nobodys')}</span>}
          {found.beat && <span> · {name(found.beat.name, found.beat.id)}</span>}
          {border.length > 0 && <span className="soon"> ⚠ {t('place.border', { names: border.map((b) => name(b.name, b.id)), distance: found.border_within_m })}</span>}
        </p>
      )}
      {(near.length > 0 || street) && (
        <ul>
          {street && <li>{street.toward ? t('place.side', { street: titleOf(lang, t, street), toward: t(`place.toward.${street.toward}`) }) : titleOf(lang, t, street)}</li>}
          {near.map((n) => <li key={n.kind}>{fromHere(lang, t, n)} <span className="dim">{signOf(lang, n)}</span></li>)}
        </ul>
      )}
      {found && !found.ready && <p className="soon">{t('place.not_ready')}</p>}
    </div>
  )
}
