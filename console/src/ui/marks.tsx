import { useText } from '../i18n/i18n'
import type { UnitRow } from '../api/types'

/** What a unit's shape says. Each has a shape, a colour and a word. */
export type Look = 'free' | 'sign' | 'going' | 'there' | 'out' | 'duress'

/** The look of a unit, from its row. */
export function lookOf(u: Pick<UnitRow, 'state' | 'stage' | 'flags'>): Look {
  if (u.flags?.duress) return 'duress'
  if (u.state === 'available') return 'free'
  if (u.state !== 'assigned') return 'out'
  if (u.stage === 'dispatched') return 'sign'
  if (u.stage === 'on_scene' || u.stage === 'staged' || u.stage === 'transporting' || u.stage === 'at_facility') return 'there'
  return 'going'
}

/** The word for what a unit is doing. */
export function useUnitWord() {
  const { t, word } = useText()
  return (u: UnitRow): string => {
    if (u.flags?.duress) return t('unit.duress')
    return u.state === 'assigned' && u.stage ? word('unit.stage.', u.stage) : word('unit.state.', u.state)
  }
}

/** A unit's state as a shape; the word stands beside it or in its name. */
export const Shape = ({ look }: { look: Look }) => (
  <svg className={`shape look-${look}`} viewBox="0 0 12 12" width="11" height="11" aria-hidden="true">
    {look === 'free' && <circle cx="6" cy="6" r="4.4" fill="none" stroke="currentColor" strokeWidth="2" />}
    {look === 'sign' && <circle cx="6" cy="6" r="4.4" fill="none" stroke="currentColor" strokeWidth="2" strokeDasharray="2.4 2.2" />}
    {look === 'going' && <path d="M6 0.8 11.5 11H.5Z" fill="currentColor" />}
    {look === 'there' && <rect x="1" y="1" width="10" height="10" fill="currentColor" />}
    {look === 'out' && <rect x="0.5" y="4.5" width="11" height="3" fill="currentColor" />}
    {look === 'duress' && <path d="M6 0 12 6 6 12 0 6Z" fill="currentColor" />}
  </svg>
)

/** P1 to P4: a word, a frame and a colour. */
export const Priority = ({ value }: { value: string | undefined }) => (
  <span className={`prio prio-${(value ?? 'none').toLowerCase()}`}>{value ?? '–'}</span>
)
