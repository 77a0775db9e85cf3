import { memo, useState } from 'react'
import { worldNow } from '../../api/connection'
import { useNow } from '../../api/hooks'
import type { IncidentRow } from '../../api/types'
import { useText } from '../../i18n/i18n'
import { openIncident } from '../../lib/focus'
import { carries, dropOn } from '../../lib/sending'
import { dayAndMinute, duration, fullTime, ms } from '../../lib/time'
import { Priority } from '../../ui/marks'

type Props = { row: IncidentRow; wide: boolean; left: boolean; selected: boolean }

/** One incident of the queue: 28 px, or two lines while it waits for a decision. A unit may be dropped on it. Drawn again only when its row is another. */
export const QueueRow = memo(function QueueRow({ row, wide, left, selected }: Props) {
  const [dropping, setDropping] = useState(false)
  const { t, name, word } = useText()
  const place = row.place?.address ?? row.place?.street ?? t('queue.no_place')
  const type = name(row.type_name, t('queue.no_type'))
  const sent = (row.assignments ?? []).filter((a) => a.stage !== 'cleared')
  const each = sent.map((a) => `${a.call_sign} ${word('unit.stage.', a.stage)}`)
  const doing = each.length > 1 ? `${each[0]} +${each.length - 1}` : (each[0] ?? '')
  const responsible = row.responsible ? t('queue.responsible', { name: name(row.responsible.name, row.responsible.id) }) : ''
  const border = row.responsible?.border?.length
    ? t('queue.border', { names: row.responsible.border.map((b) => name(b.name, b.id)) }) : ''
  const all = (who: string) => ['#' + row.number, place, responsible, who, row.narrative, border].filter(Boolean).join(' · ')
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the list that holds it takes the keys
    <div
      id={`row-${row.id}`}
      role="option"
      tabIndex={-1}
      aria-selected={selected}
      aria-label={t('queue.row', { number: row.number, type, priority: row.priority, place, time: each.join(' ') })}
      className={`row${wide ? ' wide' : ''}${left ? ' left' : ''}${dropping ? ' dropping' : ''}`}
      data-number={row.number}
      data-id={row.id}
      onDragOver={(e) => { if (carries(e)) { e.preventDefault(); setDropping(true) } }}
      onDragLeave={() => setDropping(false)}
      onDrop={(e) => { setDropping(false); dropOn(row.id, e) }}
      title={`${type} · ${all(each.join(' '))}`} // Whole, whatever the row has room for.
      onClick={() => openIncident(row.id)}
    >
      <Priority value={row.priority} />
      <span className="what">
        <b>{type}</b>
        {!wide && <><i>#{row.number}</i><i className="where">{place}</i>{doing && <i className="doing">{doing}</i>}</>}
        {wide && <Marks row={row} />}
        {left && <em className="tag">{t('queue.left', { queue: word('queue.', row.queue) })}</em>}
      </span>
      <Elapsed row={row} />
      {wide && <span className="detail">{all(doing)}</span>}
    </div>
  )
})

function Marks({ row }: { row: IncidentRow }) {
  const { t } = useText()
  const callers = row.calls?.length ?? 0
  return (
    <>
      {callers > 1 && <em className="tag">{t('queue.callers', { count: callers })}</em>}
      {(row.urges ?? 0) > 0 && <em className="tag hot">{t('queue.urges', { count: row.urges })}</em>}
      {row.queue === 'scheduled' && row.scheduled && <em className="tag">{t('intake.appointed', { at: dayAndMinute(ms(row.scheduled), worldNow()) })}</em>}
      {(row.seats ?? []).filter((s) => s.state !== 'done').map((s) => <em key={s.seat} className={s.late ? 'tag hot' : 'tag'}>{t(s.state === 'asked' ? 'intake.seat_asked' : 'intake.seat_taken', { seat: s.seat })}</em>)}
      {row.degraded && <em className="tag">{t('queue.degraded')}</em>}
      {row.returned && <em className="tag hot">{t('queue.returned')}</em>}
    </>
  )
}

const soonMs = 20_000

/** Time since it was taken: red when a limit has passed, amber when one is about to. */
function Elapsed({ row }: { row: IncidentRow }) {
  const now = useNow()
  const open = row.deadlines ?? []
  const late = row.late === true || open.some((d) => d.passed === true || ms(d.due) <= now)
  const soon = open.some((d) => ms(d.due) - now < soonMs)
  return (
    <time className={late ? 'elapsed late' : soon ? 'elapsed soon' : 'elapsed'} title={fullTime(ms(row.received))}>
      {late && <span aria-hidden="true">! </span>}{duration((now - ms(row.received)) / 1000)}
    </time>
  )
}
