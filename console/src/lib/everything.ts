import { initials } from './pinyin'

/** Something that the search for everything can find. */
export type Entry = {
  id: string
  kind: 'incident' | 'unit' | 'place' | 'panel' | 'action' | 'help'
  /** The line that is shown first, and what stands beside it. */
  say: string
  more?: string
  /** Every word by which it is found, beside what is shown. */
  words?: readonly string[]
  /** The key, or the words of the command line, that do the same. */
  teaches?: string
  run: () => void
}

type Prepared = { whole: string; letters: string }
const prepared = new Map<string, Prepared>()

// The same texts are searched at every key press; their letters are worked out once.
function prepare(text: string): Prepared {
  const held = prepared.get(text)
  if (held) return held
  if (prepared.size > 20_000) prepared.clear()
  const made = { whole: text.toLowerCase(), letters: /\p{Script=Han}/u.test(text) ? initials(text) : '' }
  prepared.set(text, made)
  return made
}

// How good one text answers one word: 0 if it does not.
function score(word: string, { whole, letters }: Prepared): number {
  if (whole === word) return 100
  if (whole.startsWith(word)) return 80
  if (letters.startsWith(word)) return 70
  if (whole.includes(word)) return 60
  return word.length > 1 && letters.includes(word) ? 50 : 0
}

const order: Readonly<Record<Entry['kind'], number>> = { incident: 5, unit: 4, panel: 3, action: 2, place: 1, help: 0 }

type Ready = { e: Entry; say: Prepared; more: Prepared | undefined; words: readonly Prepared[] }
const ready = new WeakMap<Entry, Ready>()

function readied(e: Entry): Ready {
  const held = ready.get(e)
  if (held) return held
  const made = { e, say: prepare(e.say), more: e.more === undefined ? undefined : prepare(e.more), words: (e.words ?? []).map(prepare) }
  ready.set(e, made)
  return made
}

/** Works out the letters of everything before somebody types: twenty thousand signs take longer than a key press. */
export function makeReady(entries: readonly Entry[]): void {
  for (const e of entries) readied(e)
}

/** The best answers to what was typed: each word of it must be found. Without any, what is most often wanted stays in its order. */
export function find(entries: readonly Entry[], query: string, limit: number): Entry[] {
  const asked = query.toLowerCase().split(/\s+/).filter(Boolean)
  if (asked.length === 0) return entries.slice(0, limit)
  const found: { e: Entry; points: number }[] = []
  for (const e of entries) {
    const { say, more, words } = readied(e)
    let points = 0
    for (const word of asked) {
      let best = score(word, say) // What is shown first counts a little more.
      if (best > 0) best += 5
      if (more) best = Math.max(best, score(word, more) - 10)
      for (const w of words) best = Math.max(best, score(word, w))
      if (best <= 0) {
        points = 0
        break
      }
      points += best
    }
    if (points > 0) found.push({ e, points })
  }
  return found.sort((a, b) => b.points - a.points || order[b.e.kind] - order[a.e.kind]).slice(0, limit).map((f) => f.e)
}
