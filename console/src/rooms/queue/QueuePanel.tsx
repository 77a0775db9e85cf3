import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useEffectEvent, useMemo, useRef, useState, type KeyboardEvent } from 'react'
import { useText } from '../../i18n/i18n'
import { focus } from '../../lib/focus'
import { holdOrder, type Held } from '../../lib/held-list'
import { keepChoice, keptChoice } from '../../lib/kept-choice'
import { composing, covered, writing } from '../../lib/keys'
import { openMenu } from '../../lib/menu'
import { useOf } from '../../lib/store'
import { useBoardRead, useConfig, useIncidents, useLinkState, useSession } from '../../api/hooks'
import { useThen } from '../../lib/present'
import { CallsNow, CallStrip } from './CallStrip'
import { QueueRow } from './QueueRow'
import './queue.css'
import { TimerList } from './TimerList'
import { tabs, useQueue, type Look, type Tab } from './use-queue'
import { useLate, useTimers } from './use-timers'
import { useWalk } from './use-walk'

type Props = { actor: string | undefined; seat: string | undefined; tab: Tab; onTab: (tab: Tab) => void; onEnter: () => void }

const holdKeysMs = 4000
const lookIds: readonly Look[] = ['my_seat', 'by_appointment']

/** What waits, and what is in hand. Nothing in it moves while the hand is on it. */
export function QueuePanel({ actor, seat, tab, onTab, onEnter }: Props) {
  const { t } = useText()
  const incidents = useIncidents()
  const wasRead = useBoardRead()
  const state = useLinkState()
  const then = useThen()?.at
  const [mine, setMine] = useState(false)
  const [timing, setTiming] = useState(false)
  const [look, setLook] = useState<Look>()
  const stations = useStations()
  const timers = useTimers()
  const late = useLate(timers)
  const { counts, looks, here, rest, ringing } = useQueue(tab, mine ? actor : undefined, seat, stations.on, look)
  const incident = useOf(focus, (f) => f.incident)
  const { cursor, step: walkTo } = useWalk(incident)
  const scroller = useRef<HTMLDivElement>(null)
  const [pointer, setPointer] = useState(false)
  const [keysHeld, setKeysHeld] = useState(false)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)

  const order = useMemo(() => [...here.map((i) => i.id), '-', ...rest.map((i) => i.id)], [here, rest])
  const shownFor = `${tab}${mine}${stations.on ?? ''}${look ?? ''}${then ?? ''}` // Another moment of the past is another list: nothing of it is held.
  const [view, setView] = useState<{ for: string; held: Held }>({ for: shownFor, held: holdOrder({ shown: [], waiting: [], gone: new Set() }, order, false) })
  const held = holdOrder(view.held, order, (pointer || keysHeld) && view.for === shownFor)
  const signature = `${shownFor}|${held.shown.join()}|${held.waiting.join()}`
  // oxlint-disable-next-line react/exhaustive-deps -- the signature stands for everything that is shown
  useEffect(() => setView({ for: shownFor, held }), [signature])
  useEffect(() => () => clearTimeout(timer.current), [])

  const hereIds = useMemo(() => new Set(here.map((i) => i.id)), [here])
  const split = held.shown.indexOf('-')
  const virtual = useVirtualizer({
    count: held.shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: (n) => (n < split ? 48 : 28),
    getItemKey: (n) => `${held.shown[n] ?? n}${n < split}`,
    overscan: 8,
  })

  // R shows what is owed, unless the open incident has something to be returned: then the letter is its own.
  const onTimers = useEffectEvent((e: globalThis.KeyboardEvent) => {
    if (e.key.toUpperCase() !== 'R' || composing(e) || e.ctrlKey || e.altKey || e.metaKey || writing(e.target)) return
    if (covered() || focus.get().form !== 'none') return
    if (incidents.get(focus.get().incident)?.next?.some((s) => s.verb === 'return' && s.allowed)) return
    e.preventDefault()
    e.stopPropagation()
    setTiming((on) => !on)
    requestAnimationFrame(() => document.querySelector<HTMLElement>('.queue [role=listbox]')?.focus())
  })
  useEffect(() => {
    const listen = (e: globalThis.KeyboardEvent) => onTimers(e)
    window.addEventListener('keydown', listen, true)
    return () => window.removeEventListener('keydown', listen, true)
  }, [])

  const letGo = () => {
    setPointer(false)
    setKeysHeld(false)
  }
  const onKeyDown = (e: KeyboardEvent) => {
    if (composing(e)) return
    const ids = held.shown.filter((id) => id !== '-' && incidents.has(id))
    const at = ids.indexOf(cursor)
    const step = e.key === 'ArrowDown' ? 1 : e.key === 'ArrowUp' ? -1 : 0
    if (step !== 0) {
      const id = ids[Math.min(ids.length - 1, Math.max(0, at + step))]
      if (id) {
        walkTo(id, e.timeStamp)
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
          <button key={id} type="button" role="tab" aria-selected={id === tab && !timing && !look} title={`Alt ${n + 1}`} onClick={() => { setTiming(false); setLook(undefined); onTab(id) }}>
            {t(`queue.${id}`)} <b>{wasRead ? counts[id] : '–'}</b>
          </button>
        ))}
      </div>
      <div className="filters" role="group" aria-label={t('disp.filters')}>
        <button type="button" aria-pressed={mine} onClick={() => setMine(!mine)}>{t('queue.mine')}</button>
        {lookIds.map((id) => (
          <button key={id} type="button" aria-pressed={look === id} onClick={() => { setTiming(false); setLook(look === id ? undefined : id) }}>{t(`intake.${id}`)} <b>{wasRead ? looks[id] : '–'}</b></button>
        ))}
        <button type="button" aria-pressed={stations.on !== undefined} onClick={() => stations.turn()}>{t('disp.station')}</button>
        {stations.on !== undefined && (
          <select aria-label={t('disp.which_station')} value={stations.chosen} onChange={(e) => stations.choose(e.target.value)}>
            {stations.all.map((s) => <option key={s.id} value={s.id}>{s.name}</option>)}
          </select>
        )}
        <button type="button" className={late > 0 ? 'timers-on late' : 'timers-on'} aria-pressed={timing} aria-keyshortcuts="R" onClick={() => setTiming(!timing)}>{late > 0 && <span aria-hidden="true">! </span>}{t('disp.timers')} <b>{wasRead ? timers.length : '–'}</b> <kbd>R</kbd></button>
      </div>
      {then !== undefined && <CallsNow />}
      <CallStrip calls={ringing} />
      {!wasRead && <p className={state === 'failed' ? 'hint late' : 'hint'} role="status">{t(state === 'failed' ? 'app.failed' : 'queue.unread')}</p>}
      {wasRead && timing && <div className="list-frame"><TimerList timers={timers} /></div>}
      <div className="list-frame" hidden={!wasRead || timing}>
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
        aria-activedescendant={cursor ? `row-${cursor}` : undefined}
        onPointerEnter={() => setPointer(true)}
        onPointerLeave={letGo}
        onKeyDown={onKeyDown}
        onContextMenu={(e) => {
          const row = e.target instanceof Element ? e.target.closest('[data-id]') : null
          const id = row?.getAttribute('data-id') ?? incident
          if (id !== '') openMenu({ kind: 'incident', id }, e, row ?? document.getElementById(`row-${id}`))
        }}
      >
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {virtual.getVirtualItems().map((item) => {
            const id = held.shown[item.index] ?? ''
            const place = { transform: `translateY(${item.start}px)`, height: item.size }
            if (id === '-') {
              return (
                <div key="-" className="slot section" style={place} role="presentation">
                  {split === 0 && <span className="empty">{look ? t(`intake.none_${look}`) : mine ? t('queue.empty.mine') : t(`queue.empty.${tab}`)}</span>}
                  {!look && <span>{t(tab === 'to_dispatch' ? 'queue.rest' : 'queue.others')} {rest.length}</span>}
                </div>
              )
            }
            const row = incidents.get(id)
            return (
              <div key={item.key} className="slot" style={place}>
                {row && <QueueRow row={row} wide={item.index < split} left={item.index < split && !hereIds.has(id)} selected={id === cursor} />}
              </div>
            )
          })}
        </div>
      </div>
      </div>
    </section>
  )
}

type Stations = { all: readonly { id: string; name: string }[]; chosen: string; on: string | undefined; turn: () => void; choose: (id: string) => void }

/** The stations whose incidents may be looked at alone: a station desk's own, any for the centre. The choice is remembered. */
function useStations(): Stations {
  const { name } = useText()
  const config = useConfig().data
  const own = useSession().data?.org
  const all = (config?.stations ?? []).filter((s) => s.kind === 'station').map((s) => ({ id: s.id, name: name(s.name, s.id) }))
  const [on, setOn] = useState(false)
  const [picked, setPicked] = useState<string>()
  const ids = all.map((s) => s.id)
  const chosen = picked ?? keptChoice('station', ids) ?? (own && ids.includes(own) ? own : ids[0]) ?? ''
  const choose = (id: string) => {
    keepChoice('station', id)
    setPicked(id)
  }
  return { all, chosen, on: on && chosen !== '' ? chosen : undefined, turn: () => setOn(!on), choose }
}
