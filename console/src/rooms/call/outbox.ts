import { outgoing, send } from '../../api/outgoing'
import type { Sent, Waiting } from '../../api/queue'
import { derived } from '../../lib/store'

/** A call that could not be stored: the words of a paper card, kept under the key it will be stored with. */
export type Card = Waiting & { card: number; lines: readonly string[] }

export type Saved = { id: string; number: number; seq: number }

const isCard = (w: Waiting): w is Card => w.card !== undefined && !w.first

/** Cards that wait for the server, oldest first. They survive a reload of the page and a crash of the seat. */
export const cards = derived(outgoing.waiting, (all) => all.filter(isCard))

/** Sends a new incident; when nobody answers, or it is refused, it becomes a card. */
export async function save(key: string, body: Record<string, unknown>, lines: string[]): Promise<Saved | Card> {
  const told = await send<Saved>({ path: '/incidents', body, key, lines, words: lines.join(' · '), subject: `incident/${key}` })
  if (told.state === 'stored') return told.value
  return (told as Extract<Sent<Saved>, { state: 'waiting' }>).item as Card // What has lines is kept also when it is refused.
}

/** Takes a card down: it was handled in another way. */
export const drop = (key: string): void => void outgoing.drop(key)

/** Calls when a card was stored, until it is stopped. The queue itself tries again. */
export const whenStored = (listener: (saved: Saved) => void): (() => void) =>
  outgoing.onStored((item, value) => {
    if (isCard(item)) listener(value as Saved)
  })
