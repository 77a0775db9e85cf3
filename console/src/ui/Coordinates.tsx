import { useReverse } from '../api/hooks'
import { useText } from '../i18n/i18n'
import { datum, datums, setDatum } from '../lib/datum'
import type { Point } from '../lib/focus'
import { useStore } from '../lib/store'

/** A place in the datum that this seat has chosen, never without the word for it. Until the server has converted it, WGS 84. */
export function Coordinates({ at }: { at: Point }) {
  const { t } = useText()
  const wanted = useStore(datum)
  const found = useReverse(at).data?.coordinates?.find((c) => c.datum === wanted)
  const shown = found ?? { ...at, datum: 'wgs84' as const }
  return <span className="num">{shown.lon.toFixed(5)}, {shown.lat.toFixed(5)} <small className="dim">{t(`datum.${shown.datum}`)}</small></span>
}

/** Chooses the datum for coordinates that are shown and typed. */
export function DatumSwitch() {
  const { t } = useText()
  const chosen = useStore(datum)
  return (
    <fieldset className="datum" aria-label={t('datum.choose')}>
      {datums.map((d) => (
        <button key={d} type="button" className={d === chosen ? 'on' : ''} aria-pressed={d === chosen} onClick={() => setDatum(d)}>{t(`datum.${d}`)}</button>
      ))}
    </fieldset>
  )
}
