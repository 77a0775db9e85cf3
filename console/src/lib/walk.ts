/** A step sooner than this after the one before is part of a walk, milliseconds. */
export const walkMs = 150

/** What a walk ends on is opened when the hand has rested so long, milliseconds. */
export const restMs = 120

/**
 * Steps through a list. A single step opens its row at once. Whoever walks on quickly, or holds the key, marks rows, and only
 * the one that he ends on is opened: to open each would hold up the next step. `mark` is told which row is marked and not
 * open yet, "" for none.
 */
export function createWalk(open: (id: string) => void, mark: (id: string) => void, now: () => number = () => performance.now()) {
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
    step: (id: string) => {
      const walks = now() - last < walkMs
      last = now()
      set(walks ? id : '')
      if (walks) timer = setTimeout(arrive, restMs)
      else open(id)
    },
    arrive,
    /** Forgets the row that is marked: something else was opened meanwhile. */
    drop: () => { if (marked !== '') set('') },
    marked: () => marked,
  }
}
