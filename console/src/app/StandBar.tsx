import type { DragEvent, KeyboardEvent } from 'react'
import { useText } from '../i18n/i18n'
import { arrange, closeAt, showPanel } from '../lib/desk'
import { joined, pushed } from '../lib/layout'
import { popOut } from '../lib/windows'
import { panelOf } from './panels'

type Props = { id: string; tabs: readonly string[]; bars: boolean; onDrag: (id: string) => void }
const arrows = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'] as const

/** The tabs of a place, and while the desk is arranged what moves the panel: by the pointer, the arrows and words. */
export function StandBar({ id, tabs, bars, onDrag }: Props) {
  const { t } = useText()
  const name = (p: string) => { const panel = panelOf(p); return panel ? t(panel.words) : p }
  const drag = (p: string) => ({
    draggable: true,
    onDragStart: (e: DragEvent) => {
      e.dataTransfer.setData('text/panel', p)
      e.dataTransfer.effectAllowed = 'move'
      setTimeout(() => onDrag(p), 0) // The picture of what is dragged is taken first.
    },
  })
  const onKeyDown = (e: KeyboardEvent, p: string) => {
    const arrow = arrows.find((a) => a === e.key)
    if (e.altKey || e.ctrlKey) return
    if (arrow && bars) arrange((l) => pushed(l, p, arrow))
    else if (arrow === 'ArrowLeft' || arrow === 'ArrowRight') {
      const next = tabs[(tabs.indexOf(p) + (arrow === 'ArrowRight' ? 1 : tabs.length - 1)) % tabs.length]
      if (next) showPanel(next)
    } else return
    e.preventDefault()
    e.stopPropagation()
    // It moved: the keyboard moves with it, before the next key. React has drawn it by then.
    queueMicrotask(() => (document.querySelector<HTMLElement>(`.stand-bar [data-tab="${CSS.escape(p)}"]`) ?? document.querySelector<HTMLElement>('.stand-bar [aria-selected=true]'))?.focus())
  }
  return (
    <div className="stand-bar">
      <div role="tablist" aria-label={t('frame.tabs')}>
        {tabs.map((p) => (
          <button key={p} type="button" role="tab" data-tab={p} aria-selected={p === id} tabIndex={p === id ? 0 : -1} title={bars ? t('frame.move_help') : name(p)}
            onClick={() => showPanel(p)} onKeyDown={(e) => onKeyDown(e, p)} {...drag(p)}>{bars && <span aria-hidden="true">⠿ </span>}{name(p)}</button>
        ))}
      </div>
      {bars && (
        <span className="stand-acts">
          <button type="button" className="btn small" title={t('frame.join_help')} onClick={() => arrange((l) => joined(l, id))}>{t('frame.join')}</button>
          {panelOf(id)?.apart !== false && <button type="button" className="btn small" onClick={() => popOut(id)}>{t('frame.pop_out')}</button>}
          <button type="button" className="x" aria-label={t('frame.close_panel', { name: name(id) })} onClick={() => closeAt(id)}>×</button>
        </span>
      )}
    </div>
  )
}
