import { useBoard } from '../../api/hooks'
import type { Params, TimelineItem } from '../../api/types'
import { useText } from '../../i18n/i18n'
import { fullTime, ms } from '../../lib/time'
import { Moment } from '../../ui/ticking'
import { chosenReason } from './chosen'

// A fact's data is whatever its room wrote; sentences are filled from its fields.
const paramsOf = (i: TimelineItem): Params => (typeof i.params === 'object' && i.params !== null ? (i.params as Params) : {})

/** All that happened, the newest first. Words come from the catalogues, a person's own words as they were said. */
export function Timeline({ items, failed }: { items: readonly TimelineItem[] | undefined; failed: boolean }) {
  const { t, reason, actor } = useText()
  const { units } = useBoard()
  const said = (i: TimelineItem) => reason(i.type === 'incident.chosen' ? chosenReason(paramsOf(i), (u) => units.get(u)?.call_sign ?? u) : { code: i.type, params: paramsOf(i) })
  return (
    <section aria-label={t('inc.timeline')}>
      <h2 className="h">{t('inc.timeline')}</h2>
      {items?.length === 0 && <p className="hint">{t('inc.timeline_empty')}</p>}
      {!items && failed && <p className="hint">{t('inc.timeline_failed')}</p>}
      <ol className="timeline">
        {[...(items ?? [])].reverse().map((i, n) => (
          <li key={`${i.seq}-${n}`}>
            <Moment at={i.happened ?? i.at} />
            <span className="who" title={i.actor}>{actor(i.actor)}{i.seat ? ` ${i.seat}` : ''}</span>
            <span>
              {said(i)}
              {i.text && <q>{i.text}</q>}
              {i.late_entry && <em className="tag" title={fullTime(ms(i.at))}>{t('inc.late_entry')}</em>}
            </span>
          </li>
        ))}
      </ol>
    </section>
  )
}
