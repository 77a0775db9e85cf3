import { alertsOf, reporting } from '../api/commander'
import { useIncidents, useNow } from '../api/hooks'
import { useText } from '../i18n/i18n'
import { openAlerts, openReport } from '../lib/commander'
import { duration, ms } from '../lib/time'
import { NowMark } from '../ui/NowMark'

/** Alerts that nobody has acknowledged, and the clock of the urgent report that is owed next. */
export function CommanderMark() {
  const { t, word } = useText()
  const incidents = useIncidents()
  const now = useNow()
  const waiting = alertsOf(incidents.values()).open.length
  const next = reporting(incidents.values())[0]
  const left = next?.report?.due ? (ms(next.report.due) - now) / 1000 : 0
  return (
    <>
      {waiting > 0 && (
        <button type="button" className="void-alarm loud" role="alert" aria-keyshortcuts="F6" title={`${t('cmdr.alerts')} F6`} onClick={openAlerts}>
          <span aria-hidden="true">!</span> <b>{t('cmdr.top_alerts', { count: waiting })}</b> <kbd>F6</kbd> <NowMark />
        </button>
      )}
      {next && (
        <button type="button" className={left < 0 ? 'count red' : left < 300 ? 'count amber' : 'count'} title={t('cmdr.top_report_help', { number: next.number })} onClick={() => openReport(next.id)}>
          {word('cmdr.report.', next.report?.kind)} <b>{left < 0 ? `+${duration(-left)}` : duration(left)}</b>
        </button>
      )}
    </>
  )
}
