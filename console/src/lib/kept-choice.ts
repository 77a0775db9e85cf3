/** What this seat chose last under a name; undefined if it never chose, or if what it chose is not among these. */
export function keptChoice<T extends string>(name: string, among: readonly T[]): T | undefined {
  const held = typeof localStorage === 'undefined' ? null : localStorage.getItem(`shuniu.${name}`)
  return among.find((c) => c === held)
}

/** Remembers a choice of this seat. */
export function keepChoice(name: string, value: string): void {
  if (typeof localStorage !== 'undefined') localStorage.setItem(`shuniu.${name}`, value)
}
