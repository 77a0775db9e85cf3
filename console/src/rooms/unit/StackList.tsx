import type { UnitRow } from '../../api/types'
import { useText } from '../../i18n/i18n'
import { notify, openIncident } from '../../lib/focus'
import { askToSend } from '../../lib/sending'
import { usePastOff } from '../../ui/past-off'
import { aboutUnit, tell } from '../../ui/tell'

/** What a busy unit does now and what waits for it, in its order. The order of what waits can be changed; to turn the unit to something at once is a reassignment, which says what is left first. */
export function StackList({ unit }: { unit: UnitRow }) {
  const { t, word } = useText()
  const stack = unit.stack ?? []
  const off = usePastOff()
  if (stack.length < 2) return null
  const earlier = (n: number) => {
    const order = stack.slice(1).map((s) => s.assignment)
    const moved = order.splice(n - 1, 1)
    order.splice(n - 2, 0, ...moved)
    return tell(aboutUnit(unit, 'stack', { order }, `${unit.call_sign} ${t('disp.stack_title')}`), t('disp.stack_turned', { unit: unit.call_sign }))
  }
  return (
    <ol className="stack-list" aria-label={t('disp.stack_title')}>
      {stack.map((s, n) => (
        <li key={s.assignment}>
          <span>{n === 0 ? t('disp.stack_now') : t('disp.stack_next', { place: n })}</span>
          <button type="button" className="link" onClick={() => openIncident(s.incident)}>#{s.number}</button>
          <span className="dim">{word('unit.stage.', s.stage)}</span>
          {n > 1 && <button type="button" className="btn small" aria-label={t('disp.stack_up', { number: s.number })} {...off} onClick={() => void earlier(n)}>↑</button>}
          {n > 0 && <button type="button" className="btn small" aria-label={t('disp.stack_turn_to', { number: s.number })} {...off} onClick={() => (off ? notify(off.title, 'bad') : askToSend(s.incident, [unit.id]))}>{t('disp.stack_turn')}</button>}
        </li>
      ))}
    </ol>
  )
}
