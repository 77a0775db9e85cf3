import { useEffect, useRef } from 'react'
import { alertsOf, type Alert } from '../../api/commander'
import { useNow } from '../../api/hooks'
import { useText } from '../../i18n/i18n'
import { openReport } from '../../lib/commander'
import { notify, openIncident } from '../../lib/focus'
import { duration, ms } from '../../lib/time'
import { Since } from '../../ui/ticking'
import { NowMark } from '../../ui/NowMark'
import { useCommander, type Commander } from './use-commander'

/** Why the commander must know of incidents at once, also while he looks at the past. The first that waits has the keyboard: Enter acknowledges it. */
export function Alerts() {
  const { t, actor } = useText()
  const desk = useCommander()
  const { open, seen } = alertsOf(desk.incidents.values())
  const first = useRef<HTMLButtonElement>(null)
  const head = open[0] ? open[0].incident.id + open[0].id : ''
  useEffect(() => first.current?.focus(), [head])
  return (
    <>
      <section aria-label={t('cmdr.alerts')}>
        <h2 className="h"><span>{t('cmdr.alerts')}</span><span>{open.length}</span><NowMark /></h2>
        {open.length === 0 && <p className="hint good">{t('cmdr.no_alerts')}</p>}
        <ul>
          {open.map((a, n) => (
            <li key={a.incident.id + a.id} className="cmdr-row alert">
              <p className="what">
                <b className="late"><span aria-hidden="true">◆</span> {desk.alertName(a.id)}</b>
                <About alert={a} />
                <Since at={a.raised} className="end" />
              </p>
              {desk.alertReason(a.why) && <p>{desk.alertReason(a.why)}</p>}
              <p className="dim">{t('cmdr.asks')}</p>
              <div className="btns">
                <Acknowledge alert={a} desk={desk} hold={n === 0 ? first : undefined} />
                <NextReport alert={a} />
              </div>
            </li>
          ))}
        </ul>
      </section>
      {seen.length > 0 && (
        <section aria-label={t('cmdr.seen')}>
          <h2 className="h"><span>{t('cmdr.seen')}</span></h2>
          <ul>
            {seen.slice(0, 20).map((a) => (
              <li key={a.incident.id + a.id} className="cmdr-row"><p className="what"><b>{desk.alertName(a.id)}</b><About alert={a} /><span className="dim end">{t('cmdr.seen_by', { by: actor(a.acked_by) })}</span></p></li>
            ))}
          </ul>
        </section>
      )}
    </>
  )
}

function About({ alert: { incident: i } }: { alert: Alert }) {
  const { name } = useText()
  return <button type="button" className="link" onClick={() => openIncident(i.id)}>#{i.number} {name(i.type_name, i.type)} {i.place?.address ?? i.place?.street ?? ''}</button>
}

/** The server says whether this person may, and why not. */
function Acknowledge({ alert: a, desk, hold }: { alert: Alert; desk: Commander; hold: React.Ref<HTMLButtonElement> | undefined }) {
  const { t, reason } = useText()
  const step = a.incident.next?.find((s) => s.verb === 'acknowledge')
  const off = step !== undefined && !step.allowed
  const alert = desk.alertName(a.id)
  const go = () => (off ? notify(reason(step), 'bad') : void desk.once(a.incident.id + a.id, { path: `/incidents/${a.incident.id}/acknowledge`, body: { alert: a.id }, words: `#${a.incident.number} ${t('cmdr.acknowledge')} ${alert}`, subject: `incident/${a.incident.id}` }, t('cmdr.acknowledged', { number: a.incident.number, alert })))
  return <button ref={hold} type="button" className="btn go" aria-disabled={off} title={off ? reason(step) : undefined} aria-label={t('cmdr.acknowledge_named', { number: a.incident.number, alert })} onClick={go}>{t('cmdr.acknowledge')} {hold && <kbd>⏎</kbd>}</button>
}

function NextReport({ alert: { incident: i } }: { alert: Alert }) {
  const { t, word } = useText()
  const now = useNow()
  if (!i.report?.due) return null
  const left = (ms(i.report.due) - now) / 1000
  return <button type="button" className="btn" onClick={() => openReport(i.id)}>{t('cmdr.write_report', { kind: word('cmdr.report.', i.report.kind) })} <span className={left < 0 ? 'late' : ''}>{left < 0 ? `+${duration(-left)}` : duration(left)}</span></button>
}
