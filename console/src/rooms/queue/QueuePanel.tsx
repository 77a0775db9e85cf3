import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import { useText } from '../../i18n/i18n'
import { focus, openIncident } from '../../lib/focus'
import { holdOrder, type Held } from '../../lib/held-list'
import { composing } from '../../lib/keys'
import { useStore } from '../../lib/store'
import { useBoard, useBoardRead } from '../../api/hooks'
import { link } from '../../api/connection'
import { CallStrip } from './CallStrip'
import { QueueRow } from './QueueRow'
import { tabs, useQueue, type Tab } from './use-queue'

type Props = { actor: string | undefined; seat: string | undefined; tab: Tab; onTab: (tab: Tab) => void; onEnter: () => void }

const holdKeysMs = 4000

/** What waits, and what is in hand. Nothing in it moves while the hand is on it. */
export function QueuePanel({ actor, seat, tab, onTab, onEnter }: Props) {
  const { t } = useText()
  const { incidents } = useBoard()
  const wasRead = useBoardRead()
  const { state } = useStore(link)
  const [mine, setMine] = useState(false)
  const { counts, here, rest, ringing } = useQueue(tab, mine ? actor : undefined, seat)
  const { incident } = useStore(focus)
  const scroller = useRef<HTMLDivElement>(null)
  const [pointer, setPointer] = useState(false)
  const [keysHeld, setKeysHeld] = useState(false)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)

  const order = [...here.map((i) => i.id), '-', ...rest.map((i) => i.id)]
  const shownFor = `${tab}${mine}`
  const [view, setView] = useState<{ for: string; held: Held }>({ for: shownFor, held: holdOrder({ shown: [], waiting: [], gone: new Set() }, order, false) })
  const held = holdOrder(view.held, order, (pointer || keysHeld) && view.for === shownFor)
  const signature = `${shownFor}|${held.shown.join()}|${held.waiting.join()}`
  // oxlint-disable-next-line react/exhaustive-deps -- the signature stands for everything that is shown
  useEffect(() => setView({ for: shownFor, held }), [signature])
  useEffect(() => () => clearTimeout(timer.current), [])

  const hereIds = new Set(here.map((i) => i.id))
  const split = held.shown.indexOf('-')
  const virtual = useVirtualizer({
    count: held.shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: (n) => (n < split ? 48 : 28),
    getItemKey: (n) => `${held.shown[n] ?? n}${n < split}`,
    overscan: 8,
  })

  const letGo = () => {
    setPointer(false)
    setKeysHeld(false)
  }
  const onKeyDown = (e: KeyboardEvent) => {
    if (composing(e)) return
    const ids = held.shown.filter((id) => id !== '-' && incidents.has(id))
    const at = ids.indexOf(incident)
    const step = e.key === 'ArrowDown' ? 1 : e.key === 'ArrowUp' ? -1 : 0
    if (step !== 0) {
      const id = ids[Math.min(ids.length - 1, Math.max(0, at + step))]
      if (id) {
        openIncident(id)
        virtual.scrollToIndex(held.shown.indexOf(id))
      }
      setKeysHeld(true)
      clearTimeout(timer.current)
      timer.current = setTimeout(() => setKeysHeld(false), holdKeysMs)
    } else if (e.key === 'Enter') onEnter()
    else return
    e.preventDefault()
    e.stopPropagation()
  }

  return (
    <section className="panel queue" aria-label={t('queue.panel')}>
      <div className="tabs" role="tablist" aria-label={t('queue.tabs')}>
        {tabs.map((id, n) => (
          <button key={id} type="button" role="tab" aria-selected={id === tab} title={`Alt ${n + 1}`} onClick={() => onTab(id)}>
            {t(`queue.${id}`)} <b>{wasRead ? counts[id] : '–'}</b>
          </button>
        ))}
        <button type="button" className="filter" aria-pressed={mine} onClick={() => setMine(!mine)}>{t('queue.mine')}</button>
      </div>
      <CallStrip calls={ringing} />
      {!wasRead && <p className={state === 'failed' ? 'hint late' : 'hint'} role="status">{t(state === 'failed' ? 'app.failed' : 'queue.unread')}</p>}
      <div className="list-frame" hidden={!wasRead}>
      {held.waiting.length > 0 && (
        <button type="button" className={held.waiting.some((id) => incidents.get(id)?.priority === 'P1') ? 'waiting hot' : 'waiting'} onClick={letGo}>
          {t('queue.new', { count: held.waiting.length })}
        </button>
      )}
      <div
        ref={scroller}
        className="scroll"
        role="listbox"
        tabIndex={0}
        aria-label={t(`queue.${tab}`)}
        aria-activedescendant={incident ? `row-${incident}` : undefined}
        onPointerEnter={() => setPointer(true)}
        onPointerLeave={letGo}
        onKeyDown={onKeyDown}
      >
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {virtual.getVirtualItems().map((item) => {
            const id = held.shown[item.index] ?? ''
            const place = { transform: `translateY(${item.start}px)`, height: item.size }
            if (id === '-') {
              return (
                <div key="-" className="slot section" style={place} role="presentation">
                  {split === 0 && <span className="empty">{mine ? t('queue.empty.mine') : t(`queue.empty.${tab}`)}</span>}
                  <span>{t(tab === 'to_dispatch' ? 'queue.rest' : 'queue.others')} {rest.length}</span>
                </div>
              )
            }
            const row = incidents.get(id)
            return (
              <div key={item.key} className="slot" style={place}>
                {row && <QueueRow row={row} wide={item.index < split} left={item.index < split && !hereIds.has(id)} selected={id === incident} />}
              </div>
            )
          })}
        </div>
      </div>
      </div>
    </section>
  )
}
