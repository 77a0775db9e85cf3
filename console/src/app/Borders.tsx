import type { CSSProperties, KeyboardEvent, PointerEvent, RefObject } from 'react'
import { useText } from '../i18n/i18n'
import { arrange } from '../lib/desk'
import { docks, limits, shared, sized, type DockName, type Layout } from '../lib/layout'

const stepPx = 16
// As the style sheet says on a large screen.
const usual = { left: 432, right: 456, bottom: 187 }

/** The borders between panels: they are pulled with the pointer, or with the arrows when they have the keyboard. */
export function Borders({ layout, box }: { layout: Layout; box: RefObject<HTMLDivElement | null> }) {
  const { t } = useText()
  const side = (name: 'left' | 'right' | 'bottom', px: number) => arrange((l) => sized(l, name, px))
  const width = () => box.current?.clientWidth ?? 1
  const height = () => box.current?.clientHeight ?? 1
  return (
    <>
      {layout.docks.left.length > 0 && <Border flow="x" name={t('frame.border.left')} style={{ left: 'calc(var(--left) - 4px)', top: 0, height: 'calc(100% - var(--bottom))' }} box={box} at={(x) => side('left', x)} value={layout.size.left ?? usual.left} span={limits.left} />}
      {layout.docks.right.length > 0 && <Border flow="x" name={t('frame.border.right')} style={{ right: 'calc(var(--right) - 4px)', top: 0, height: 'calc(100% - var(--bottom))' }} box={box} at={(x) => side('right', width() - x)} value={layout.size.right ?? usual.right} span={limits.right} />}
      {layout.docks.bottom.length > 0 && <Border flow="y" name={t('frame.border.bottom')} style={{ bottom: 'calc(var(--bottom) - 4px)', left: 0, width: '100%' }} box={box} at={(y) => side('bottom', height() - y)} value={layout.size.bottom ?? usual.bottom} span={limits.bottom} />}
      {docks.flatMap((dock) => inner(layout, dock).map((b) => (
        <Border key={`${dock}${b.n}`} flow={dock === 'bottom' ? 'x' : 'y'} name={t('frame.border.between')} style={b.style} box={box} value={Math.round(b.share * 100)} span={[0, 100]}
          by={(px, whole) => arrange((l) => shared(l, dock, b.n, px / whole))} whole={() => (dock === 'bottom' ? width() : height() - bottomOf(box))} />
      )))}
    </>
  )
}

const bottomOf = (box: RefObject<HTMLDivElement | null>): number => box.current?.querySelector<HTMLElement>('[data-dock=bottom]')?.offsetHeight ?? 0

function inner(l: Layout, dock: DockName): { n: number; share: number; style: CSSProperties }[] {
  const all = l.docks[dock].reduce((sum, s) => sum + s.share, 0)
  let from = 0
  return l.docks[dock].slice(0, -1).map((s, n) => {
    from += s.share / all
    if (dock === 'bottom') return { n, share: s.share / all, style: { left: `calc(${from * 100}% - 4px)`, bottom: 0, height: 'var(--bottom)' } }
    const top = `calc((100% - var(--bottom)) * ${from} - 4px)`
    const column = dock === 'left' ? { left: 0, width: 'var(--left)' } : dock === 'right' ? { right: 0, width: 'var(--right)' } : { left: 'var(--left)', right: 'var(--right)' }
    return { n, share: s.share / all, style: { ...column, top } }
  })
}

type BorderProps = {
  flow: 'x' | 'y'
  name: string
  style: CSSProperties
  box: RefObject<HTMLDivElement | null>
  /** Puts the border at so many pixels from the left or the top of the desk. */
  at?: (px: number) => void
  /** Moves it by so many pixels of the whole. */
  by?: (px: number, whole: number) => void
  whole?: () => number
  value: number
  span: readonly [number, number]
}

function Border({ flow, name, style, box, at, by, whole, value, span }: BorderProps) {
  const place = (e: HTMLElement) => {
    const r = e.getBoundingClientRect()
    const all = box.current?.getBoundingClientRect()
    return flow === 'x' ? r.left + r.width / 2 - (all?.left ?? 0) : r.top + r.height / 2 - (all?.top ?? 0)
  }
  const move = (e: HTMLElement, px: number) => (at ? at(place(e) + px) : by?.(px, whole?.() ?? 1))
  const onPointerMove = (e: PointerEvent<HTMLDivElement>) => {
    if (!e.currentTarget.hasPointerCapture(e.pointerId)) return
    const all = box.current?.getBoundingClientRect()
    const to = flow === 'x' ? e.clientX - (all?.left ?? 0) : e.clientY - (all?.top ?? 0)
    move(e.currentTarget, to - place(e.currentTarget))
  }
  const onKeyDown = (e: KeyboardEvent<HTMLDivElement>) => {
    const step = flow === 'x' ? { ArrowLeft: -1, ArrowRight: 1 }[e.key] : { ArrowUp: -1, ArrowDown: 1 }[e.key]
    if (step === undefined || e.altKey || e.ctrlKey) return
    move(e.currentTarget, step * stepPx)
    e.preventDefault()
    e.stopPropagation()
  }
  return (
    // A separator that has the keyboard is a widget of its own: it has no tag.
    <div role="separator" tabIndex={0} className={`border flow-${flow}`} style={style} aria-label={name} aria-orientation={flow === 'x' ? 'vertical' : 'horizontal'} aria-valuenow={value} aria-valuemin={span[0]} aria-valuemax={span[1]}
      onPointerDown={(e) => { e.currentTarget.setPointerCapture(e.pointerId); e.preventDefault() }} onPointerMove={onPointerMove} onKeyDown={onKeyDown} />
  )
}
