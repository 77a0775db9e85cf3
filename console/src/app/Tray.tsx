import { useEffect, useRef, useState } from 'react'
import { board } from '../api/connection'
import { outgoing } from '../api/outgoing'
import { useText } from '../i18n/i18n'
import { notices, notify, openIncident, readNotices, type Notice } from '../lib/focus'
import { composing } from '../lib/keys'
import { useStore } from '../lib/store'
import { clockTime } from '../lib/time'

/** The one place for what happened to this person's actions: the newest line, how many were not read, all of them. */
export function Tray() {
  const { t } = useText()
  const held = useStore(notices)
  const [open, setOpen] = useState(false)
  const box = useRef<HTMLSpanElement>(null)
  const newest = held[0]
  const unread = held.filter((n) => !n.read).length
  useEffect(() => outgoing.onStored((item) => { if (!item.card) notify(t('frame.unsent_stored', { what: item.words })) }), [t])
  useEffect(() => {
    if (open) readNotices()
  }, [open, held])
  useEffect(() => {
    if (!open) return
    const leave = (e: Event) => {
      if (e instanceof KeyboardEvent && composing(e)) return
      if (e instanceof KeyboardEvent ? e.key === 'Escape' : !box.current?.contains(e.target as Node)) setOpen(false)
      if (e instanceof KeyboardEvent && e.key === 'Escape') e.stopPropagation()
    }
    window.addEventListener('pointerdown', leave)
    window.addEventListener('keydown', leave, true)
    return () => {
      window.removeEventListener('pointerdown', leave)
      window.removeEventListener('keydown', leave, true)
    }
  }, [open])
  return (
    <span ref={box} className="tray">
      <span className={newest ? `newest ${newest.tone}` : 'newest'} role="status" aria-live="polite" title={newest?.text}><span>{newest?.text}</span></span>
      {newest?.undo && <button type="button" className="btn small" onClick={newest.undo}>{t('frame.undo')}</button>}
      <button type="button" className={unread > 0 ? 'btn small unread' : 'btn small'} aria-expanded={open} onClick={() => setOpen(!open)}>{t('top.notices', { count: unread })}</button>
      {open && (
        <ul className="tray-list" aria-label={t('frame.notices')}>
          {held.length === 0 && <li>{t('top.notices_none')}</li>}
          {held.map((n) => <Line key={n.id} notice={n} onOpen={() => setOpen(false)} />)}
        </ul>
      )}
    </span>
  )
}

function Line({ notice, onOpen }: { notice: Notice; onOpen: () => void }) {
  const { t } = useText()
  const number = Number(/#(\d+)/.exec(notice.text)?.[1])
  const about = [...board.get().incidents.values()].find((i) => i.number === number)
  return (
    <li className={notice.tone}>
      <time className="dim">{clockTime(notice.at)}</time> {notice.text}
      {about && <button type="button" className="btn small plain" onClick={() => { openIncident(about.id); onOpen() }}>{t('frame.open')}</button>}
      {notice.undo && <button type="button" className="btn small" onClick={notice.undo}>{t('frame.undo')}</button>}
    </li>
  )
}
