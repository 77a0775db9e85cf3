import { unanswered, write } from '../../api/client'
import type { Problem } from '../../api/types'
import { createStore } from '../../lib/store'

/** A call that could not be stored: the words of a paper card, kept under the key it will be stored with. */
export type Card = {
  key: string
  /** The number that is written on the paper. */
  number: number
  body: Record<string, unknown>
  /** What the dispatcher copies. */
  lines: string[]
  tries: number
  refused?: Problem
}

export type Saved = { id: string; number: number; seq: number }

const place = 'shuniu.cards'
const retryMs = 3000

const load = (): Card[] => {
  try {
    return JSON.parse(localStorage.getItem(place) ?? '[]') as Card[]
  } catch {
    return []
  }
}

/** Cards that wait for the server, oldest first. They survive a reload of the page. */
export const cards = createStore<readonly Card[]>(typeof localStorage === 'undefined' ? [] : load())

function keep(next: readonly Card[]): void {
  cards.set(next)
  localStorage.setItem(place, JSON.stringify(next))
}

/** Sends a new incident; when nobody answers it becomes a card. */
export async function save(key: string, body: Record<string, unknown>, lines: string[]): Promise<Saved | Card> {
  const told = await write<Saved>('/incidents', body, { key })
  if (told.ok) return told.value
  const number = Math.max(0, ...cards.get().map((c) => c.number)) + 1
  const card: Card = { key, number, body, lines, tries: 1, ...(unanswered(told.problem) ? {} : { refused: told.problem }) }
  keep([...cards.get(), card])
  return card
}

/** Takes a card down: it was handled in another way. */
export const drop = (key: string): void => keep(cards.get().filter((c) => c.key !== key))

/** Tries the waiting cards under their own keys until it is stopped. A repeat of a stored one has no second effect. */
export function retryCards(onSaved: (saved: Saved, card: Card) => void): () => void {
  let busy = false
  const timer = setInterval(async () => {
    const card = cards.get().find((c) => !c.refused)
    if (!card || busy) return
    busy = true
    const told = await write<Saved>('/incidents', card.body, { key: card.key })
    busy = false
    if (told.ok) {
      drop(card.key)
      onSaved(told.value, card)
    } else {
      const after: Card = { ...card, tries: card.tries + 1, ...(unanswered(told.problem) ? {} : { refused: told.problem }) }
      keep(cards.get().map((c) => (c.key === card.key ? after : c)))
    }
  }, retryMs)
  return () => clearInterval(timer)
}
