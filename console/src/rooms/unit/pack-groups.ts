/** A group in the board: how many columns its chips take, and in how many lines they stand under its one heading. */
export type Block = { group: number; columns: number; lines: number }

/** Groups that stand above each other in the same columns. */
export type Stack = { columns: number; blocks: Block[] }

/**
 * Stacks of groups, in their order, in a panel of so many lines and columns. A heading takes one line. A group that is
 * longer than the panel takes several columns; its neighbours may stand below the last line of it no more. If the panel
 * cannot hold all, the stacks become as much longer as they must, and never more columns than there are: a board that is
 * read while somebody speaks is scrolled one way only.
 */
export function packGroups(sizes: readonly number[], lines: number, columns: number): Stack[] {
  const wide = Math.max(1, Math.floor(columns))
  for (let high = Math.max(2, Math.floor(lines)); ; high++) {
    const made = stacks(sizes, high, wide)
    if (made.reduce((sum, s) => sum + s.columns, 0) <= wide) return made
  }
}

function stacks(sizes: readonly number[], lines: number, most: number): Stack[] {
  const made: Stack[] = []
  let left = 0
  sizes.forEach((size, group) => {
    const columns = Math.min(most, Math.max(1, Math.ceil(size / (lines - 1))))
    const block = { group, columns, lines: Math.ceil(size / columns) }
    const last = made.at(-1)
    if (last && columns === 1 && last.columns === 1 && block.lines + 1 <= left) {
      last.blocks.push(block)
      left -= block.lines + 1
    } else {
      made.push({ columns, blocks: [block] })
      left = lines - block.lines - 1
    }
  })
  return made
}
