import { byDebtor, useOwed } from '../../api/commander'
import { useBoard } from '../../api/hooks'
import type { Debt } from '../../api/types'
import { useText } from '../../i18n/i18n'
import { commanderTab, openAlerts, openReport } from '../../lib/commander'
import { openIncident } from '../../lib/focus'
import { duration } from '../../lib/time'
import { usePastOff } from '../../ui/past-off'
import type { Commander } from './use-commander'

/** What is late, by who owes it; whoever is latest comes first. */
export function OwedList({ desk }: { desk: Commander }) {
  const { t } = useText()
  const { asOf } = useBoard()
  const owed = useOwed(asOf)
  const groups = byDebtor(owed.data?.items ?? [], desk.session?.personas ?? [])
  return (
    <section aria-label={t('cmdr.owed')} aria-busy={owed.isPending}>
      <h2 className="h"><span>{t('cmdr.owed')}</span><span>{owed.data?.items?.length ?? ''}</span></h2>
      {!owed.data && <p className="hint">{t(owed.isError ? 'cmdr.owed_failed' : 'cmdr.owed_loading')}</p>}
      {owed.data && groups.length === 0 && <p className="hint good">{t('cmdr.owed_none')}</p>}
      {groups.map((g) => (
        <section key={g.who.kind + (g.who.id ?? '')} aria-label={desk.who(g.who)}>
          <h3 className="cmdr-who"><b>{desk.who(g.who)}</b> <span className="dim">{g.items.length}</span></h3>
          <ul>{g.items.map((d) => <Row key={d.subject + d.what} debt={d} desk={desk} />)}</ul>
        </section>
      ))}
    </section>
  )
}

function Row({ debt: d, desk }: { debt: Debt; desk: Commander }) {
  const { t, word } = useText()
  const chase = desk.chase(d)
  const off = usePastOff()
  const what = word('cmdr.what.', d.what)
  const isOrder = d.subject.startsWith('order:')
  const incident = d.number && !isOrder ? [...desk.incidents.values()].find((i) => i.number === d.number)?.id : undefined
  const open = () => {
    if (isOrder) commanderTab.set('orders')
    else if (d.what === 'alert') openAlerts()
    else if (d.what.startsWith('report_')) openReport(d.subject.slice('report:'.length))
    else if (incident) openIncident(incident)
  }
  return (
    <li className="cmdr-row owed">
      <span>{what}</span>
      <button type="button" className="link" onClick={open}>{isOrder ? t('cmdr.order', { number: d.number ?? '' }) : d.number ? `#${d.number}` : ''}</button>
      <span className="late end">{t('cmdr.owed_late', { time: duration(d.late_s) })}</span>
      {chase && <button type="button" className="btn small" aria-label={t('cmdr.chase_named', { who: desk.who(d.who), what })} {...off} onClick={() => void chase()}>{t('cmdr.chase')}</button>}
    </li>
  )
}
