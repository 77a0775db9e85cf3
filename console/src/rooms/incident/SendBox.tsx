import { useEffect, useEffectEvent, useState } from 'react'
import { useWeighing, type Weighed } from '../../api/dispatching'
import { useConfig } from '../../api/hooks'
import { useText } from '../../i18n/i18n'
import { composing, covered, writing } from '../../lib/keys'
import { wish, type Wish } from '../../lib/sending'
import { duration } from '../../lib/time'
import type { How } from './use-incident-panel'
import './dispatch.css'

type Props = { wish: Wish; number: number; send: (units: readonly string[], how: How) => Promise<boolean>; names: (units: readonly string[]) => string }

type Choice = { key: string; shown: string; words: string; does: () => void; tone: 'go' | 'danger' | 'plain' }

/**
 * Units that somebody wants to send here, with what that would leave uncovered. Nobody has gone yet. When somebody else was
 * quicker, Enter takes nobody away from him: that needs a key of its own.
 */
export function SendBox({ wish: asked, number, send, names }: Props) {
  const { t } = useText()
  const weighed = useWeighing(asked.incident, asked.units)
  const [busy, setBusy] = useState(false)
  const units = weighed.data?.units ?? []
  // Who was free when the box opened and is busy now was taken meanwhile: the key that would have sent him must not reassign him.
  const [wasFree, setWasFree] = useState<ReadonlySet<string>>()
  if (!wasFree && weighed.data) setWasFree(new Set(units.filter((u) => u.state === 'free').map((u) => u.unit)))
  const w = { ...asked, lost: asked.lost === true || units.some((u) => u.state === 'busy' && wasFree?.has(u.unit) === true) }
  const able = units.filter((u) => u.state === 'free' || u.state === 'busy')
  const held = able.filter((u) => u.state === 'busy')
  const close = () => wish.set(undefined)
  const go = (which: readonly Weighed[], how: How) => async () => {
    if (busy || which.length === 0) return
    setBusy(true)
    const sent = await send(which.map((u) => u.unit), how)
    setBusy(false)
    if (sent) close()
  }
  const free = able.filter((u) => u.state === 'free')
  const choices: Choice[] = []
  const add = (key: string, shown: string, words: string, does: () => unknown, tone: Choice['tone']) => choices.push({ key, shown, words, does: () => void does(), tone })
  if (w.lost) add('Enter', '⏎', free.length > 0 ? t('disp.send_rest', { units: names(free.map((u) => u.unit)) }) : t('disp.choose_anew'), free.length > 0 ? go(free, {}) : close, 'go')
  if (held.length > 0) {
    add(w.lost ? '1' : 'Enter', w.lost ? '1' : '⏎', t('disp.reassign'), go(able, { reassign: true }), w.lost ? 'danger' : 'go')
    add('2', '2', t('disp.stack'), go(able, { stack: true }), 'plain')
  } else if (able.length > 0 && !w.lost) add('Enter', '⏎', t('disp.send', { units: names(able.map((u) => u.unit)) }), go(able, {}), 'go')
  add('Escape', 'Esc', t('app.cancel'), close, 'plain')

  const onKey = useEffectEvent((e: KeyboardEvent) => {
    if (composing(e) || e.ctrlKey || e.altKey || e.metaKey || writing(e.target) || covered()) return
    if (e.key === 'Enter' && e.target instanceof HTMLButtonElement && e.target.closest('.send-box')) return
    const choice = choices.find((c) => c.key === e.key)
    if (!choice && e.key !== 'Enter') return
    e.preventDefault()
    e.stopPropagation()
    if (!e.repeat) choice?.does()
  })
  useEffect(() => {
    const listen = (e: KeyboardEvent) => onKey(e)
    window.addEventListener('keydown', listen, true)
    return () => window.removeEventListener('keydown', listen, true)
  }, [])

  return (
    <div className={w.lost ? 'send-box lost' : 'send-box'} role="alertdialog" aria-label={t('disp.box', { units: names(w.units), number })}>
      <p className="send-title">{w.lost ? t('disp.lost_title') : t('disp.box', { units: names(w.units), number })}</p>
      {weighed.isError && <p className="late">{t('disp.weigh_failed')}</p>}
      {!weighed.data && !weighed.isError && <p className="dim">{t('disp.weighing')}</p>}
      <ul>{units.map((u) => <WeighedLine key={u.unit} unit={u} lost={w.lost} />)}</ul>
      <div className="btns">
        {choices.map((c) => (
          <button key={c.key} type="button" className={c.tone === 'go' ? 'btn go' : c.tone === 'danger' ? 'btn danger' : 'btn'} aria-disabled={busy} onClick={c.does}>{c.words} <kbd>{c.shown}</kbd></button>
        ))}
      </div>
    </div>
  )
}

/** One unit: where it is now and who sent it there, what it would leave, and when it would be here. */
function WeighedLine({ unit: u, lost }: { unit: Weighed; lost: boolean }) {
  const { t, name, word, actor, reason } = useText()
  const config = useConfig().data
  const area = (id: string) => name(config?.stations.find((s) => s.id === id)?.name, id)
  const voids = [...new Set((u.cover?.voids ?? []).map((v) => v.area))]
  const sign = u.call_sign ?? u.unit
  return (
    <li>
      <b>{sign}</b>
      <span className="weighed">
        {u.state === 'free' && <span className="good">{t('disp.free')}</span>}
        {u.state === 'here' && <span className="dim">{t('disp.here')}</span>}
        {u.state === 'unknown' && <span className="late">{t('disp.unknown')}</span>}
        {u.state === 'off' && <span className="late">{reason(u.why)}</span>}
        {u.at && (
          <>
            <span className={lost ? 'late' : ''}>{lost ? t('disp.taken', { by: actor(u.at.by) || t('app.unknown'), number: u.at.number, time: duration(u.at.since_s) }) : t('disp.busy', { number: u.at.number, priority: u.at.priority ?? '', stage: word('unit.stage.', u.at.stage) })}</span>
            <span className={u.at.left === 0 ? 'late' : 'soon'}>{u.at.left === 0 && <span aria-hidden="true">! </span>}{t(u.at.left === 0 ? 'disp.leaves_none' : 'disp.leaves', { number: u.at.number, left: u.at.left })}</span>
            {Boolean(u.behind?.length) && <span className="soon">{t('disp.behind', { numbers: u.behind?.map((n) => `#${n}`) })}</span>}
          </>
        )}
        {voids.map((v) => <span key={v} className="late"><span aria-hidden="true">! </span>{t('rec.chip.void', { area: area(v) })}</span>)}
        {u.cover && voids.length === 0 && u.cover.loss_s >= 0.1 && <span className="dim">{t('rec.chip.cover', { s: Math.round(u.cover.loss_s * 10) / 10 })}</span>}
      </span>
      <span className="num">{u.eta_s === undefined ? '' : t('rec.eta', { time: duration(u.eta_s) })}</span>
    </li>
  )
}
