import { memo, Suspense, useEffect, useMemo, useRef, useState, type CSSProperties, type DragEvent } from 'react'
import { useText } from '../i18n/i18n'
import { arrange, arranging, desk, hasPlace, popped, showPanel } from '../lib/desk'
import { focus } from '../lib/focus'
import { closed, docks, moved, type DockName, type Layout, type Target } from '../lib/layout'
import { InPresent } from '../lib/present'
import { useOf, useStore } from '../lib/store'
import { panelOf, type Panel } from './panels'
import { Borders } from './Borders'
import { StandBar } from './StandBar'
import './docks.css'

/** One panel where it stands. */
type Place = { id: string; dock: DockName; stack: number; from: number; part: number; tabs: readonly string[] }

/** The panels of the desk. They are one flat list that is laid out by numbers, so a panel that moves keeps all that it holds. */
export function Docks() {
  const { layout } = useStore(desk)
  const apart = useStore(popped)
  const bars = useStore(arranging)
  const form = useOf(focus, (f) => f.form)
  const incident = useOf(focus, (f) => f.incident)
  const box = useRef<HTMLDivElement>(null)
  const seen = useMemo(() => [...apart].reduce(closed, layout), [layout, apart])
  const inHand = form !== 'none' && panelOf(form) && !hasPlace(form) ? form : 'incident'
  const drag = useDrag(box)
  // What somebody opens is seen, also where its tab was behind another one or it was closed.
  useEffect(() => {
    if (form !== 'none') showPanel(hasPlace(form) ? form : 'incident')
    else if (incident !== '') showPanel('incident')
  }, [form, incident])
  return (
    <div ref={box} className={bars ? 'docks arranging' : 'docks'} style={sizes(seen)} {...drag.over}>
      {places(seen).map((p) => {
        const panel = panelOf(p.id === 'incident' ? inHand : p.id)
        return panel && (
          <div key={panel.id} className="stand" data-panel={p.id} data-dock={p.dock} data-stack={p.stack} style={rectangle(p)}>
            {(bars || p.tabs.length > 1) && <StandBar id={p.id} tabs={p.tabs} bars={bars} onDrag={drag.begin} />}
            <Body panel={panel} />
          </div>
        )
      })}
      <Borders layout={seen} box={box} />
      {drag.mark && <div className="drop-mark" style={drag.mark.style} aria-hidden="true" />}
    </div>
  )
}

/** The inside of a panel. It is not drawn again because the desk is arranged. */
export const Body = memo(function Body({ panel }: { panel: Panel }) {
  const { t } = useText()
  const Part = panel.component
  const part = <Suspense fallback={<section className="panel" aria-label={t(panel.words)} aria-busy="true" />}><Part /></Suspense>
  return panel.now ? <InPresent>{part}</InPresent> : part
})

/** What stands where, in the order in which it is read. */
export function places(l: Layout): Place[] {
  return docks.flatMap((dock) => {
    const all = l.docks[dock].reduce((sum, s) => sum + s.share, 0)
    let from = 0
    return l.docks[dock].map((s, stack) => {
      const part = s.share / all
      const place = { id: s.open, dock, stack, from, part, tabs: s.panels }
      from += part
      return place
    })
  })
}

// A dock that holds nothing takes no room; one that nobody resized is as the style sheet says.
function sizes(l: Layout): CSSProperties {
  const style: Record<string, string> = {}
  for (const side of ['left', 'right', 'bottom'] as const) {
    if (l.docks[side].length === 0) style[`--${side}`] = '0px'
    else if (l.size[side] !== undefined) style[`--${side}`] = `${l.size[side]}px`
  }
  return style as CSSProperties
}

const high = '(100% - var(--bottom))'

function rectangle({ dock, from, part }: Place): CSSProperties {
  if (dock === 'bottom') return { left: `${from * 100}%`, width: `calc(${part * 100}% - 1px)`, top: `calc(100% - var(--bottom) + 1px)`, height: 'calc(var(--bottom) - 1px)' }
  const column = dock === 'left' ? { left: 0, width: 'calc(var(--left) - 1px)' } : dock === 'right' ? { right: 0, width: 'calc(var(--right) - 1px)' } : { left: 'var(--left)', right: 'var(--right)' }
  return { ...column, top: `calc(${high} * ${from})`, height: `calc(${high} * ${part} - ${from + part < 0.999 ? 1 : 0}px)` }
}

/** Where a panel that is dragged would go: to a stack as a tab, between stacks, or to the edge of an empty dock. */
function targetAt(box: HTMLElement, e: { clientX: number; clientY: number }): { to: Target; style: CSSProperties } | undefined {
  const all = box.getBoundingClientRect()
  const stand = document.elementFromPoint(e.clientX, e.clientY)?.closest<HTMLElement>('.stand')
  const edge = e.clientX - all.left < 40 ? 'left' : all.right - e.clientX < 40 ? 'right' : all.bottom - e.clientY < 40 ? 'bottom' : undefined
  if (edge && !box.querySelector(`[data-dock=${edge}]`)) {
    const style = edge === 'bottom' ? { left: 0, right: 0, bottom: 0, height: 80 } : { [edge]: 0, top: 0, bottom: 0, width: 160 }
    return { to: { dock: edge, stack: 0, as: 'own' }, style }
  }
  if (!stand) return undefined
  const r = stand.getBoundingClientRect()
  const dock = stand.dataset['dock'] as DockName
  const stack = Number(stand.dataset['stack'])
  const along = dock === 'bottom' ? (e.clientX - r.left) / r.width : (e.clientY - r.top) / r.height
  const [from, to] = along < 0.25 ? [0, 0.5] : along > 0.75 ? [0.5, 1] : [0, 1]
  const style = dock === 'bottom'
    ? { left: r.left - all.left + from * r.width, width: (to - from) * r.width, top: r.top - all.top, height: r.height }
    : { left: r.left - all.left, width: r.width, top: r.top - all.top + from * r.height, height: (to - from) * r.height }
  return { to: { dock, stack: along > 0.75 ? stack + 1 : stack, as: along < 0.25 || along > 0.75 ? 'own' : 'tab' }, style }
}

function useDrag(box: React.RefObject<HTMLDivElement | null>) {
  const [held, setHeld] = useState('')
  const [mark, setMark] = useState<ReturnType<typeof targetAt>>()
  const end = () => {
    setHeld('')
    setMark(undefined)
  }
  const over = held === '' ? {} : {
    onDragOver: (e: DragEvent) => {
      e.preventDefault()
      if (box.current) setMark(targetAt(box.current, e))
    },
    onDrop: (e: DragEvent) => {
      e.preventDefault()
      const found = box.current && targetAt(box.current, e)
      if (found) arrange((l) => moved(l, held, found.to))
      end()
    },
    onDragEnd: end,
  }
  return { begin: setHeld, over, mark }
}
