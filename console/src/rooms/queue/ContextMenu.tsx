import { useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react'
import { write } from '../../api/client'
import { send } from '../../api/outgoing'
import { useBoard, useCry } from '../../api/hooks'
import type { IncidentRow, UnitRow } from '../../api/types'
import { useText } from '../../i18n/i18n'
import { focus, notify, openIncident, showOnMap } from '../../lib/focus'
import { composing } from '../../lib/keys'
import { menu } from '../../lib/menu'
import { askPanel, askToSend } from '../../lib/sending'
import { useStore } from '../../lib/store'
import { usePastOff } from '../../ui/past-off'
import './queue.css'

/** One line of a menu; `off` is the server's reason why it cannot be done now. */
type Item = { words: string; does: () => void; key?: string; off?: string } | 'line'

/** What can be done with the incident or unit under the pointer, or with the one that the keyboard is at. */
export function ContextMenu() {
  const open = useStore(menu)
  const { units, incidents } = useBoard()
  if (!open) return null
  const unit = open.of.kind === 'unit' ? units.get(open.of.id) : undefined
  const incident = open.of.kind === 'incident' ? incidents.get(open.of.id) : undefined
  const key = `${open.of.kind}${open.of.id}${open.x}${open.y}`
  if (incident) return <IncidentMenu key={key} row={incident} at={open} />
  return unit ? <UnitMenu key={key} unit={unit} at={open} /> : null
}

type At = { x: number; y: number }

function IncidentMenu({ row, at }: { row: IncidentRow; at: At }) {
  const { t, name, reason } = useText()
  const step = row.next?.find((s) => s.verb === 'dispatch')
  const place = row.place
  const off = step && !step.allowed ? reason(step) : undefined
  const items: Item[] = [
    { words: t('disp.menu_send'), key: '⏎⏎', does: () => askPanel(row.id, 'arm'), ...(off ? { off } : {}) },
    { words: t('disp.near'), key: 'G', does: () => askPanel(row.id, 'near'), ...(off ? { off } : {}) },
    'line',
    { words: t('unit.open_incident', { number: row.number }), does: () => openIncident(row.id) },
  ]
  if (place?.lon !== undefined && place.lat !== undefined) items.push({ words: t('inc.show_on_map'), does: () => showOnMap({ lon: place.lon ?? 0, lat: place.lat ?? 0 }, 15) })
  return <Menu title={`#${row.number} ${name(row.type_name, t('queue.no_type'))}`} items={items} at={at} />
}

/** The words of a crew that stand in its menu, in their order. */
const said = ['acknowledge', 'en_route', 'on_scene', 'clear', 'available', 'heard']
const stages: Record<string, string> = { acknowledge: 'acknowledged', clear: 'cleared' }

function UnitMenu({ unit, at }: { unit: UnitRow; at: At }) {
  const { t, name, word, reason, problem } = useText()
  const { incidents } = useBoard()
  const target = incidents.get(useStore(focus).incident)
  const path = `/units/${encodeURIComponent(unit.id)}`
  const tell = async (words: string, to: string, body: object) => {
    const told = await write(to, body)
    notify(told.ok ? `${unit.call_sign} ${words}` : problem(told.problem), told.ok ? 'good' : 'bad')
  }
  const cry = useCry(unit.id)
  const off = usePastOff()?.title
  const then = off === undefined ? {} : { off }
  const items: Item[] = []
  if (target && unit.dispatchable && unit.incident !== target.id) items.push({ words: t('disp.menu_send_to', { number: target.number }), does: () => askToSend(target.id, [unit.id]), ...then })
  items.push({ words: t('disp.menu_card'), does: () => focus.set((f) => ({ ...f, unit: unit.id })) })
  const p = unit.position
  if (p) items.push({ words: t('unit.center'), does: () => showOnMap(p, 15) })
  if (unit.incident) {
    const id = unit.incident
    items.push({ words: t('unit.open_incident', { number: unit.incident_number }), does: () => openIncident(id) })
    items.push({ words: t('verb.recall'), does: () => void tell(t('verb.recall'), `/incidents/${id}/recall`, { units: [unit.id], reason: t('verb.recall') }), ...then })
  }
  const words = said.flatMap((verb): Item[] => {
    const step = unit.next?.find((s) => s.verb === verb)
    if (!step?.allowed) return [] // Seven words that a crew cannot say now help nobody here; its card has them all.
    const does = () => void tell(word('verb.', verb), verb === 'heard' ? `${path}/heard` : `${path}/status`, verb === 'heard' ? {} : { to: stages[verb] ?? verb, ...(unit.incident ? { incident: unit.incident } : {}) })
    return [{ words: word('verb.', verb), does }]
  })
  const press = async () => {
    const told = await send({ path: `${path}/duress`, body: { on: true }, words: `${unit.call_sign} ${t('verb.duress')}`, subject: `unit/${unit.id}` })
    if (told.state === 'refused') notify(problem(told.problem), 'bad')
    else notify(told.state === 'waiting' ? t('frame.waits', { what: told.item.words }) : `${unit.call_sign} ${t('verb.duress')}`, told.state === 'waiting' ? 'bad' : 'good')
  }
  if (words.length > 0) items.push('line', ...words)
  if (cry) items.push('line', { words: t('verb.duress'), does: () => void press(), ...(cry.allowed ? {} : { off: reason(cry) }) })
  return <Menu title={`${unit.call_sign} ${name(unit.kind_name, unit.kind)}`} items={items} at={at} />
}

function Menu({ title, items, at }: { title: string; items: readonly Item[]; at: At }) {
  const box = useRef<HTMLDivElement>(null)
  const [place, setPlace] = useState(at)
  const back = useRef<Element>(null)
  useLayoutEffect(() => {
    back.current = document.activeElement
    const b = box.current?.getBoundingClientRect()
    if (b) setPlace({ x: Math.max(0, Math.min(at.x, innerWidth - b.width - 4)), y: Math.max(0, Math.min(at.y, innerHeight - b.height - 4)) })
    box.current?.querySelector('button')?.focus()
    // oxlint-disable-next-line react/exhaustive-deps -- a menu elsewhere is another menu
  }, [])
  const close = (giveBack: boolean) => {
    menu.set(undefined)
    if (giveBack && back.current instanceof HTMLElement) back.current.focus()
  }
  useEffect(() => {
    const away = (e: Event) => {
      if (!(e.target instanceof Node) || !box.current?.contains(e.target)) menu.set(undefined)
    }
    window.addEventListener('pointerdown', away, true)
    window.addEventListener('wheel', away, true)
    window.addEventListener('resize', away)
    return () => {
      window.removeEventListener('pointerdown', away, true)
      window.removeEventListener('wheel', away, true)
      window.removeEventListener('resize', away)
    }
  }, [])
  const onKeyDown = (e: KeyboardEvent) => {
    if (composing(e)) return
    const buttons = [...(box.current?.querySelectorAll('button') ?? [])]
    const n = buttons.findIndex((b) => b === document.activeElement)
    const step = e.key === 'ArrowDown' ? 1 : e.key === 'ArrowUp' ? -1 : 0
    if (step !== 0) buttons[(n + step + buttons.length) % buttons.length]?.focus()
    else if (e.key === 'Home') buttons[0]?.focus()
    else if (e.key === 'End') buttons.at(-1)?.focus()
    else if (/^[1-9]$/.test(e.key)) buttons[Number(e.key) - 1]?.click()
    else if (e.key === 'Escape' || e.key === 'Tab') close(true)
    else if (e.key !== 'Enter' && e.key !== ' ') return e.stopPropagation() // No letter of the incident while a menu is open.
    else return e.stopPropagation()
    e.preventDefault()
    e.stopPropagation()
  }
  let digit = 0
  return (
    // oxlint-disable-next-line jsx-a11y/interactive-supports-focus -- its buttons hold the focus
    <div ref={box} className="menu" role="menu" aria-label={title} style={{ left: place.x, top: place.y }} onKeyDown={onKeyDown} onContextMenu={(e) => e.preventDefault()}>
      <h3>{title}</h3>
      {items.map((i, n) => {
        if (i === 'line') return <hr key={`line${n}`} />
        digit++
        return (
          <button key={i.words} type="button" role="menuitem" tabIndex={-1} aria-disabled={i.off !== undefined} title={i.off ?? ''} onClick={() => { if (i.off) return notify(i.off, 'bad'); close(false); i.does() }}>
            <span><kbd>{digit < 10 ? digit : ''}</kbd> {i.words}</span>{i.key && <kbd>{i.key}</kbd>}
          </button>
        )
      })}
    </div>
  )
}
