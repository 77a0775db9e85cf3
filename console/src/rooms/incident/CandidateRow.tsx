import type { Candidate } from '../../api/advice'
import { useConfig, useUnits } from '../../api/hooks'
import { useText } from '../../i18n/i18n'
import { metresText } from '../../lib/distance'
import { pick } from '../../lib/focus'
import { duration, shortAge } from '../../lib/time'
import { chipsOf, otherReasons, type Chip } from './why'

type Props = { incident: string; item: Candidate; on: boolean; digit: number | undefined }

/** One unit that may go: minutes, why, what its leaving costs. The second line is for those that are picked. */
export function CandidateRow({ incident, item: i, on, digit }: Props) {
  const { t, name, reason } = useText()
  const units = useUnits()
  const age = useAgeWord()
  const chipWord = useChipWord()
  const chips = chipsOf(i)
  const why = [i.distance_m === undefined ? '' : metresText(i.distance_m), ...otherReasons(i.reasons).map(reason)].filter(Boolean).join(' · ')
  const costs = chips.map(chipWord).join(' · ')
  const kind = name(units.get(i.unit)?.kind_name, i.kind)
  return (
    <label className={`rec${i.pick ? ' pick' : ''}${on ? ' on' : ''}`} title={[`${i.call_sign} · ${kind}`, why, costs].filter(Boolean).join(' · ')}>
      <input
        type="checkbox"
        checked={on}
        aria-label={t('rec.item', { unit: i.call_sign, reasons: [why, costs].filter(Boolean).join(' · '), eta: duration(i.eta_s ?? Number.NaN), position: age(i.position_state, i.position_age_s) })}
        aria-keyshortcuts={digit === undefined ? undefined : String(digit)}
        onChange={(e) => pick(incident, i.unit, e.target.checked)}
      />
      <b>{digit !== undefined && <kbd>{digit}</kbd>}{i.call_sign}</b>
      <span className="reasons">{[kind, why].filter(Boolean).join(' · ')}</span>
      <b>{duration(i.eta_s ?? Number.NaN)}</b>
      <span className={i.position_state === 'trusted' ? 'dim' : 'soon'}>{age(i.position_state, i.position_age_s)}</span>
      {chips.length > 0 && (i.pick || on) && <span className="chips">{chips.map((c) => <em key={c.code + String(c.params['org'] ?? '')} className={`tag ${c.tone}`}>{c.tone === 'danger' && <span aria-hidden="true">! </span>}{chipWord(c)}</em>)}</span>}
    </label>
  )
}

/** A chip in words. */
export function useChipWord() {
  const { t, name } = useText()
  const stations = useConfig().data?.stations
  return (c: Chip): string => {
    const org = String(c.params['org'] ?? '')
    return t(`rec.chip.${c.code as 'cover'}`, { ...c.params, time: duration(Number(c.params['time_s'] ?? Number.NaN)), area: name(stations?.find((s) => s.id === org)?.name, org) })
  }
}

/** How old a position is, and whether it can be trusted. */
export function useAgeWord() {
  const { t } = useText()
  return (state: string | undefined, s: number | undefined): string =>
    s === undefined || state === 'none' ? t('rec.no_position') : t(state === 'suspect' ? 'unit.position_suspect' : state === 'stale' ? 'unit.position_stale' : 'rec.position', { age: shortAge(s) })
}
