import type { Completion } from '../../api/types'
import { useText } from '../../i18n/i18n'

type Props = { id: string; offers: readonly Completion[]; picked: number; onTake: (n: number) => void }

/** How the line may go on: what is typed, what it is called, and how it stands. */
export function Completions({ id, offers, picked, onTake }: Props) {
  const { t, word, name, reason } = useText()
  const about = (c: Completion) => {
    if (c.kind === 'verb') return [name(c.help), reason({ code: `line.does.${c.id ?? ''}` })]
    const called = name(c.help)
    const stage = word('unit.stage.', c.state)
    const state = c.kind === 'incident' ? word('inc.phase.', c.state) : stage !== (c.state ?? '') ? stage : word('unit.state.', c.state)
    return [called === c.text ? '' : called, [state, c.number ? `#${c.number}` : ''].filter(Boolean).join(' ')]
  }
  return (
    <ul id={id} className="offers" role="listbox" aria-label={t('line.offers')}>
      {offers.map((c, n) => {
        const [called, stands] = about(c)
        return (
          // The keyboard stays in the line; a click takes what is clicked.
          <li key={`${c.kind} ${c.text}`} id={`${id}-${n}`} role="option" aria-selected={n === picked} onMouseDown={(e) => { e.preventDefault(); onTake(n) }}>
            <b>{c.text}</b> <span className="called">{called}</span> <span className="stands">{stands}</span>
          </li>
        )
      })}
      <li className="dim" role="presentation">{t('line.take')}</li>
    </ul>
  )
}
