/** Lines that this seat has executed, newest first. They outlive a reload and end with the window: a line may hold words of a caller. */
export type History = {
  /** The lines, newest first. */
  all: () => readonly string[]
  add: (line: string) => void
  /** Lines that hold these words. */
  find: (words: string) => readonly string[]
}

const most = 100

/** The history of one seat. A store that is full or closed costs the memory of it, never a line. */
export function createHistory(seat: string, store: Pick<Storage, 'getItem' | 'setItem'> | undefined): History {
  const key = `shuniu.lines.${seat}`
  let lines: string[] = []
  try {
    const kept: unknown = JSON.parse(store?.getItem(key) ?? '[]')
    if (Array.isArray(kept)) lines = kept.filter((l): l is string => typeof l === 'string').slice(0, most)
  } catch {
    lines = []
  }
  return {
    all: () => lines,
    add: (line) => {
      lines = [line, ...lines.filter((l) => l !== line)].slice(0, most)
      try {
        store?.setItem(key, JSON.stringify(lines))
      } catch {
        // It is remembered until the page goes.
      }
    },
    find: (words) => {
      const sought = words.trim().toLowerCase()
      return lines.filter((l) => l.toLowerCase().includes(sought))
    },
  }
}
