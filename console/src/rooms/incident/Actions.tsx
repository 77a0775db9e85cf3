import { useState } from 'react'
import type { Step } from '../../api/types'
import { isKey, useText, type Key } from '../../i18n/i18n'
import type { useIncidentPanel } from './use-incident-panel'
import { usePastOff } from '../../ui/past-off'
import { Quick, useQuick } from './Quick'
import { SendBox } from './SendBox'
import { isUpFront, verbs } from './verbs'

type Props = { panel: ReturnType<typeof useIncidentPanel>; open: string; onVerb: (verb: string) => void }

/** What may be done now. What may not stays visible and says why, in the server's reason. */
export function Actions({ panel, open, onVerb }: Props) {
  const { t, word, reason } = useText()
  const [more, setMore] = useState(false)
  const [why, setWhy] = useState('')
  const { row, rec, dispatch, settled, sending, selected, armed, press, names, busy } = panel
  const steps = (row?.next ?? []).filter((s) => s.verb !== 'dispatch' && verbs[s.verb])
  const shown = more ? steps : steps.filter((s) => row && isUpFront(s.verb, row))
  const explain = (s: Step) => setWhy(s.allowed ? '' : t('inc.why_off', { verb: word('verb.', s.verb), reason: reason(s) }))
  // Only what the command line understands is taught.
  const how = (verb: string) => (isKey(`how.${verb}`) ? `› ${t(`how.${verb}` as Key, { number: row?.number })}` : word('verb.', verb))
  const off = dispatch !== undefined && !dispatch.allowed
  const nobody = !off && rec.data !== undefined && selected.length === 0
  const quick = useQuick(row)
  const pastOff = usePastOff()
  const next = settled ? steps.find((s) => s.allowed && (s.verb === 'review' || s.verb === 'close'))?.verb : undefined
  return (
    <div className="actions" role="group" aria-label={t('inc.actions')} onPointerLeave={() => setWhy('')}>
      {row && panel.wished && <SendBox key={panel.wished.units.join()} wish={panel.wished} number={row.number} names={names} send={(units, way) => panel.send(units, rec.data?.advice, way)} />}
      {dispatch && sending && !panel.wished && (
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
      {quick.scene.length > 0 && <button type="button" className="btn" aria-expanded={quick.mode === 'scene'} aria-keyshortcuts="D" title={t('how.on_scene', { unit: quick.scene[0]?.sign })} {...pastOff} onClick={() => quick.turn('scene')}>{t('verb.on_scene')} <kbd>D</kbd></button>}
      {!off && <button type="button" className="btn" aria-expanded={quick.mode === 'near'} aria-keyshortcuts="G" title={t('how.near', { number: row?.number })} onClick={() => quick.turn('near')}>{t('disp.near')} <kbd>G</kbd></button>}
      <button type="button" className="btn plain" aria-expanded={more} onClick={() => setMore(!more)}>{t(more ? 'app.less' : 'app.more')}</button>
      <Quick quick={quick} />
      <p className="why" aria-live="polite">{why}</p>
    </div>
  )
}
