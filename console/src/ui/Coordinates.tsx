import { useConfig, useReverse } from '../api/hooks'
import { useText } from '../i18n/i18n'
import { datum, datums, setDatum, type Datum } from '../lib/datum'
import type { Point } from '../lib/focus'
import { useStore } from '../lib/store'

/** The datums that mean something in this centre, and the one that this seat has chosen among them. */
export function useDatums(): { datums: readonly Datum[]; chosen: Datum } {
  const wanted = useStore(datum)
  const served = useConfig().data?.datums
  const here = served ? datums.filter((d) => served.includes(d)) : datums
  return { datums: here, chosen: here.includes(wanted) ? wanted : 'wgs84' }
}

/** A place in the datum that this seat has chosen, never without the word for it. Until the server has converted it, WGS 84. */
export function Coordinates({ at }: { at: Point }) {
  const { t } = useText()
  const wanted = useDatums().chosen
  const found = useReverse(at).data?.coordinates?.find((c) => c.datum === wanted)
  const shown = found ?? { ...at, datum: 'wgs84' as const }
  return <span className="num">{shown.lon.toFixed(5)}, {shown.lat.toFixed(5)} <small className="dim">{t(`datum.${shown.datum}`)}</small></span>
}

/** Chooses the datum for coordinates that are shown and typed; nothing where there is only one. */
export function DatumSwitch({ onChange }: { onChange: () => void }) {
  const { t } = useText()
  const { datums: here, chosen } = useDatums()
  if (here.length < 2) return null
  return (
    <fieldset className="datum" aria-label={t('datum.choose')}>
      {here.map((d) => (
        <button key={d} type="button" className={d === chosen ? 'on' : ''} aria-pressed={d === chosen} onClick={() => { setDatum(d); onChange() }}>{t(`datum.${d}`)}</button>
      ))}
    </fieldset>
  )
}
