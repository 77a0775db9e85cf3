type Item = { id: string; words: string; aside: string }

/** What typing has found; the marked one is taken by Enter. */
export function Suggestions({ id, items, at, onChoose }: { id: string; items: readonly Item[]; at: number; onChoose: (n: number) => void }) {
  if (items.length === 0) return null
  return (
    <ul id={id} className="suggestions" role="listbox">
      {items.slice(0, 6).map((i, n) => (
        <li key={i.id} role="option" aria-selected={n === at} aria-label={i.words}>
          <button type="button" tabIndex={-1} onMouseDown={(e) => { e.preventDefault(); onChoose(n) }}><b>{i.words}</b> <span className="dim">{i.aside}</span></button>
        </li>
      ))}
    </ul>
  )
}
