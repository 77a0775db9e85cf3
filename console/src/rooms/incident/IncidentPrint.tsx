import { useEffect, useState } from 'react'
import { createPortal, flushSync } from 'react-dom'
import { useConfig, useNow, useSession } from '../../api/hooks'
import type { IncidentRow, TimelineItem } from '../../api/types'
import { useText } from '../../i18n/i18n'
import { sheet } from '../../lib/focus'
import { past } from '../../lib/past'
import { useStore } from '../../lib/store'
import { clockTime, duration, fullTime, ms } from '../../lib/time'
import { bar } from './intervals'
import { Inset } from './Inset'
import { useSaid } from './Timeline'
import './print.css'

/** What the browser's own print gives while an incident is open: its record, whole. It is drawn only then. */
export function IncidentPrint({ row, items }: { row: IncidentRow; items: readonly TimelineItem[] | undefined }) {
  const [printing, setPrinting] = useState(false)
  useEffect(() => {
    const begin = () => { if (sheet.get() !== 'pack') flushSync(() => setPrinting(true)) }
    const end = () => setPrinting(false)
    window.addEventListener('beforeprint', begin)
    window.addEventListener('afterprint', end)
    return () => {
      window.removeEventListener('beforeprint', begin)
      window.removeEventListener('afterprint', end)
    }
  }, [])
  return printing && createPortal(<div className="print-only"><Record row={row} items={items ?? []} /></div>, document.body)
}

function Record({ row, items }: { row: IncidentRow; items: readonly TimelineItem[] }) {
  const { t, name, word, actor } = useText()
  const session = useSession().data
  const now = useNow()
  const then = useStore(past)
  const where = [row.place?.address ?? row.place?.street ?? t('queue.no_place'), row.place?.lon !== undefined && row.place.lat !== undefined ? `(${row.place.lon.toFixed(6)}, ${row.place.lat.toFixed(6)})` : ''].join(' ')
  const caller = row.masked ? t('inc.masked') : `${row.caller?.name ?? ''} ${row.caller?.number ?? ''}`
  const cells: readonly (readonly [string, string])[] = [
    [t('story.print_number'), `#${row.number}${row.card ? ` · ${t('story.card', { number: row.card })}` : ''}`], [t('story.print_type'), `${row.priority ?? ''} ${name(row.type_name, t('queue.no_type'))}`],
    [t('story.print_time'), fullTime(ms(row.received))], [t('story.print_happened'), fullTime(ms(row.happened))],
    [t('story.print_place'), where], [t('story.print_caller'), caller],
    [t('story.print_responsible'), name(row.responsible?.name, row.responsible?.id)], [t('story.print_commander'), actor(row.commander.actor)],
  ]
  return (
    <div className="record">
      <header><h1>{name(session?.centre_name, session?.centre)} · {t('story.print_title')}</h1>{then && <p className="record-warn">{t('story.print_past', { at: fullTime(then.at) })}</p>}{row.world !== 'live' && <p className="record-warn">{t('story.pack_world', { world: word('top.world.', row.world) })}</p>}</header>
      <div className="record-cells">{cells.map(([label, value]) => <div key={label}><b>{label}</b><span>{value}</span></div>)}</div>
      {row.narrative && <section><h2>{t('story.print_narrative')}</h2><p>{row.narrative}</p></section>}
      <Sent row={row} now={now} />
      <Reported row={row} />
      <div className="record-inset"><Inset row={row} /></div>
      <Story items={items} />
      <footer><span>{t('story.print_sign')}</span><span>{t('story.print_review')}</span><small>{t('story.print_made', { at: fullTime(now), seat: [actor(session?.actor), session?.seat].filter(Boolean).join(' '), seq: row.seq })} · {word('inc.phase.', row.phase)}</small></footer>
    </div>
  )
}

function Sent({ row, now }: { row: IncidentRow; now: number }) {
  const { t, word } = useText()
  const sent = row.assignments ?? []
  if (sent.length === 0) return null
  return (
    <section><h2>{t('story.print_units')}</h2>
      <table><thead><tr><th>{t('story.print_unit')}</th><th>{t('story.print_way')}</th>{['sign', 'depart', 'arrive', 'handle'].map((k) => <th key={k}>{word('story.interval.', k)}</th>)}</tr></thead>
        <tbody>{sent.map((a) => (
          <tr key={a.id}><td>{a.call_sign}</td><td>{a.level === 'two' ? 'Ⅱ' : 'Ⅰ'}{a.recalled ? ` ${t('story.recalled')}` : ''}</td>
            {['sign', 'depart', 'arrive', 'handle'].map((k) => {
              const s = a.intervals?.find((x) => x.kind === k)
              if (!s) return <td key={k}>—</td>
              const b = bar(s, now)
              return <td key={k} className={b.late ? 'over-limit' : ''}>{s.ended ? '—' : `${s.to ? clockTime(ms(s.to)) : '…'} (${duration(b.seconds)}${s.limit_s ? ` / ${duration(s.limit_s)}` : ''})`}</td>
            })}
          </tr>
        ))}</tbody></table>
    </section>
  )
}

function Reported({ row }: { row: IncidentRow }) {
  const { t, word, name, actor } = useText()
  const config = useConfig().data
  const list = row.feedback ?? []
  const files = (row.files ?? []).filter((f) => !f.withdrawn)
  return (
    <>
      {list.length > 0 && <section><h2>{t('story.print_feedback')}</h2>{list.map((f) => <p key={f.at + f.kind}>{fullTime(ms(f.at))} {word('form.kind.', f.kind)} {name(config?.results.find((r) => r.id === f.result)?.name, f.result)} · {actor(f.by)}</p>)}</section>}
      {files.length > 0 && <section><h2>{t('story.files')}</h2>{files.map((f) => <p key={f.id}>{f.name || t('story.file_unnamed')} · {t('story.print_digest', { type: f.type, digest: f.digest.slice(0, 16) })}</p>)}</section>}
    </>
  )
}

function Story({ items }: { items: readonly TimelineItem[] }) {
  const { t, actor, word } = useText()
  const said = useSaid()
  return (
    <section><h2>{t('story.print_timeline')}</h2>
      <table><thead><tr><th>{t('story.print_when')}</th><th>{t('story.print_who')}</th><th>{t('story.print_what')}</th></tr></thead>
        <tbody>{items.map((i) => (
          <tr key={i.seq}>
            <td>{fullTime(ms(i.happened))}{i.late_entry && <><br />{t('story.recorded', { at: fullTime(ms(i.at)) })} {i.happened_from !== 'clock' && word('story.from.', i.happened_from)}</>}</td>
            <td>{actor(i.actor)} {i.seat}</td><td>{said(i)}{i.text && ` “${i.text}”`}{i.power && ` [${word('story.power.', i.power)}]`}</td>
          </tr>
        ))}</tbody></table>
    </section>
  )
}
