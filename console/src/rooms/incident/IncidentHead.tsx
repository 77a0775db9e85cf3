import { write } from '../../api/client'
import { holding } from '../../api/connection'
import { worldNow } from '../../api/connection'
import { useConfig, useNow } from '../../api/hooks'
import type { IncidentRow } from '../../api/types'
import { useText } from '../../i18n/i18n'
import { notify, showOnMap } from '../../lib/focus'
import { useStore } from '../../lib/store'
import { dayAndMinute, duration, fullTime, ms } from '../../lib/time'
import { Priority } from '../../ui/marks'
import { stepsOf } from './steps'

/** What and where, who answers for it, which limit runs, how far it has come. */
export function IncidentHead({ row, demo, stale }: { row: IncidentRow; demo: boolean; stale: boolean }) {
  const { t, name, word, actor } = useText()
  const config = useConfig().data
  const tag = (id: string) => name(config?.tags.find((x) => x.id === id)?.name, id)
  const place = row.place
  return (
    <header className="head">
      <h1>
        <Priority value={row.priority} />
        <span>#{row.number} {name(row.type_name, t('queue.no_type'))}</span>
        {(row.tags ?? []).map((id) => <em key={id} className="tag hot">{tag(id)}</em>)}
        {row.degraded && <em className="tag">{t('queue.degraded')}</em>}
        {row.returned && <em className="tag hot">{t('queue.returned')}</em>}
      </h1>
      <p className="where">
        <span>{place?.address ?? place?.street ?? t('queue.no_place')}</span>
        {place?.lon !== undefined && place.lat !== undefined && (
          <button type="button" className="link" onClick={() => showOnMap({ lon: place.lon ?? 0, lat: place.lat ?? 0 }, 15)}>{t('inc.show_on_map')}</button>
        )}
        {place?.approx && <em className="tag">{t('place.approx')}</em>}
        {demo && <Hold row={row} />}
      </p>
      {row.narrative && <p className="narrative">{row.narrative}</p>}
      <p className="dim facts">
        <span>{word('inc.phase.', row.phase)}</span>
        {row.responsible && <span>{t('inc.responsible', { name: name(row.responsible.name, row.responsible.id) })}</span>}
        {Boolean(row.responsible?.border?.length) && <span>{t('queue.border', { names: row.responsible?.border?.map((b) => name(b.name, b.id)) })}</span>}
        {row.scheduled && <span>{t('intake.appointed', { at: dayAndMinute(ms(row.scheduled), worldNow()) })}</span>}
        {(row.seats ?? []).map((s) => <span key={s.seat} className={s.late ? 'late' : ''}>{t(`intake.seat_${s.state === 'done' ? 'ended' : s.state}`, { seat: s.seat })}</span>)}
        {row.level && <span>{t('inc.level', { level: row.level })}</span>}
        {row.commander && <span>{t('inc.commander', { name: actor(row.commander.actor) })}</span>}
        {row.masked ? <span>{t('inc.masked')}</span> : row.caller && <span>{t('inc.caller')} {row.caller.name} {row.caller.number}</span>}
        {(row.partners ?? []).map((p) => <span key={p.id}>{t(p.mode === 'transfer' ? 'inc.partner.transfer' : 'inc.partner.with', { name: name(config?.partners.find((x) => x.id === p.id)?.name, p.id) })}</span>)}
        {(row.links ?? []).map((l) => <span key={l.id}>{word('inc.link.', l.kind, { number: l.number })}</span>)}
        {Boolean(row.aside?.length) && <span className="soon">{t('inc.aside', { fields: row.aside?.map((a) => a.field) })}</span>}
        {stale && <span className="soon">{t('inc.stale')}</span>}
        <Limits row={row} />
      </p>
      <ol className="steps" aria-label={t('inc.steps')}>
        {stepsOf(row).map((s) => (
          <li key={s.id} className={s.state} aria-current={s.state === 'now' ? 'step' : undefined} title={fullTime(ms(s.at))}>{t(s.state === 'now' && s.id !== 'received' ? `inc.wait.${s.id}` : `inc.step.${s.id}`)}</li>
        ))}
      </ol>
    </header>
  )
}

function Limits({ row }: { row: IncidentRow }) {
  const { t, word } = useText()
  const now = useNow()
  return (row.deadlines ?? []).filter((d) => d.due).slice(0, 2).map((d) => {
    const left = (ms(d.due) - now) / 1000
    const late = d.passed === true || left <= 0
    const crew = row.assignments?.find((a) => a.unit === d.unit)?.call_sign ?? d.unit
    return <span key={d.kind + (d.unit ?? '')} className={late ? 'late' : left < 20 ? 'soon' : ''}>{crew && <b>{crew} </b>}{t(late ? 'inc.deadline.passed' : 'inc.deadline.left', { kind: word('inc.deadline.', d.kind), time: duration(Math.abs(left)) })}</span>
  })
}

/** In a demonstration a visitor may take an incident: the simulated dispatcher leaves it alone. */
function Hold({ row }: { row: IncidentRow }) {
  const { t, problem } = useText()
  const held = useStore(holding) === row.id
  const turn = async () => {
    const told = held ? await write('/demo/release', {}) : await write('/demo/take', { incident: row.id })
    if (told.ok) holding.set(held ? undefined : row.id)
    else notify(problem(told.problem), 'bad')
  }
  return <button type="button" className={held ? 'btn small on' : 'btn small'} title={held ? t('inc.held') : ''} onClick={() => void turn()}>{t(held ? 'inc.release' : 'inc.take')}</button>
}
