import { useBoard, useNow } from '../../api/hooks'
import type { Assignment, IncidentRow, Stretch } from '../../api/types'
import { useText } from '../../i18n/i18n'
import { focus } from '../../lib/focus'
import { clockTime, duration, ms } from '../../lib/time'
import { lookOf, Shape } from '../../ui/marks'
import { Since } from '../../ui/ticking'
import { bar } from './intervals'
import './story.css'

/** Who was sent, what each is doing since when, when those on the way arrive, and each stretch against its limit. */
export function AssignmentList({ row }: { row: IncidentRow }) {
  const { t } = useText()
  const sent = row.assignments ?? []
  if (sent.length === 0) return null
  const open = sent.filter((a) => a.stage !== 'cleared' && !a.recalled)
  const ended = sent.filter((a) => a.stage === 'cleared' || a.recalled)
  return (
    <section aria-label={t('inc.assigned')}>
      <h2 className="h">{t('inc.assigned')}</h2>
      <ul className="rec-list">
        {open.map((a) => <Sent key={a.id} a={a} />)}
        {ended.map((a) => <Sent key={a.id} a={a} over />)}
      </ul>
    </section>
  )
}

function Sent({ a, over }: { a: Assignment; over?: boolean }) {
  const { t, word, name } = useText()
  const { units } = useBoard()
  const now = useNow()
  const unit = units.get(a.unit)
  const left = a.eta_at ? (ms(a.eta_at) - now) / 1000 : undefined
  return (
    <li className={over ? 'rec sent over' : 'rec sent'}>
      <Shape look={over ? 'out' : lookOf({ state: 'assigned', stage: a.stage, flags: unit?.flags ?? {} })} />
      <button type="button" className="link" onClick={() => focus.set((f) => ({ ...f, unit: a.unit }))}>{a.call_sign}</button>
      <span className="reasons">{name(unit?.kind_name, unit?.kind)} · {over ? t(a.recalled ? 'story.recalled' : 'story.ended') : word('unit.stage.', a.stage)}</span>
      <b>{!over && a.stage === 'en_route' && left !== undefined ? t('rec.eta', { time: duration(left) }) : ''}</b>
      <span className="dim">{over ? <time dateTime={a.since}>{clockTime(ms(a.since))}</time> : <Since at={a.since} />}</span>
      {(a.intervals ?? []).length > 0 && <Stretches list={a.intervals ?? []} now={now} />}
    </li>
  )
}

/** Sign, depart, arrive, handle: measured, the limit in force when the crew was sent, and the part of it as a bar. */
function Stretches({ list, now }: { list: readonly Stretch[]; now: number }) {
  const { t, word } = useText()
  return (
    <ul className="stretches">
      {list.map((s) => {
        const b = bar(s, now)
        const kind = word('story.interval.', s.kind)
        const words = s.ended ? t('story.interval_cut', { kind, time: duration(b.seconds) })
          : b.part === undefined ? t('story.interval_free', { kind, time: duration(b.seconds) })
          : t(b.late ? 'story.interval_late' : 'story.interval', { kind, time: duration(b.seconds), limit: duration(s.limit_s ?? 0) })
        return (
          <li key={s.kind} className={b.late ? 'late' : s.ended ? 'dim' : b.running ? 'running' : ''}>
            <span>{words}</span>
            <i className="gauge" aria-hidden="true">{b.part !== undefined && <i style={{ width: `${Math.round(b.part * 100)}%` }} />}</i>
          </li>
        )
      })}
    </ul>
  )
}
