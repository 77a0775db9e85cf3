import { useBoard, useNow } from '../../api/hooks'
import type { IncidentRow } from '../../api/types'
import { useText } from '../../i18n/i18n'
import { focus } from '../../lib/focus'
import { duration, ms } from '../../lib/time'
import { lookOf, Shape } from '../../ui/marks'
import { Since } from '../../ui/ticking'

/** Who was sent, what each is doing since when, and when those on the way arrive. */
export function AssignmentList({ row }: { row: IncidentRow }) {
  const { t, word, name } = useText()
  const { units } = useBoard()
  const now = useNow()
  const sent = (row.assignments ?? []).filter((a) => a.stage !== 'cleared' && !a.recalled)
  if (sent.length === 0) return null
  return (
    <section aria-label={t('inc.assigned')}>
      <h2 className="h">{t('inc.assigned')}</h2>
      <ul className="rec-list">
        {sent.map((a) => {
          const unit = units.get(a.unit)
          const left = a.eta_at ? (ms(a.eta_at) - now) / 1000 : undefined
          return (
            <li key={a.id} className="rec">
              <Shape look={lookOf({ state: 'assigned', stage: a.stage, flags: unit?.flags ?? {} })} />
              <button type="button" className="link" onClick={() => focus.set((f) => ({ ...f, unit: a.unit }))}>{a.call_sign}</button>
              <span className="reasons">{name(unit?.kind_name, unit?.kind)} · {word('unit.stage.', a.stage)}</span>
              <b>{a.stage === 'en_route' && left !== undefined ? t('rec.eta', { time: duration(left) }) : ''}</b>
              <span className="dim"><Since at={a.since} /></span>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
