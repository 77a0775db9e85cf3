import { alertsOf, openOrders, reporting } from '../../api/commander'
import { useIncidents } from '../../api/hooks'
import { useText, type Key } from '../../i18n/i18n'
import { commanderTab, commanderTabs } from '../../lib/commander'
import { closePanel } from '../../lib/focus'
import { InPresent } from '../../lib/present'
import { useStore } from '../../lib/store'
import { Alerts } from './Alerts'
import { Orders } from './Orders'
import { OwedList } from './OwedList'
import { ReportPage } from './ReportPage'
import { useCommander } from './use-commander'
import './commander.css'

/** What the duty commander answers for: alerts, what is overdue and who owes it, orders, urgent reports. */
export function CommanderPanel() {
  const { t } = useText()
  const desk = useCommander()
  const tab = useStore(commanderTab)
  const counts = { owed: 0, orders: openOrders(desk.orders.values()).length, reports: reporting(desk.incidents.values()).length }
  return (
    <section className="panel commander" aria-label={t('cmdr.panel')}>
      <header className="head">
        <h1>{t('cmdr.panel')}</h1>
        <button type="button" className="x" aria-label={t('app.close')} title={`${t('app.close')} F7 Esc`} onClick={closePanel}>×</button>
      </header>
      <div className="tabs" role="tablist" aria-label={t('cmdr.panel')}>
        {commanderTabs.map((id) => (
          <button key={id} type="button" role="tab" id={`cmdr-tab-${id}`} aria-selected={tab === id} aria-controls="cmdr-part" onClick={() => commanderTab.set(id)}>
            {t(`cmdr.tab.${id}` as Key)}{id === 'alerts' ? <InPresent><AlertCount /></InPresent> : counts[id] > 0 && <> <b>{counts[id]}</b></>}
          </button>
        ))}
      </div>
      <div className="scroll" id="cmdr-part" role="tabpanel" aria-labelledby={`cmdr-tab-${tab}`}>
        {tab === 'alerts' && <InPresent><Alerts /></InPresent>}
        {tab === 'owed' && <OwedList desk={desk} />}
        {tab === 'orders' && <Orders desk={desk} />}
        {tab === 'reports' && <ReportPage desk={desk} />}
      </div>
    </section>
  )
}

function AlertCount() {
  const waiting = alertsOf(useIncidents().values()).open.length
  return waiting > 0 && <> <b className="late">{waiting}</b></>
}
