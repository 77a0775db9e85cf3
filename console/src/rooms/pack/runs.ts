/** A run of card numbers that this seat was given: from next to last, both included. */
export type Run = { next: number; last: number }

/** How many numbers a list of runs still holds. */
export const left = (runs: readonly Run[]): number => runs.reduce((sum, r) => sum + Math.max(0, r.last - r.next + 1), 0)

/** Takes numbers from the runs, the lowest first; fewer when there are fewer. */
export function take(runs: readonly Run[], count: number): { numbers: number[]; rest: Run[] } {
  const numbers: number[] = []
  const rest = runs.map((r) => ({ ...r }))
  for (const r of rest) while (r.next <= r.last && numbers.length < count) numbers.push(r.next++)
  return { numbers, rest: rest.filter((r) => r.next <= r.last) }
}
