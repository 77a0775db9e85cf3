import { useState } from 'react'
import { useBoard, useSession } from '../../api/hooks'
import type { IncidentRow, Params, TimelineItem } from '../../api/types'
import { useText } from '../../i18n/i18n'
import { clockTime, fullTime, ms } from '../../lib/time'
import { Moment } from '../../ui/ticking'
import { chosenReason } from './chosen'
import { Thumb } from './Files'
import { chosenItems, filters, type Filter } from './story'
import './story.css'

// A fact's data is whatever its room wrote; sentences are filled from its fields.
const paramsOf = (i: TimelineItem): Params => (typeof i.params === 'object' && i.params !== null ? (i.params as Params) : {})

/** What a record says, in the catalogues' words. */
export function useSaid(): (i: TimelineItem) => string {
  const { reason } = useText()
  const { units } = useBoard()
  return (i) => reason(i.type === 'incident.chosen' ? chosenReason(paramsOf(i), (u) => units.get(u)?.call_sign ?? u) : { code: i.type, params: paramsOf(i) })
}

/** All that happened, the newest first. Words come from the catalogues, a person's own words as they were said. */
export function Timeline({ row, items, failed }: { row: IncidentRow; items: readonly TimelineItem[] | undefined; failed: boolean }) {
  const { t, actor, word } = useText()
  const said = useSaid()
  const me = useSession().data?.actor
  const [filter, setFilter] = useState<Filter>('all')
  const [searched, setSearched] = useState('')
  const shown = chosenItems(items ?? [], filter, me, searched, (i) => `${said(i)} ${i.text ?? ''} ${actor(i.actor)} ${i.seat ?? ''} ${clockTime(ms(i.happened))}`)
  const few = items !== undefined && items.length > 0 && shown.length === 0
  return (
    <section aria-label={t('inc.timeline')}>
      <div className="story-head">
        <h2 className="h">{t('inc.timeline')}</h2>
        <div className="story-filters" role="group" aria-label={t('story.filter')}>
          {filters.map((f) => <button key={f} type="button" aria-pressed={filter === f} onClick={() => setFilter(f)}>{word('story.filter.', f)}</button>)}
        </div>
        <input type="search" aria-label={t('story.search')} placeholder={t('story.search')} value={searched} onChange={(e) => setSearched(e.target.value)} onKeyDown={(e) => { if (e.key === 'Escape' && searched !== '') { e.stopPropagation(); setSearched('') } }} />
      </div>
      {items?.length === 0 && <p className="hint">{t('inc.timeline_empty')}</p>}
      {!items && failed && <p className="hint">{t('inc.timeline_failed')}</p>}
      {few && <p className="hint">{t('story.search_none')}</p>}
      <ol className="timeline">
        {shown.toReversed().map((i, n) => (
          <li key={`${i.seq}-${n}`}>
            <Moment at={i.happened ?? i.at} />
            <span className="who" title={i.actor}>{actor(i.actor)}{i.seat ? ` ${i.seat}` : ''}</span>
            <span>
              {said(i)}
              {i.text && <q>{i.text}</q>}
              {i.power && <em className="tag">{word('story.power.', i.power)}</em>}
              <Late item={i} />
              <Attached row={row} item={i} />
            </span>
          </li>
        ))}
      </ol>
    </section>
  )
}

/** When it was written down, if that was later than it happened, and who told the time. */
function Late({ item }: { item: TimelineItem }) {
  const { t, word } = useText()
  const card = paramsOf(item)['card']
  if (!item.late_entry && item.happened_from !== 'paper') return null
  return (
    <>
      <em className="tag" title={fullTime(ms(item.at))}>{item.happened_from === 'clock' ? t('inc.late_entry') : word('story.from.', item.happened_from)}</em>
      {typeof card === 'string' && <em className="tag">{t('story.card', { number: card })}</em>}
      <time className="recorded" dateTime={item.at} title={fullTime(ms(item.at))}>{t('story.recorded', { at: clockTime(ms(item.at)) })}</time>
    </>
  )
}

function Attached({ row, item }: { row: IncidentRow; item: TimelineItem }) {
  const { t } = useText()
  const id = item.type === 'incident.file_added' ? paramsOf(item)['file'] : undefined
  const file = row.files?.find((f) => f.id === id)
  if (!file) return null
  const name = file.name || t('story.file_unnamed')
  return <span className="attached"><Thumb file={file} name={name} gone={Boolean(file.withdrawn) || file.erased === true || file.masked === true} /> {name}</span>
}
