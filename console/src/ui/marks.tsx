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

/**
 * A unit's state as a shape; the word stands beside it or in its name. Drawn by borders (app.css), not as a picture: a board
 * of five hundred pictures costs the browser a layer list of its own for each.
 */
export const Shape = ({ look }: { look: Look }) => <i className={`shape look-${look}`} aria-hidden="true" />

/** P1 to P4: a word, a frame and a colour. */
export const Priority = ({ value }: { value: string | undefined }) => (
  <span className={`prio prio-${(value ?? 'none').toLowerCase()}`}>{value ?? '–'}</span>
)
