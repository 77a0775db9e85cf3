import { useEffect, useEffectEvent, useRef, useState, type KeyboardEvent } from 'react'
import './menu.css'

/** One line of a menu: its words and what it does, or why it cannot be done now. */
export type MenuItem = {
  id: string
  words: string
  /** Words beside it: an arrival, a key. */
  aside?: string
  /** Why not, in the person's words; the line is shown all the same. */
  refused?: string
  run: () => void
}

/** A menu: where it begins, in pixels of the window, about what, and its lines. */
export type OpenMenu = { x: number; y: number; title: string; items: readonly MenuItem[] }

/** A menu where the mouse is: arrows and Enter, or a click; Esc and a click elsewhere close it. */
export function Menu({ open, onClose }: { open: OpenMenu; onClose: () => void }) {
  return <List key={`${open.x} ${open.y} ${open.title}`} open={open} onClose={onClose} />
}

function List({ open, onClose }: { open: OpenMenu; onClose: () => void }) {
  const close = useEffectEvent(onClose)
  const box = useRef<HTMLDivElement>(null)
  const [at, setAt] = useState(Math.max(0, open.items.findIndex((i) => i.refused === undefined)))
  useEffect(() => {
    const before = document.activeElement
    box.current?.focus()
    const away = (e: MouseEvent) => { if (!box.current?.contains(e.target as Node)) close() }
    const gone = () => close()
    window.addEventListener('mousedown', away, true)
    window.addEventListener('blur', gone)
    return () => {
      window.removeEventListener('mousedown', away, true)
      window.removeEventListener('blur', gone)
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true })
    }
  }, [])
  const run = (n: number) => {
    const item = open.items[n]
    if (!item || item.refused !== undefined) return
    onClose()
    item.run()
  }
  const onKeyDown = (e: KeyboardEvent) => {
    if (e.key === 'ArrowDown') setAt((at + 1) % open.items.length)
    else if (e.key === 'ArrowUp') setAt((at + open.items.length - 1) % open.items.length)
    else if (e.key === 'Home') setAt(0)
    else if (e.key === 'End') setAt(open.items.length - 1)
    else if (e.key === 'Enter' || e.key === ' ') run(at)
    else if (e.key === 'Escape' || e.key === 'Tab') onClose()
    else return
    e.preventDefault()
    e.stopPropagation()
  }
  // It never leaves the window: where there is no room below or to the right it opens the other way.
  const left = Math.min(open.x, innerWidth - 268)
  const place = open.y > innerHeight - 40 - 30 * open.items.length ? { bottom: innerHeight - open.y } : { top: open.y }
  return (
    <div ref={box} className="menu" role="menu" tabIndex={-1} aria-label={open.title} aria-activedescendant={`menu-${open.items[at]?.id}`} style={{ left, ...place }} onKeyDown={onKeyDown} onContextMenu={(e) => e.preventDefault()}>
      <p className="menu-title" aria-hidden="true">{open.title}</p>
      {open.items.map((i, n) => (
        <button key={i.id} id={`menu-${i.id}`} type="button" role="menuitem" tabIndex={-1} className={n === at ? 'at' : ''} aria-disabled={i.refused !== undefined} title={i.refused} onMouseMove={() => setAt(n)} onClick={() => run(n)}>
          <span>{i.words}</span>
          {i.refused !== undefined ? <small>{i.refused}</small> : i.aside && <small>{i.aside}</small>}
        </button>
      ))}
    </div>
  )
}
