import type { SameHint } from '../../api/types'
import { useText } from '../../i18n/i18n'
import { metresText } from '../../lib/distance'

/** The keys that attach to the first, second and third of the list: of the lowest row, beside Alt, and none of a browser's own. */
export const radarKeys = ['KeyZ', 'KeyX', 'KeyC'] as const

/** Open incidents that the call may belong to, with how likely it is and why. A person decides, by one key, and can take it back. */
export function Radar({ found, call, onAttach }: { found: readonly SameHint[]; call: boolean; onAttach: (to: SameHint) => void }) {
  const { t, name, reason } = useText()
  if (found.length === 0) return null
  return (
    <section className="radar" aria-label={t('intake.radar')} role="status">
      <h2 className="soon">{t('intake.radar')}</h2>
      <ol>
        {found.slice(0, radarKeys.length).map((s, n) => {
          const percent = Math.round(s.likelihood * 100)
          return (
            <li key={s.incident}>
              <span className="bar" role="img" aria-label={t('intake.likelihood', { percent })}><i style={{ width: `${percent}%` }} /><b>{t('intake.likely', { percent })}</b></span>
              <span className="what">
                <b>#{s.number} {name(s.type_name ?? undefined, t('queue.no_type'))}</b> {s.address}
                <small>{[...(s.reasons ?? []).map((r) => reason(r)), ...(s.distance_m !== undefined && !(s.reasons ?? []).some((r) => r.code === 'same_place') ? [metresText(s.distance_m)] : [])].join(' · ')}</small>
              </span>
              <button type="button" className="btn small" onClick={() => onAttach(s)}>{t(call ? 'intake.attach' : 'intake.attach_note', { number: s.number })} <kbd>Alt {'ZXC'[n]}</kbd></button>
            </li>
          )
        })}
      </ol>
    </section>
  )
}
