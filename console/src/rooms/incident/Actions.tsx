import { useState } from 'react'
import type { Step } from '../../api/types'
import { isKey, useText, type Key } from '../../i18n/i18n'
import type { useIncidentPanel } from './use-incident-panel'
import { upFront, verbs } from './verbs'

type Props = { panel: ReturnType<typeof useIncidentPanel>; open: string; onVerb: (verb: string) => void }

/** What may be done now. What may not stays visible and says why, in the server's reason. */
export function Actions({ panel, open, onVerb }: Props) {
  const { t, word, reason } = useText()
  const [more, setMore] = useState(false)
  const [why, setWhy] = useState('')
  const { row, rec, dispatch, settled, sending, selected, armed, press, names, busy } = panel
  const steps = (row?.next ?? []).filter((s) => s.verb !== 'dispatch' && verbs[s.verb])
  const shown = more ? steps : steps.filter((s) => upFront.has(s.verb))
  const explain = (s: Step) => setWhy(s.allowed ? '' : t('inc.why_off', { verb: word('verb.', s.verb), reason: reason(s) }))
  // Only what the command line understands is taught.
  const how = (verb: string) => (isKey(`how.${verb}`) ? `› ${t(`how.${verb}` as Key, { number: row?.number })}` : word('verb.', verb))
  const off = dispatch !== undefined && !dispatch.allowed
  const nobody = !off && rec.data !== undefined && selected.length === 0
  const next = settled ? steps.find((s) => s.allowed && (s.verb === 'review' || s.verb === 'close'))?.verb : undefined
  return (
    <div className="actions" role="group" aria-label={t('inc.actions')} onPointerLeave={() => setWhy('')}>
      {dispatch && sending && (
        <button
          type="button"
          className={armed ? 'btn send armed' : nobody ? 'btn send' : 'btn go send'}
          aria-disabled={off || busy}
          title={off ? reason(dispatch) : t('how.dispatch', { units: names(selected), number: row?.number })}
          onPointerEnter={() => explain(dispatch)}
          onFocus={() => explain(dispatch)}
          onClick={(e) => (off ? explain(dispatch) : press(e.detail > 0))}
        >
          {armed ? t('rec.armed', { units: names(armed) }) : nobody ? t('rec.nobody') : selected.length > 0 && !off ? t('rec.send_count', { units: names(selected) }) : t('rec.send')}
          {!off && !nobody && <kbd>⏎⏎</kbd>}
        </button>
      )}
      {shown.map((s) => (
        <button
          key={s.verb}
          type="button"
          className={s.verb === next ? 'btn go' : 'btn'}
          aria-disabled={!s.allowed}
          aria-expanded={open === s.verb}
          aria-keyshortcuts={verbs[s.verb]?.key}
          title={s.allowed ? how(s.verb) : reason(s)}
          onPointerEnter={() => explain(s)}
          onFocus={() => explain(s)}
          onClick={() => (s.allowed ? onVerb(s.verb) : explain(s))}
        >
          {word('verb.', s.verb)} <kbd>{verbs[s.verb]?.key}</kbd>
        </button>
      ))}
      {dispatch && !sending && (
        <button type="button" className="btn" aria-disabled={off} title={off ? reason(dispatch) : t('rec.send_more')} onPointerEnter={() => explain(dispatch)} onFocus={() => explain(dispatch)} onClick={() => (off ? explain(dispatch) : panel.sendMore())}>{t('rec.send')}</button>
      )}
      <button type="button" className="btn plain" aria-expanded={more} onClick={() => setMore(!more)}>{t(more ? 'app.less' : 'app.more')}</button>
      <p className="why" aria-live="polite" title={why}>{why}</p>
    </div>
  )
}
