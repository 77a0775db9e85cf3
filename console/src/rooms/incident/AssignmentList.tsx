import { memo } from 'react'
import { useNow, useUnit } from '../../api/hooks'
import type { Assignment, IncidentRow, Stretch } from '../../api/types'
import { useText } from '../../i18n/i18n'
import { focus } from '../../lib/focus'
import { clockTime, duration, ms } from '../../lib/time'
import { lookOf, Shape } from '../../ui/marks'
import { Since } from '../../ui/ticking'
import { Windowed } from '../../ui/Windowed'
import { bar } from './intervals'
import './story.css'

/** Who was sent, what each is doing since when, when those on the way arrive, and each stretch against its limit. */
export function AssignmentList({ row }: { row: IncidentRow }) {
  const { t } = useText()
  const sent = row.assignments ?? []
  if (sent.length === 0) return null
  const open = sent.filter((a) => !isOver(a))
  const ended = sent.filter(isOver)
  return (
    <section aria-label={t('inc.assigned')}>
      <h2 className="h">{t('inc.assigned')}</h2>
      <Windowed items={[...open, ...ended]} keyOf={(a) => a.id} rowPx={rowPx} className="rec-list">
        {(a) => <Sent key={a.id} a={a} over={isOver(a)} />}
      </Windowed>
    </section>
  )
}

/** About how high a line with its stretches is, pixels. */
const rowPx = 62

const isOver = (a: Assignment): boolean => a.stage === 'cleared' || a.recalled === true

/** One that was sent. Only what says a time follows the clock, and the row only its own unit: five hundred are no load. */
const Sent = memo(function Sent({ a, over }: { a: Assignment; over: boolean }) {
  const { t, word, name } = useText()
  const unit = useUnit(a.unit)
  return (
    <li className={over ? 'rec sent over' : 'rec sent'}>
      <Shape look={over ? 'out' : lookOf({ state: 'assigned', stage: a.stage, flags: unit?.flags ?? {} })} />
      <button type="button" className="link" onClick={() => focus.set((f) => ({ ...f, unit: a.unit }))}>{a.call_sign}</button>
      <span className="reasons">{name(unit?.kind_name, unit?.kind)} · {over ? t(a.recalled ? 'story.recalled' : 'story.ended') : word('unit.stage.', a.stage)}</span>
      <b>{!over && a.stage === 'en_route' && a.eta_at && <Left at={a.eta_at} />}</b>
      <span className="dim">{over ? <time dateTime={a.since}>{clockTime(ms(a.since))}</time> : <Since at={a.since} />}</span>
      {(a.intervals ?? []).length > 0 && <Stretches list={a.intervals ?? []} />}
    </li>
  )
})

/** How long until it arrives. */
function Left({ at }: { at: string }) {
  const { t } = useText()
  const now = useNow()
  return <>{t('rec.eta', { time: duration((ms(at) - now) / 1000) })}</>
}

/** Sign, depart, arrive, handle: measured, the limit in force when the crew was sent, and the part of it as a bar. */
const Stretches = ({ list }: { list: readonly Stretch[] }) => (
  <ul className="stretches">{list.map((s) => (s.to === undefined ? <Running key={s.kind} s={s} /> : <Measured key={s.kind} s={s} now={0} />))}</ul>
)

function Running({ s }: { s: Stretch }) {
  const now = useNow()
  return <Measured s={s} now={now} />
}

function Measured({ s, now }: { s: Stretch; now: number }) {
  const { t, word } = useText()
  const b = bar(s, now)
  const kind = word('story.interval.', s.kind)
  const words = s.ended ? t('story.interval_cut', { kind, time: duration(b.seconds) })
    : b.part === undefined ? t('story.interval_free', { kind, time: duration(b.seconds) })
    : t(b.late ? 'story.interval_late' : 'story.interval', { kind, time: duration(b.seconds), limit: duration(s.limit_s ?? 0) })
  return (
    <li className={b.late ? 'late' : s.ended ? 'dim' : b.running ? 'running' : ''}>
      <span>{words}</span>
      <i className="gauge" aria-hidden="true">{b.part !== undefined && <i style={{ width: `${Math.round(b.part * 100)}%` }} />}</i>
    </li>
  )
}
