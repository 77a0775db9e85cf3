import { useEffect, useRef, useState } from 'react'
import { seen } from '../../api/alarms'
import type { CoverAnswer, CoverArea, CoverClass, Move } from '../../api/cover'
import type { AlarmRow } from '../../api/types'
import { useText } from '../../i18n/i18n'
import { focus, notify, showTogether, turnCover } from '../../lib/focus'
import { useBoard } from '../../api/hooks'
import { duration, localDay, ms } from '../../lib/time'
import { NowMark } from '../../ui/NowMark'
import { Street } from '../../ui/Street'
import { Since } from '../../ui/ticking'
import { bySeverity, StateShape } from './states'
import { useCoverPanel } from './use-cover-panel'
import './cover.css'

/** How the centre is covered now: what nobody reaches in time, what would mend it, and on whose calls that rests. A person decides. */
export function CoverPanel() {
  const { t } = useText()
  const panel = useCoverPanel()
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  // A proposal that was decided leaves the list with its button: whoever works by keys goes on from the top.
  const held = useRef(false)
  useEffect(() => {
    if (held.current && document.activeElement === document.body) heading.current?.focus()
  })
  const { cover, alarms } = panel
  const data = cover.data
  const watched = Boolean(data?.classes?.length)
  const hint = !data ? t(cover.isError ? 'cover.failed' : 'cover.loading') : !data.ready ? t('cover.not_ready') : !data.classes?.length ? t('cover.no_classes') : data.stale ? t('cover.stale') : ''
  return (
    <section className="panel cover" aria-label={t('cover.title')} aria-busy={!data && !cover.isError} onFocus={() => { held.current = true }} onBlur={() => { held.current = false }}>
      <header className="head">
        <h1 ref={heading} tabIndex={-1}>{t('cover.title')} <NowMark /></h1>
        {data?.ready && <span className="dim">{t('cover.as_of', { ms: Math.round(data.computed_ms) })} <Since at={data.at} /></span>}
        <a className="btn small" href="/study" title={`${t('keys.study')} Alt 6`}>{t('study.open')}</a>
        <button type="button" className="x" aria-label={t('app.close')} title={`${t('app.close')} Alt 9 Esc`} onClick={turnCover}>×</button>
      </header>
      {hint !== '' && <p className="hint soon" role="status">{hint}</p>}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by the keyboard */}
      <div className="scroll" tabIndex={0} role="group" aria-label={t('cover.title')}>
        {(watched || alarms.length > 0) && <Alarms panel={panel} alarms={alarms} />}
        {watched && <Moves panel={panel} moves={data?.moves ?? []} ready={data?.ready === true} />}
        <Waiting panel={panel} />
        {watched && data?.ready && <Classes classes={data.classes ?? []} panel={panel} areas={data.areas ?? []} straight={data.straight === true} />}
        <Demand demand={data?.demand} />
      </div>
    </section>
  )
}

type Panel = ReturnType<typeof useCoverPanel>

function Alarms({ panel, alarms }: { panel: Panel; alarms: readonly AlarmRow[] }) {
  const { t, name, reason, actor } = useText()
  return (
    <section aria-label={t('cover.alarms')}>
      <h2 className="h"><span>{t('cover.alarms')}</span><span>{alarms.length}</span></h2>
      {alarms.length === 0 && <p className="hint good">{t('cover.no_alarms')}</p>}
      <ul>
        {alarms.map((a) => (
          <li key={a.id} className={seen(a) ? 'cover-row seen' : 'cover-row alarm'}>
            <StateShape state="void" />
            <b>{panel.areaName(a.area, a.area_name)}</b>
            <span>{t('cover.void_long', { class: name(a.class_name, a.class) })} <Since at={a.raised} /></span>
            {seen(a)
              ? <span className="dim end">{t('cover.seen_by', { by: actor(a.acked_by) })}</span>
              : <Acknowledge alarm={a} panel={panel} reason={reason} />}
          </li>
        ))}
      </ul>
    </section>
  )
}

/** The server says whether this person may, and why not. */
function Acknowledge({ alarm, panel, reason }: { alarm: AlarmRow; panel: Panel; reason: ReturnType<typeof useText>['reason'] }) {
  const { t } = useText()
  const step = alarm.next?.find((s) => s.verb === 'acknowledge')
  const off = step !== undefined && !step.allowed
  return <button type="button" className="btn small danger end" aria-disabled={off || panel.busy === alarm.id} title={off ? reason(step) : undefined} onClick={() => (off ? notify(reason(step), 'bad') : void panel.acknowledge(alarm))}>{t('cover.acknowledge')}</button>
}

function Moves({ panel, moves, ready }: { panel: Panel; moves: readonly Move[]; ready: boolean }) {
  const { t } = useText()
  return (
    <section aria-label={t('cover.moves')}>
      <h2 className="h"><span>{t('cover.moves')}</span><span className="end">{t('cover.moves_help')}</span></h2>
      {ready && moves.length === 0 && <p className="hint">{t('cover.no_moves')}</p>}
      <ul>{moves.map((m) => <MoveRow key={m.id} panel={panel} move={m} />)}</ul>
    </section>
  )
}

function MoveRow({ panel, move: m }: { panel: Panel; move: Move }) {
  const { t, reason } = useText()
  const { units } = useBoard()
  const [why, setWhy] = useState('')
  const show = () => {
    const from = units.get(m.unit)?.position
    showTogether(from ? [from, m.to.place] : [m.to.place])
    focus.set((f) => ({ ...f, unit: m.unit }))
  }
  const named = panel.placeName(m)
  const place = named || t('cover.somewhere')
  return (
    <li className="cover-row move">
      <p className="what">
        <b>{m.call_sign}</b> <span aria-hidden="true">→</span> <button type="button" className="link" title={t('unit.center')} onClick={show}>{named || <Street at={m.to.place} />}</button>
        <span className="dim">{panel.className(m.class)} · {t('cover.drive', { time: duration(m.eta_s) })}</span>
      </p>
      <p className="gain"><b className="good">{t('cover.gain', { s: tenth(m.gain_s), calls: tenth(m.gain_calls_per_day) })}</b></p>
      {Boolean(m.why?.length) && <p className="dim">{(m.why ?? []).map(reason).join(' · ')}</p>}
      <div className="btns">
        <button type="button" className="btn small go" aria-disabled={panel.busy === m.id} aria-label={t('cover.accept_named', { unit: m.call_sign, place })} title={m.to.post ? `› ${t('how.standby', { unit: m.call_sign, place })}` : undefined} onClick={() => void panel.accept(m)}>{t('cover.accept')}</button>
        <button type="button" className="btn small" aria-disabled={panel.busy === m.id} aria-label={t('cover.decline_named', { unit: m.call_sign })} onClick={() => void panel.decline(m, why)}>{t('cover.decline')}</button>
        <input className="why-not" aria-label={t('cover.reason')} placeholder={t('cover.reason')} value={why} onChange={(e) => setWhy(e.target.value)} />
      </div>
    </li>
  )
}

function Waiting({ panel }: { panel: Panel }) {
  const { t, name } = useText()
  if (panel.waiting.length === 0) return null
  return (
    <section aria-label={t('standby.list')}>
      <h2 className="h"><span>{t('standby.list')}</span><span>{panel.waiting.length}</span></h2>
      <ul>
        {panel.waiting.map((u) => (
          <li key={u.id} className="cover-row">
            <span aria-hidden="true">⌂</span>
            <b>{u.call_sign}</b>
            <span>{name(u.standby?.name, '') || (u.standby && <Street at={u.standby.place} />)} <Since at={u.standby?.since} /></span>
            <button type="button" className="btn small end" title={`› ${t('how.end_standby', { unit: u.call_sign })}`} onClick={() => void panel.end(u.id, u.call_sign)}>{t('standby.end')}</button>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Classes({ classes, areas, panel, straight }: { classes: readonly CoverClass[]; areas: readonly CoverArea[]; panel: Panel; straight: boolean }) {
  const { t, name } = useText()
  return (
    <>
      {straight && <p className="hint soon">{t('cover.straight')}</p>}
      <section aria-label={t('cover.classes')}>
        <table className="figures">
          <caption className="h">{t('cover.classes')}</caption>
          <thead><tr><th>{t('cover.class')}</th><th>{t('cover.free')}</th><th>{t('cover.expected')}</th><th>{t('cover.p90')}</th><th>{t('cover.within')}</th></tr></thead>
          <tbody>
            {classes.map((c) => (
              <tr key={c.id}>
                <th scope="row">{name(c.name, c.id)} <small className="dim">≤ {duration(c.standard_s)}</small></th>
                <td>{c.free}/{c.units}</td>
                <td title={t('cover.nobody', { share: Math.round(c.nobody * 100), part: duration(c.nobody_s) })}>{atLeast(c, c.expected_s)}</td>
                <td className={(c.p90_s ?? 0) > c.standard_s ? 'soon' : ''}>{atLeast(c, c.p90_s)}</td>
                <td>{c.covered === undefined ? '—' : `${Math.round(c.covered * 100)}%`}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <section aria-label={t('cover.areas')}>
        <h2 className="h"><span>{t('cover.areas')}</span><span className="end">{t('cover.areas_help')}</span></h2>
        <ul>
          {[...areas].sort(bySeverity).map((a) => (
            <li key={a.org + a.class} className="cover-row area">
              <StateShape state={a.state} />
              <b title={panel.areaName(a.org, a.name)}>{panel.areaName(a.org, a.name)}</b>
              <span className="dim">{panel.className(a.class)}</span>
              <span className={a.by_plan ? 'dim' : a.state === 'void' ? 'late' : a.state === 'thin' ? 'soon' : 'good'} title={a.by_plan ? t('cover.by_plan') : undefined}>{a.by_plan ? t('cover.state.by_plan') : t(a.state === 'void' ? 'cover.state.void' : a.state === 'thin' ? 'cover.state.thin' : 'cover.state.ok', { units: a.units_within })}{a.state === 'void' && !a.by_plan && a.since && <> <Since at={a.since} /></>}</span>
              <span className="num" title={t('cover.nearest')}>{time(a.nearest_s)}</span>
            </li>
          ))}
        </ul>
      </section>
    </>
  )
}

/** Whose calls weigh the places, and whose never do. */
function Demand({ demand: d }: { demand: CoverAnswer['demand'] | undefined }) {
  const { t, word } = useText()
  return (
    <p className="hint demand">
      {d && d.source !== 'even' ? t('cover.demand', { source: word('demand.source.', d.source), calls: d.calls, from: localDay(ms(d.from)), to: localDay(ms(d.to)) }) : t('cover.no_demand')}
      {' '}{t('demand.officers_never', { left: d?.officer_left_out ?? 0 })}
    </p>
  )
}

const tenth = (n: number): number => Math.round(n * 10) / 10
/** The longest wait that is told in minutes; what is as long as "nobody" is told as a dash. */
const nobodyS = 1800
/** A tenth of the calls may have nobody: then the longest that the model puts in is a least, not a time. */
const atLeast = (c: CoverClass, s: number | undefined): string => (s !== undefined && s >= 2 * c.standard_s ? `≥ ${duration(2 * c.standard_s)}` : time(s))
const time = (s: number | undefined): string => (s === undefined || s >= nobodyS ? '—' : duration(s))
