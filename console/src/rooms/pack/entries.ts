import { unanswered, write } from '../../api/client'
import type { Problem } from '../../api/types'
import { createStore } from '../../lib/store'
import type { Step } from './entry'

/** A card on its way into the journal: what was taken of it, what was refused. It survives a reload of the page. */
export type Entry = { card: string; steps: Step[]; done: number; incident?: string; number?: number; refused?: Problem }

const place = 'shuniu.entries'
const retryMs = 3000

const load = (): Entry[] => {
  try {
    return JSON.parse(localStorage.getItem(place) ?? '[]') as Entry[]
  } catch {
    return []
  }
}

export const entries = createStore<readonly Entry[]>(typeof localStorage === 'undefined' ? [] : load())

function keep(next: readonly Entry[]): void {
  entries.set(next)
  localStorage.setItem(place, JSON.stringify(next))
}

const replace = (e: Entry): void => keep(entries.get().map((x) => (x.card === e.card ? e : x)))

/** Takes a card in hand. A card that is under way already is not begun twice. */
export function begin(card: string, steps: Step[]): void {
  if (!entries.get().some((e) => e.card === card)) keep([...entries.get(), { card, steps, done: 0 }])
}

/** Gives up what is left of a card. */
export const drop = (card: string): void => keep(entries.get().filter((e) => e.card !== card))

/** Sends the next step of a card under its own key: a repeat of it has no second effect. Whether it may go on at once. */
export async function advance(e: Entry): Promise<boolean> {
  const step = e.steps[e.done]
  if (!step) return false
  const told = await write<{ id: string; number?: number }>(step.path.replace('{incident}', e.incident ?? ''), step.body, { key: `paper/${e.card}/${e.done}`, happened: { at: step.at, from: 'paper' } })
  if (!told.ok) {
    if (!unanswered(told.problem)) replace({ ...e, refused: told.problem })
    return false
  }
  const { refused: _, ...rest } = e
  replace({ ...rest, done: e.done + 1, ...(e.done === 0 ? { incident: told.value.id, ...(told.value.number === undefined ? {} : { number: told.value.number }) } : {}) })
  return true
}

/** Enters what waits, one step after another, until it is stopped. `onDone` hears of each card that is whole. */
export function enterAll(onDone: (e: Entry) => void): () => void {
  const stop = new AbortController()
  let busy = false
  const run = async () => {
    if (busy || stop.signal.aborted) return
    busy = true
    for (let e = next(); e && !stop.signal.aborted; e = next()) {
      if (!(await advance(e))) break
      const after = entries.get().find((x) => x.card === e?.card)
      if (after && after.done >= after.steps.length) {
        drop(after.card)
        onDone(after)
      }
    }
    busy = false
  }
  const next = () => entries.get().find((e) => !e.refused)
  const timer = setInterval(() => void run(), retryMs)
  const quiet = entries.subscribe(() => void run())
  void run()
  return () => {
    stop.abort()
    clearInterval(timer)
    quiet()
  }
}
