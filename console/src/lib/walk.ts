/** A step sooner than this after the one before is part of a walk, milliseconds. */
export const walkMs = 150

/** What a walk ends on is opened when the hand has rested so long, milliseconds. */
export const restMs = 120

/** What a single step comes to is opened so long after its row is marked, milliseconds: the mark is painted by then. */
export const markMs = 20

/**
 * Steps through a list. A step marks its row at once and opens it behind that: the mark answers the key, and to draw all that
 * belongs to the row would hold it up. Whoever walks on quickly, or holds the key, marks rows, and only the one that he ends on is
 * opened. `mark` is told which row is marked and not open yet, "" for none.
 */
export function createWalk(open: (id: string) => void, mark: (id: string) => void) {
  let last = -Infinity
  let marked = ''
  let timer: ReturnType<typeof setTimeout> | undefined
  const set = (id: string) => {
    clearTimeout(timer)
    marked = id
    mark(id)
  }
  /** Opens the row that is marked, if one is: before another key or the mouse means anything. */
  const arrive = () => {
    const id = marked
    set('')
    if (id !== '') open(id)
  }
  return {
    /** `at` is when the key was pressed, milliseconds: keys that a busy page hears late were still pressed quickly. */
    step: (id: string, at: number) => {
      set(id)
      timer = setTimeout(arrive, at - last < walkMs ? restMs : markMs)
      last = at
    },
    arrive,
    /** Forgets the row that is marked: something else was opened meanwhile. */
    drop: () => { if (marked !== '') set('') },
    marked: () => marked,
  }
}
