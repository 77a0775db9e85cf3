import { useEffect, useRef, useState, type FormEvent } from 'react'
import { useSession, useUnits } from '../api/hooks'
import type { UnitRow } from '../api/types'
import { useText } from '../i18n/i18n'
import { focus, openIncident, sheet, showOnMap } from '../lib/focus'
import { composing } from '../lib/keys'
import { useStore } from '../lib/store'
import { clockTime, ms } from '../lib/time'
import { Dialog } from '../ui/Dialog'
import { Shape } from '../ui/marks'
import { NowMark } from '../ui/NowMark'
import { aboutUnit, tell } from '../ui/tell'
import { Age, Since } from '../ui/ticking'
import { inDanger, untaken } from './duress'
import './duress.css'

/** Every officer in danger: who, since when, where last seen, on which incident, and who has taken it up. */
export function DuressList({ onClose }: { onClose: () => void }) {
  const { t } = useText()
  const danger = inDanger(useUnits())
  return (
    <Dialog title={t('top.duress_list')} onClose={onClose}>
      {danger.length === 0 && <p className="hint">{t('top.no_duress')}</p>}
      <ul className="duress-list">{danger.map((u, n) => <Officer key={u.id} unit={u} first={n === 0} onGo={onClose} />)}</ul>
    </Dialog>
  )
}

/**
 * Officers in danger whom nobody has taken up: a red frame around the whole desk, and the list, until somebody says
 * what is done; the sound is the seat's (use-sounds.ts). It comes by itself, takes the keyboard from nobody, and nothing closes it but that word.
 */
export function DuressWatch() {
  const { t } = useText()
  const alone = untaken(useUnits())
  const signed = useSession().data !== undefined
  const open = useStore(sheet) === 'duress'
  if (!signed || alone.length === 0) return null
  return (
    <>
      <div className="duress-frame" aria-hidden="true" />
      {!open && (
        <section className="duress-watch" role="alertdialog" aria-label={t('disp.duress_title')} aria-live="assertive">
          <header><b><span aria-hidden="true">◆</span> {t('disp.duress_title')}</b> <span>{t('disp.duress_unseen')}</span> <NowMark /> <kbd>F9</kbd></header>
          <ul className="duress-list">{alone.map((u) => <Officer key={u.id} unit={u} first={false} onGo={() => undefined} />)}</ul>
        </section>
      )}
    </>
  )
}

type OfficerProps = { unit: UnitRow; first: boolean; onGo: () => void }

function Officer({ unit: u, first, onGo }: OfficerProps) {
  const { t, name, actor } = useText()
  const d = u.flags?.duress
  const at = u.position ?? d?.place
  return (
    <li>
      <div className="officer">
        <Shape look="duress" /> <b>{u.call_sign}</b> <span>{name(u.kind_name, u.kind)}</span> <Since at={d?.since} className="late" />
        <span className="dim">{u.position ? <>{t('rec.position', { age: '' })} <Age at={u.position.at} /></> : t('unit.position_none')}</span>
        {at && <button type="button" className="btn small" onClick={() => { showOnMap(at, 16); focus.set((f) => ({ ...f, unit: u.id })); onGo() }}>{t('unit.center')}</button>}
        {u.incident && <button type="button" className="btn small" onClick={() => { openIncident(u.incident ?? ''); onGo() }}>{t('unit.open_incident', { number: u.incident_number })}</button>}
      </div>
      {d?.acked_by ? <p className="dim">{t('disp.duress_taken', { by: actor(d.acked_by), at: clockTime(ms(d.acked_at)) })}</p> : <TakeUp unit={u} first={first} />}
    </li>
  )
}

/** Takes it up with a word of what is done. A seat that may not sees why, and whom to tell. */
function TakeUp({ unit, first }: { unit: UnitRow; first: boolean }) {
  const { t, reason } = useText()
  const [words, setWords] = useState('')
  const [busy, setBusy] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  // Whoever opened the list came to write this. The sheet takes the keyboard when it opens, so this waits for it.
  useEffect(() => {
    if (first) queueMicrotask(() => input.current?.focus())
  }, [first])
  const step = unit.next?.find((s) => s.verb === 'acknowledge_duress')
  if (step && !step.allowed) return <p className="soon" title={reason(step)}>{t('disp.duress_cannot')}</p>
  const submit = async (e: FormEvent) => {
    e.preventDefault()
    if (busy || words.trim() === '') return
    setBusy(true)
    const does = `${unit.call_sign} ${t('verb.acknowledge_duress')}`
    const told = await tell(aboutUnit(unit, 'acknowledge-duress', { text: words.trim() }, does), does)
    setBusy(false)
    if (told.state !== 'refused') setWords('') // It waits, or is done: the next Enter is not a second one.
  }
  return (
    <form className="take-up" onSubmit={(e) => void submit(e)}>
      <span className="late">{t('disp.duress_untaken')}</span>
      <input ref={input} aria-label={`${unit.call_sign} ${t('disp.duress_done')}`} placeholder={t('disp.duress_done')} value={words} maxLength={2000} onChange={(e) => setWords(e.target.value)} onKeyDown={(e) => { if (composing(e) && e.key === 'Enter') e.preventDefault() }} />
      <button type="submit" className="btn danger" aria-disabled={busy || words.trim() === ''}>{t('disp.duress_take')} <kbd>⏎</kbd></button>
    </form>
  )
}
