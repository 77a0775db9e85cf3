import { useEffect, useRef, useState, type Key, type ReactNode } from 'react'

type Props<T> = {
  items: readonly T[]
  keyOf: (item: T) => Key
  /** About how high a row is, pixels: what is not drawn keeps that much room. */
  rowPx: number
  className?: string
  children: (item: T) => ReactNode
}

/** Rows of one block. Shorter lists are drawn whole. */
export const blockRows = 40
/** Blocks that are drawn before anybody has scrolled. */
const firstBlocks = 2
/** How far beyond the screen rows are drawn, pixels. */
const beyondPx = 600

/**
 * A list within whatever scrolls around it, of which only what is near the screen is drawn: five hundred units on one incident
 * cost as much as eighty. `children` gives the list item of a row.
 */
export function Windowed<T>({ items, keyOf, rowPx, className, children }: Props<T>) {
  if (items.length <= blockRows) return <ul className={className}>{items.map((i) => <Row key={keyOf(i)} item={i} of={children} />)}</ul>
  const blocks = Array.from({ length: Math.ceil(items.length / blockRows) }, (_, n) => items.slice(n * blockRows, (n + 1) * blockRows))
  return <>{blocks.map((b, n) => <Block key={n} first={n < firstBlocks} items={b} keyOf={keyOf} rowPx={rowPx} {...(className ? { className } : {})}>{children}</Block>)}</>
}

function Block<T>({ items, keyOf, rowPx, className, children, first }: Props<T> & { first: boolean }) {
  const box = useRef<HTMLUListElement>(null)
  const [near, setNear] = useState(first)
  const [height, setHeight] = useState(items.length * rowPx)
  useEffect(() => {
    const el = box.current
    if (!el || typeof IntersectionObserver === 'undefined') return
    const seen = new IntersectionObserver((entries) => {
      const on = entries.at(-1)?.isIntersecting === true
      if (!on && el.childElementCount > 0) setHeight(el.offsetHeight)
      setNear(on)
    }, { rootMargin: `${beyondPx}px` })
    seen.observe(el)
    return () => seen.disconnect()
  }, [])
  return <ul ref={box} className={className} style={near ? undefined : { height }}>{near && items.map((i) => <Row key={keyOf(i)} item={i} of={children} />)}</ul>
}

const Row = <T,>({ item, of }: { item: T; of: (item: T) => ReactNode }) => <>{of(item)}</>
