import { useEffect, useEffectEvent, useState } from 'react'
import { createPortal } from 'react-dom'
import { board, link, worldNow } from '../../api/connection'
import { useBoardNow, useBoardRead, useConfig, useLinkState, useSession } from '../../api/hooks'
import { useText } from '../../i18n/i18n'
import { focus, notify, openIncident, sheet } from '../../lib/focus'
import { composing } from '../../lib/keys'
import { useStore } from '../../lib/store'
import { duration, fullTime, ms } from '../../lib/time'
import { enterAll, type Entry } from './entries'
import { keepPack, keptPack } from './kept'
import { packOf, type Pack } from './pack'
import { PackPages } from './PackPages'
import { paperLeft, refill, takeNumbers } from './paper'

const keepEvery = 60_000

// What this screen holds, as a pack; undefined before it has read the room.
function useHeldPack(): Pack | undefined {
  const now = useBoardNow()
  const session = useSession().data
  const zone = useConfig().data?.zone
  return useBoardRead() ? packOf(now, session, zone, worldNow()) : undefined
}

/** Keeps a copy of the pack on this machine every minute, and numbers for its cards. It shows nothing. */
export function Keeper() {
  const { t } = useText()
  const known = useBoardRead()
  const session = useSession().data
  const zone = useConfig().data?.zone
  const keep = useEffectEvent(() => {
    if (link.get().state !== 'live') return
    void keepPack(packOf(board.get(), session, zone, worldNow())) // Sorting a whole room is dear: once a minute, not with each change.
    void refill()
  })
  useEffect(() => {
    if (!known) return
    keep()
    const timer = setInterval(() => keep(), keepEvery)
    return () => clearInterval(timer)
  }, [known])
  // A card that is under way goes on whatever panel is open.
  const onDone = useEffectEvent((e: Entry) => {
    notify(t('story.entry_done', { card: e.card, number: e.number ?? '' }))
    if (e.incident && focus.get().form === 'entry') openIncident(e.incident)
  })
  useEffect(() => enterAll((e) => onDone(e)), [])
  return null
}

/** The pack on the screen, as it will be printed. It needs no server: it is what this page holds, or what was kept. */
export function PackSheet() {
  const { t } = useText()
  const held = useHeldPack()
  const state = useLinkState()
  const have = useStore(paperLeft)
  const [kept, setKept] = useState<Pack>()
  const [blank, setBlank] = useState(4)
  const [printing, setPrinting] = useState<{ pack: Pack; numbers: number[]; blank: number }>()
  const pack = held ?? kept
  useEffect(() => { void keptPack().then(setKept) }, [])
  useEffect(() => { if (state === 'live') void refill() }, [state])
  const onKey = useEffectEvent((e: KeyboardEvent) => {
    if (e.key !== 'Escape' || composing(e)) return
    e.preventDefault()
    e.stopPropagation()
    sheet.set('')
  })
  useEffect(() => {
    const listen = (e: KeyboardEvent) => onKey(e)
    window.addEventListener('keydown', listen, true)
    return () => window.removeEventListener('keydown', listen, true)
  }, [])
  // It is on the paper as soon as it is drawn; the numbers are gone already.
  useEffect(() => {
    if (printing) window.print()
  }, [printing])
  const print = async () => {
    if (pack) setPrinting({ pack, numbers: await takeNumbers(blank), blank })
  }
  return (
    <section className="pack-sheet" role="dialog" aria-modal="true" aria-label={t('story.pack')}>
      <div className="pack-bar">
        <h1>{t('story.pack')}</h1>
        {pack ? <button type="button" className="btn go" autoFocus onClick={() => void print()}>{t('story.pack_print')}</button> : <span>{t('story.pack_none')}</span>}
        <label>{t('story.pack_cards')} <input type="number" min={0} max={40} value={blank} onChange={(e) => setBlank(Math.min(40, Math.max(0, Number(e.target.value))))} /></label>
        <span className={have < blank ? 'soon' : 'dim'}>{t('story.pack_left', { count: have })}</span>
        {state === 'live' ? <span className="dim">{t('story.pack_kept')}</span> : <b className="late">{t('story.pack_offline')}{pack && ` · ${t('story.pack_old', { time: duration((worldNow() - ms(pack.at)) / 1000) })}`}</b>}
        {pack && <span className="dim">{fullTime(ms(pack.at))}</span>}
        <button type="button" className="x" aria-label={t('app.close')} onClick={() => sheet.set('')}>×</button>
      </div>
      <div className="pack-scroll">{pack && <PackPages pack={pack} numbers={[]} blank={0} />}</div>
      {printing && createPortal(<div className="print-only"><PackPages {...printing} /></div>, document.body)}
    </section>
  )
}
