// The first character, in pinyin order, of every initial letter. The browser's own collation knows where each of the
// twenty thousand characters stands between them, so no dictionary is shipped.
const bounds: ReadonlyArray<readonly [string, string]> = [
  ['阿', 'a'], ['八', 'b'], ['嚓', 'c'], ['咑', 'd'], ['妸', 'e'], ['发', 'f'], ['旮', 'g'], ['哈', 'h'],
  ['丌', 'j'], ['咔', 'k'], ['垃', 'l'], ['妈', 'm'], ['拏', 'n'], ['噢', 'o'], ['妑', 'p'], ['七', 'q'],
  ['呥', 'r'], ['仨', 's'], ['他', 't'], ['屲', 'w'], ['夕', 'x'], ['丫', 'y'], ['帀', 'z'],
]

const collator = new Intl.Collator('zh-CN-u-co-pinyin')

/** The pinyin initials of a text: 持刀伤人 is "cdsr". Letters and digits stay, in lower case; other signs are dropped. */
export function initials(text: string): string {
  let out = ''
  for (const ch of text.toLowerCase()) {
    if (/[a-z0-9]/.test(ch)) out += ch
    else if (/\p{Script=Han}/u.test(ch)) out += initialOf(ch)
  }
  return out
}

const known = new Map<string, string>()

function initialOf(ch: string): string {
  const held = known.get(ch)
  if (held !== undefined) return held
  let found = ''
  for (const [bound, letter] of bounds) {
    if (collator.compare(ch, bound) < 0) break
    found = letter
  }
  known.set(ch, found)
  return found
}

/** What a typed word may find: how good the match is, 0 if there is none. */
export function matchScore(query: string, names: readonly string[]): number {
  const q = query.trim().toLowerCase()
  if (q === '') return 0
  let best = 0
  for (const name of names) {
    const n = name.toLowerCase()
    if (n === q) return 100
    if (n.startsWith(q)) best = Math.max(best, 80)
    else if (n.includes(q)) best = Math.max(best, 60)
    const letters = initials(name)
    if (letters !== n && letters.startsWith(q)) best = Math.max(best, 70)
    else if (letters !== n && q.length > 1 && letters.includes(q)) best = Math.max(best, 50)
  }
  return best
}
