import { useVirtualizer } from '@tanstack/react-virtual'
import { memo, useRef, useState, type KeyboardEvent } from 'react'
import { board } from '../../api/connection'
import { useConfig, useNow } from '../../api/hooks'
import { useText } from '../../i18n/i18n'
import { openIncident } from '../../lib/focus'
import { composing } from '../../lib/keys'
import { duration, fullTime } from '../../lib/time'
import { usePastOff } from '../../ui/past-off'
import { aboutIncident, aboutUnit, tell } from '../../ui/tell'
import { timerKinds, type Timer } from './timers'

type Line = { head: Timer['kind']; count: number } | { timer: Timer }

/** What is owed, by whom and since when. Enter opens the incident, C presses whoever owes it, H says that a crew has answered. */
export function TimerList({ timers }: { timers: readonly Timer[] }) {
  const { t } = useText()
  const scroller = useRef<HTMLDivElement>(null)
  const [at, setAt] = useState('')
  const lines: Line[] = timerKinds.flatMap((kind): Line[] => {
    const these = timers.filter((x) => x.kind === kind)
    return these.length === 0 ? [] : [{ head: kind, count: these.length }, ...these.map((timer) => ({ timer }))]
  })
  // oxlint-disable-next-line react/incompatible-library -- its rows are memoized by what they show
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 28,
    getItemKey: (n) => lineKey(lines[n], n),
    overscan: 8,
  })
  const chosen = timers.find((x) => x.id === at) ?? timers[0]
  const chase = async (x: Timer) => {
    const who = x.sign || `#${x.number}`
    await tell(
      aboutIncident(board.get().incidents.get(x.incident) ?? { id: x.incident }, 'chase', { kind: x.kind, ...(x.unit ? { unit: x.unit } : {}) }, `#${x.number} ${t('disp.chase')} ${who}`),
      t('disp.chased', { who, what: t(`disp.owes.${x.kind}`) }),
    )
  }
  const hear = async (x: Timer) => {
    if (x.kind !== 'word' || !x.unit) return
    const unit = board.get().units.get(x.unit)
    if (unit) await tell(aboutUnit(unit, 'heard', {}, `${x.sign} ${t('verb.heard')}`), t('disp.heard', { unit: x.sign }))
  }
  const onKeyDown = (e: KeyboardEvent) => {
    if (composing(e) || e.ctrlKey || e.altKey || e.metaKey) return
    const step = e.key === 'ArrowDown' ? 1 : e.key === 'ArrowUp' ? -1 : 0
    if (step !== 0) {
      const n = chosen ? timers.indexOf(chosen) : -1
      const next = timers[Math.min(timers.length - 1, Math.max(0, at === '' ? 0 : n + step))]
      if (next) {
        setAt(next.id)
        virtual.scrollToIndex(lines.findIndex((l) => 'timer' in l && l.timer.id === next.id))
      }
    } else if (!chosen) return
    else if (e.key === 'Enter') openIncident(chosen.incident)
    else if (e.key.toUpperCase() === 'C') void chase(chosen)
    else if (e.key.toUpperCase() === 'H' && chosen.kind === 'word') void hear(chosen)
    else return
    e.preventDefault()
    e.stopPropagation()
  }
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- the list takes the keys for its rows
    <div ref={scroller} className="scroll timers" role="listbox" tabIndex={0} aria-label={t('disp.timers')} aria-activedescendant={chosen ? `timer-${chosen.id}` : undefined} onKeyDown={onKeyDown}>
      {timers.length === 0 && <p className="hint good">{t('disp.timers_none')}</p>}
      <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {virtual.getVirtualItems().map((item) => {
          const line = lines[item.index]
          return (
            <div key={item.key} className="slot" style={{ transform: `translateY(${item.start}px)`, height: item.size }} role="presentation">
              {line && ('head' in line
                ? <h3 className="timer-head"><span>{t(`disp.late.${line.head}`)}</span><b>{line.count}</b></h3>
                : <TimerRow timer={line.timer} selected={line.timer.id === chosen?.id} onChase={chase} onHear={hear} />)}
            </div>
          )
        })}
      </div>
    </div>
  )
}

const lineKey = (line: Line | undefined, n: number): string | number => (!line ? n : 'head' in line ? `head ${line.head}` : line.timer.id)

type RowProps = { timer: Timer; selected: boolean; onChase: (x: Timer) => void; onHear: (x: Timer) => void }

const TimerRow = memo(function TimerRow({ timer: x, selected, onChase, onHear }: RowProps) {
  const { t, name } = useText()
  const stations = useConfig().data?.stations
  const off = usePastOff()
  const org = x.org ? name(stations?.find((s) => s.id === x.org)?.name, x.org) : ''
  const who = [x.sign, org].filter(Boolean).join(' ') || t('app.unknown')
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the list that holds it takes the keys
    <div id={`timer-${x.id}`} role="option" tabIndex={-1} aria-selected={selected} aria-label={t('disp.timer', { who, what: t(`disp.owes.${x.kind}`), number: x.number })} className="timer-row" onClick={() => openIncident(x.incident)}>
      <b title={who}>{who}</b>
      <span className="dim">#{x.number}</span>
      <Lateness due={x.due} />
      <span className="timer-does">
        {x.chased > 0 && <em className="tag">{t('disp.chased_times', { times: x.chased })}</em>}
        {x.kind === 'word' && <button type="button" className="btn small" tabIndex={-1} {...off} onClick={(e) => { e.stopPropagation(); onHear(x) }}>{t('verb.heard')}</button>}
        <button type="button" className="btn small" tabIndex={-1} aria-label={`${t('disp.chase')} ${who} #${x.number}`} {...off} onClick={(e) => { e.stopPropagation(); onChase(x) }}>{t('disp.chase')}</button>
      </span>
    </div>
  )
}, (a, b) => a.selected === b.selected && a.timer.due === b.timer.due && a.timer.chased === b.timer.chased && a.timer.id === b.timer.id && a.timer.sign === b.timer.sign && a.timer.org === b.timer.org)

function Lateness({ due }: { due: number }) {
  const { t } = useText()
  const left = (due - useNow()) / 1000
  return <time className={left <= 0 ? 'late' : 'soon'} title={fullTime(due)}>{left <= 0 ? t('disp.over', { time: duration(-left) }) : t('disp.left', { time: duration(left) })}</time>
}
