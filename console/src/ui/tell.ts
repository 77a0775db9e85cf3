import { send } from '../api/outgoing'
import type { Intent, Sent } from '../api/queue'
import { language, problemText, text } from '../i18n/i18n'
import { notify } from '../lib/focus'

/**
 * Does what a person wants and puts into the tray what became of it: done, refused, or kept here until the server is back.
 * Only what was refused is still to be done.
 */
export async function tell<T = unknown>(intent: Intent, done: string | ((value: T) => string), undo?: () => void): Promise<Sent<T>> {
  const told = await send<T>(intent)
  if (told.state === 'stored') notify(typeof done === 'string' ? done : done(told.value), 'good', undo)
  else if (told.state === 'waiting') notify(text(language.get(), 'frame.waits', { what: intent.words }), 'bad')
  else notify(problemText(language.get(), told.problem), 'bad')
  return told
}

/** A row, or the id of one that is not on the board. */
type Row = { id: string; seq?: number }

const seen = (row: Row) => (row.seq === undefined ? {} : { seen: row.seq })

/** What is done with a unit: `verb` is its address, `seen` its row as the person saw it. */
export const aboutUnit = (unit: Row, verb: string, body: unknown, words: string): Intent => ({
  path: `/units/${encodeURIComponent(unit.id)}/${verb}`, body, words, subject: `unit/${unit.id}`, ...seen(unit),
})

/** A cry for help holds whatever has become of the unit meanwhile. */
export const cryFor = (unit: Row, words: string): Intent => aboutUnit({ id: unit.id }, 'duress', { on: true }, words)

/** What is done with an incident, by its row as the person saw it. What only adds to it needs no row that stands still. */
export const aboutIncident = (incident: Row, verb: string, body: unknown, words: string): Intent => ({
  path: `/incidents/${encodeURIComponent(incident.id)}/${verb}`, body, words, subject: `incident/${incident.id}`, ...seen(incident),
})
