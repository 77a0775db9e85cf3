/** A list that does not move under the hand. */
export type Held = {
  /** What is shown, in the order that the hand has seen. */
  shown: readonly string[]
  /** Rows that came since and wait behind "3 new". */
  waiting: readonly string[]
  /** Rows that have left the list and keep their place, marked, until the hand lets go. */
  gone: ReadonlySet<string>
}

/**
 * The order to show next. While a row is held (pointer on the list, or a key pressed a moment ago) nothing moves:
 * rows that arrive wait, rows that leave stay in place. When it is let go, the list is as the server has it.
 */
export function holdOrder(before: Held, next: readonly string[], held: boolean): Held {
  if (!held) return { shown: next, waiting: [], gone: new Set() }
  const present = new Set(next)
  const seen = new Set(before.shown)
  return {
    shown: before.shown,
    waiting: next.filter((id) => !seen.has(id)),
    gone: new Set(before.shown.filter((id) => !present.has(id))),
  }
}
