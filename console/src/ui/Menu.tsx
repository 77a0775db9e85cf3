import { Fragment, useEffect, useEffectEvent, useLayoutEffect, useRef, useState } from 'react'
import { composing, writing } from '../lib/keys'
import './menu.css'

/** One line of a menu: its words and what it does, or why it cannot be done now. */
export type MenuItem = {
  words: string
  /** Words beside it: an arrival, a key. */
  aside?: string
  /** Why not, in the person's words; the line is shown all the same. */
  refused?: string
  run: () => void
}

/** A menu: where it begins, in pixels of the window, about what, and its lines; 'line' is a rule between two of them. */
export type OpenMenu = { x: number; y: number; title: string; items: readonly (MenuItem | 'line')[] }

/**
 * A menu where the mouse is: arrows and Enter, a digit, or a click; Esc and a click elsewhere close it. While it is open it has
 * the keyboard, wherever that was left, and what it shows does not change: the digit that was read is the line that it does.
 */
export function Menu({ open, onClose }: { open: OpenMenu; onClose: () => void }) {
  return <List key={`${open.x} ${open.y} ${open.title}`} open={open} onClose={onClose} />
}

const digits = 9
const modifiers = new Set(['Shift', 'Control', 'Alt', 'Meta'])
const marginPx = 4

function List({ open: now, onClose }: { open: OpenMenu; onClose: () => void }) {
  const [open] = useState(now)
  const items = open.items.filter((i) => i !== 'line')
  const box = useRef<HTMLDivElement>(null)
  const before = useRef<Element>(null)
  const [place, setPlace] = useState({ left: open.x, top: open.y })
  const [at, setAt] = useState(Math.max(0, items.findIndex((i) => i.refused === undefined)))
  /** What had the keyboard gets it back. Not the place of a text or a button, when something was chosen: its Enter would be theirs. */
  const close = (chosen: boolean) => {
    onClose()
    const back = before.current
    if (back instanceof HTMLElement && back.isConnected && !(chosen && (writing(back) || back instanceof HTMLButtonElement))) back.focus({ preventScroll: true })
  }
  const run = (n: number) => {
    const item = items[n]
    if (!item || item.refused !== undefined) return
    close(true)
    item.run()
  }
  const onKey = useEffectEvent((e: KeyboardEvent) => {
    if (composing(e) || modifiers.has(e.key)) return
    // A key of the desk is more than a menu: the menu gives way.
    if (/^F\d+$/.test(e.key) || e.ctrlKey || e.altKey || e.metaKey) return close(false)
    if (e.key === 'ArrowDown') setAt((at + 1) % items.length)
    else if (e.key === 'ArrowUp') setAt((at + items.length - 1) % items.length)
    else if (e.key === 'Home') setAt(0)
    else if (e.key === 'End') setAt(items.length - 1)
    else if (e.key === 'Enter' || e.key === ' ') { if (!e.repeat) run(at) }
    else if (e.key === 'Escape' || e.key === 'Tab') close(false)
    else if (/^[1-9]$/.test(e.key)) run(Number(e.key) - 1)
    // No letter of the incident, and no second menu, while this one is open.
    e.preventDefault()
    e.stopImmediatePropagation()
  })
  const away = useEffectEvent((e: Event) => {
    if (!(e.target instanceof Node) || !box.current?.contains(e.target)) onClose()
  })
  useLayoutEffect(() => {
    if (!box.current?.contains(document.activeElement)) before.current = document.activeElement
    // It never leaves the window.
    const b = box.current?.getBoundingClientRect()
    if (b) setPlace({ left: Math.max(0, Math.min(open.x, innerWidth - b.width - marginPx)), top: Math.max(0, Math.min(open.y, innerHeight - b.height - marginPx)) })
    box.current?.focus({ preventScroll: true })
  }, [open])
  useEffect(() => {
    const key = (e: KeyboardEvent) => onKey(e)
    const leave = (e: Event) => away(e)
    window.addEventListener('keydown', key, true)
    for (const what of ['pointerdown', 'wheel'] as const) window.addEventListener(what, leave, true)
    for (const what of ['resize', 'blur'] as const) window.addEventListener(what, leave)
    return () => {
      window.removeEventListener('keydown', key, true)
      for (const what of ['pointerdown', 'wheel'] as const) window.removeEventListener(what, leave, true)
      for (const what of ['resize', 'blur'] as const) window.removeEventListener(what, leave)
    }
  }, [])
  return (
    <div ref={box} className="menu" role="menu" tabIndex={-1} aria-label={open.title} aria-activedescendant={`menu-${at}`} style={place} onContextMenu={(e) => e.preventDefault()}>
      <p className="menu-title" aria-hidden="true">{open.title}</p>
      {items.map((i, n) => (
        <Fragment key={i.words}>
          {open.items[open.items.indexOf(i) - 1] === 'line' && <hr />}
          <button id={`menu-${n}`} type="button" role="menuitem" tabIndex={-1} className={n === at ? 'at' : ''} aria-disabled={i.refused !== undefined} aria-keyshortcuts={n < digits ? String(n + 1) : undefined} title={i.refused} onMouseMove={() => setAt(n)} onClick={() => run(n)}>
            <span><kbd aria-hidden="true">{n < digits ? n + 1 : ''}</kbd> {i.words}</span>
            {i.refused !== undefined ? <small>{i.refused}</small> : i.aside && <kbd>{i.aside}</kbd>}
          </button>
        </Fragment>
      ))}
    </div>
  )
}
