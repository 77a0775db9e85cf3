import { useMemo, useState } from 'react'
import { worldNow } from '../../api/connection'
import { reporting, useFilings, useReportDraft } from '../../api/commander'
import { useNow } from '../../api/hooks'
import type { Finding } from '../../api/types'
import { useText } from '../../i18n/i18n'
import { reportOf } from '../../lib/commander'
import { focus, notify, openIncident } from '../../lib/focus'
import { useThen } from '../../lib/present'
import { createStore, useStore } from '../../lib/store'
import { clockTime, duration, ms } from '../../lib/time'
import { page, sentences, type Sentence } from './report-text'
import { written, type Commander } from './use-commander'

/** What was written on a page and not filed yet, by incident and kind; it stays while other panels are looked at. */
const pages = createStore<Readonly<Record<string, { text: string; facts: number }>>>({})

/** One page: the urgent report about an incident with its clock, its words, and the records that they rest on. */
export function ReportPage({ desk }: { desk: Commander }) {
  const { t } = useText()
  const chosen = useStore(reportOf)
  const open = useStore(focus).incident
  const owing = reporting(desk.incidents.values())
  const id = [chosen, owing[0]?.id, open].find((x) => x && desk.incidents.has(x)) ?? ''
  const row = desk.incidents.get(id)
  if (!row) return <p className="hint">{t('cmdr.no_report')}</p>
  const others = [...new Map([row, ...owing, ...(desk.incidents.has(open) ? [desk.incidents.get(open)!] : [])].map((i) => [i.id, i])).values()]
  return (
    <section className="cmdr-report" aria-label={t('cmdr.reports')}>
      <div className="field cmdr-bar">
        <label htmlFor="cmdr-of">{t('cmdr.pick_incident')}</label>
        <div>
          <select id="cmdr-of" value={id} onChange={(e) => reportOf.set(e.target.value)}>{others.map((i) => <option key={i.id} value={i.id}>#{i.number} {i.place?.address ?? i.place?.street ?? ''}</option>)}</select>
          <button type="button" className="link" onClick={() => openIncident(id)}>#{row.number}</button>
        </div>
      </div>
      <Page key={id} desk={desk} id={id} />
    </section>
  )
}

const kinds = ['first', 'follow', 'final'] as const

function Page({ desk, id }: { desk: Commander; id: string }) {
  const { t, word, reason } = useText()
  const then = useThen() !== undefined
  const row = desk.incidents.get(id)
  const filed = useFilings(id, row?.seq)
  const next = filed.data?.next ?? []
  const [picked, setKind] = useState('')
  const kind = picked || row?.report?.kind || (kinds.find((k) => next.find((s) => s.verb === k)?.allowed) ?? 'first')
  const step = next.find((s) => s.verb === kind)
  return (
    <>
      <div className="btns cmdr-bar" role="radiogroup" aria-label={t('cmdr.kind')}>
        {kinds.map((k) => {
          const s = next.find((x) => x.verb === k)
          return <button key={k} type="button" role="radio" aria-checked={kind === k} className={kind === k ? 'btn small on' : 'btn small'} title={s && !s.allowed ? reason(s) : undefined} onClick={() => setKind(k)}>{word('cmdr.report.', k)}</button>
        })}
        <Clock due={row?.report?.kind === kind ? row.report.due : undefined} />
      </div>
      {then ? <p className="hint">{t('story.past_no_draft')}</p> : <Draft key={kind} desk={desk} id={id} kind={kind} off={step && !step.allowed ? reason(step) : ''} onFiled={() => setKind('')} count={filed.data?.items?.length ?? 0} />}
      {filed.data?.items && filed.data.items.length > 0 && (
        <section aria-label={t('cmdr.filed_list')}>
          <h2 className="h"><span>{t('cmdr.filed_list')}</span><span className="end">{t('cmdr.never_edited')}</span></h2>
          <ol>
            {filed.data.items.map((f) => (
              <li key={f.n} className="cmdr-row">
                <p className="what"><b>{t('cmdr.filed_row', { n: f.n, kind: word('cmdr.report.', f.kind), time: clockTime(ms(f.at)) })}</b>{f.late && <span className="late">{t('cmdr.filed_late')}</span>}{f.corrects ? <span>{t('cmdr.corrects', { n: f.corrects })}</span> : null}</p>
                <p className="words">{f.text}</p>
              </li>
            ))}
          </ol>
        </section>
      )}
    </>
  )
}

function Clock({ due }: { due: string | undefined }) {
  const { t } = useText()
  const now = useNow()
  if (!due) return <span className="dim end">{t('cmdr.no_clock')}</span>
  const left = (ms(due) - now) / 1000
  return <b className={left < 0 ? 'late end' : left < 300 ? 'soon end' : 'end'} role="timer">{t(left < 0 ? 'cmdr.over' : 'cmdr.left', { time: duration(Math.abs(left)) })}</b>
}

function Draft({ desk, id, kind, off, onFiled, count }: { desk: Commander; id: string; kind: string; off: string; onFiled: () => void; count: number }) {
  const { t, word, lang } = useText()
  const row = desk.incidents.get(id)
  const draft = useReportDraft(id, kind, row?.seq)
  const [corrects, setCorrects] = useState('')
  const key = `${id} ${kind} ${lang}`
  const held = useStore(pages)[key]
  const findings = draft.data?.findings ?? []
  const made = sentences(desk.words, findings as Finding[])
  const facts = draft.data?.facts?.length ?? 0
  const drafted = useMemo(() => (draft.dataUpdatedAt > 0 ? worldNow() : Number.NaN), [draft.dataUpdatedAt]) // By the world's clock, as every time on the page.
  const fresh = draft.data ? page(desk.words, kind, t('cmdr.to_superior'), made, findings as Finding[], desk.centre, written(t, drafted)) : ''
  const text = held?.text ?? fresh
  const edit = (words: string) => pages.set((all) => ({ ...all, [key]: { text: words, facts: held?.facts ?? facts } }))
  const drop = () => pages.set((all) => Object.fromEntries(Object.entries(all).filter(([k]) => k !== key)))
  const file = async () => {
    if (off) return notify(off, 'bad')
    const body = { kind, text: text.trim(), ...(corrects ? { corrects: Number(corrects) } : {}) }
    const intent = { path: `/incidents/${id}/reports`, body, words: `#${row?.number ?? ''} ${t('cmdr.file')} ${word('cmdr.report.', kind)}`, subject: `incident/${id}` }
    if (!(await desk.once(`report ${id}`, intent, t('cmdr.filed', { number: row?.number ?? '', kind: word('cmdr.report.', kind) })))) return
    drop()
    onFiled()
  }
  return (
    <>
      {draft.isError && <p className="hint late" role="alert">{t('cmdr.report_failed')}</p>}
      <label className="h" htmlFor="cmdr-words"><span>{t('cmdr.report_text')} → {t('cmdr.to_superior')}</span>{held && <span className="end">{t('cmdr.edited')}</span>}</label>
      <textarea id="cmdr-words" className="cmdr-words" rows={14} placeholder={draft.isPending ? t('cmdr.drafting') : undefined} value={text} onChange={(e) => edit(e.target.value)} />
      {held && held.facts !== facts && <p className="hint soon" role="status">{t('cmdr.facts_moved')}</p>}
      <div className="btns cmdr-bar">
        <button type="button" className="btn go" aria-disabled={off !== '' || text.trim() === ''} title={off || undefined} onClick={() => void file()}>{t('cmdr.file')}</button>
        <button type="button" className="btn" onClick={() => window.print()}>{t('cmdr.print')}</button>
        {held && <button type="button" className="btn" onClick={drop}>{t('cmdr.remake')}</button>}
        {kind === 'follow' && count > 0 && (
          <select aria-label={t('cmdr.report.correct')} value={corrects} onChange={(e) => setCorrects(e.target.value)}>
            <option value="">{t('cmdr.report.follow')}</option>
            {Array.from({ length: count }, (_, n) => <option key={n + 1} value={n + 1}>{t('cmdr.corrects', { n: n + 1 })}</option>)}
          </select>
        )}
      </div>
      <Sources made={made} />
    </>
  )
}

/** Beside the words: which records each sentence rests on. */
function Sources({ made }: { made: readonly Sentence[] }) {
  const { t } = useText()
  return (
    <section aria-label={t('cmdr.sources')}>
      <h2 className="h"><span>{t('cmdr.sources')}</span></h2>
      <ol>{made.map((s, n) => <li key={`${n} ${s.facts[0] ?? ''}`} className="cmdr-source"><span>{s.text}</span> <small className="dim">{t('cmdr.source', { seqs: s.facts.join(' ') })}</small></li>)}</ol>
    </section>
  )
}
