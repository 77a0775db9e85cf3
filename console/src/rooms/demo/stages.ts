import type { IncidentRow } from '../../api/types'

/** Where a visitor of the tour stands, told by what the room shows. Several of these make one of the six steps. */
export type Stage = 'look' | 'ring' | 'rings' | 'place' | 'type' | 'words' | 'send' | 'drive' | 'work' | 'review' | 'leaving' | 'close' | 'done' | 'ended'

/** What the tour looks at. */
export type Seen = {
  /** The first card was read. */
  looked: boolean
  /** A telephone rings. */
  ringing: boolean
  /** The form for a new call is open, and which of its fields has the keyboard. */
  form: boolean
  field: string
  /** The visitor's own incident, once there is one. */
  row: Pick<IncidentRow, 'phase' | 'assignments' | 'first_on_scene_at'> | undefined
}

/** The stage that follows from what is seen. It remembers nothing: a reload comes to the same. */
export function stageOf({ looked, ringing, form, field, row }: Seen): Stage {
  if (!row) {
    if (!form) return !looked ? 'look' : ringing ? 'rings' : 'ring'
    return field === 'call-type' ? 'type' : field === 'call-narrative' ? 'words' : 'place'
  }
  const sent = (row.assignments ?? []).filter((a) => !a.recalled)
  const there = sent.filter((a) => a.stage !== 'cleared')
  switch (row.phase) {
    case 'closed': return 'done'
    case 'merged':
    case 'transferred':
    case 'invalid': return 'ended'
    case 'reported_back': return 'review'
    case 'reviewed': return there.length > 0 ? 'leaving' : 'close'
    default: return there.length === 0 ? 'send' : row.first_on_scene_at === undefined ? 'drive' : 'work'
  }
}

/** The step of six that a stage belongs to. */
export const stepOf: Readonly<Record<Stage, number>> = {
  look: 1, ring: 2, rings: 2, place: 2, type: 2, words: 2, ended: 2, send: 3, drive: 4, work: 5, review: 5, leaving: 6, close: 6, done: 6,
}

/**
 * How fast the world runs meanwhile, world seconds in a second: as in life while the visitor decides, faster while he
 * waits for a crew. undefined leaves the world its own speed.
 */
export const paceOf: Readonly<Record<Stage, number | undefined>> = {
  look: undefined, ring: undefined, rings: 1, place: 1, type: 1, words: 1, ended: undefined, send: 1, drive: 30, work: 120, review: 1, leaving: 60, close: 1, done: undefined,
}

/** What a stage points at, the first of each list that is on the screen. */
export const targetsOf: Readonly<Record<Stage, readonly (readonly string[])[]>> = {
  look: [['.queue'], ['.map'], ['.units']],
  ring: [['.incident']],
  rings: [['.call.ringing']],
  place: [['#call-place']],
  type: [['#call-type']],
  words: [['#call-narrative']],
  send: [['.incident .send', '.incident .actions'], ['.incident .rec-list']],
  drive: [['.incident .rec-list']],
  work: [['.incident .timeline', '.incident .steps']],
  review: [['.incident .verb-form', '.incident [aria-keyshortcuts=V]'], ['.incident .timeline']],
  leaving: [['.incident .rec-list']],
  close: [['.incident .verb-form', '.incident [aria-keyshortcuts=X]']],
  done: [['.incident .timeline', '.incident .steps']],
  ended: [['.incident']],
}
