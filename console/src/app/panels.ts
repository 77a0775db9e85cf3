import { lazy, type ComponentType } from 'react'
import { roomDrawn } from '../api/connection'
import type { Key } from '../i18n/i18n'
import { CallPanel, CardsPanel, DemoSheet, DuressSheet, EverythingSheet, IncidentPart, KeySheet, QueuePart, TourPart, UnitCardPart, UnitsPart, UnsentSheet } from './parts'
import { ContextMenu } from '../rooms/queue/ContextMenu'
import { DuressWatch } from './DuressList'
import { Keeper, PackSheet } from '../rooms/pack/PackSheet'
import { PastBar } from '../rooms/past/PastBar'

/**
 * One panel of the desk. `place` is where it stands unless the seat moved it: at the left, in the middle, at the right,
 * at the bottom; "over" lies over the desk until it is closed; "always" lies over the desk and decides itself whether it
 * shows anything. Of those at the right one is in hand at a time (`form` in lib/focus.ts holds its id); the open incident
 * stands there when none is. `key` opens and closes it, written as `pressed` (lib/keys.ts) reads it.
 */
export type Panel = {
  id: string
  words: Key
  place: 'left' | 'middle' | 'right' | 'bottom' | 'over' | 'always'
  component: ComponentType
  key?: string
  /** It tells of the present also while the past is looked at (lib/present.ts): of what protects people, and of what waits for a hand. */
  now?: true
  /** False: it cannot stand in a window of its own. */
  apart?: false
}

const loads: (() => Promise<unknown>)[] = []

/** A panel whose code is fetched when it is first shown: `later(async () => (await import('...')).CoverPanel)`. */
const later = (load: () => Promise<ComponentType>): ComponentType => {
  loads.push(load)
  return lazy(async () => ({ default: await load() }))
}
/** Fetches what is not needed yet, once the page is at rest: it must be there also when the server is not. */
export function fetchTheRest(): () => void {
  const timer = setTimeout(() => { for (const load of loads) void load().catch(() => undefined) }, restMs)
  return () => clearTimeout(timer)
}
const restMs = 3000

/** The map is half of the console's code and the dearest thing to draw. It comes with the first page, but after the queue. */
async function loadMap(): Promise<ComponentType> {
  const [{ MapPart }] = await Promise.all([import('./MapPart'), roomDrawn()])
  return MapPart
}

/** Every panel of the desk. A new one is a line here; its key stands in the key map, its name in the search for everything. */
export const panels: readonly Panel[] = [
  { id: 'queue', words: 'queue.panel', place: 'left', component: QueuePart },
  { id: 'map', words: 'map.region', place: 'middle', component: later(loadMap) },
  { id: 'incident', words: 'inc.panel', place: 'right', component: IncidentPart },
  { id: 'call', words: 'call.form', place: 'right', component: CallPanel, key: 'F2', apart: false, now: true },
  { id: 'cover', words: 'cover.title', place: 'right', component: later(async () => (await import('../rooms/cover/CoverPanel')).CoverPanel), key: 'Alt+9', now: true },
  { id: 'commander', words: 'cmdr.panel', place: 'right', component: later(async () => (await import('../rooms/commander/CommanderPanel')).CommanderPanel), key: 'F7' },
  { id: 'units', words: 'unit.board', place: 'bottom', component: UnitsPart },
  { id: 'phone', words: 'phone.bar', place: 'always', component: later(async () => (await import('../rooms/phone/PhoneBar')).PhoneBar), now: true },
  { id: 'duress', words: 'top.duress_list', place: 'over', component: DuressSheet, key: 'F9', now: true },
  { id: 'keys', words: 'keys.title', place: 'over', component: KeySheet, key: '?' },
  { id: 'past', words: 'story.past', place: 'over', component: PastBar, key: 'Alt+Shift+H' },
  { id: 'pack', words: 'story.pack', place: 'over', component: PackSheet, key: 'Alt+Shift+P', now: true },
  { id: 'entry', words: 'story.entry', place: 'right', component: later(async () => (await import('../rooms/pack/EntryPanel')).EntryPanel), key: 'Alt+Shift+B', now: true },
  { id: 'keeper', words: 'story.pack', place: 'always', component: Keeper, now: true },
  { id: 'demo', words: 'demo.panel', place: 'over', component: DemoSheet, key: 'Alt+0', now: true },
  { id: 'everything', words: 'frame.everything', place: 'over', component: EverythingSheet, key: 'Ctrl+K' },
  { id: 'desk', words: 'frame.desk', place: 'over', component: later(async () => (await import('./parts-later')).DeskPart) },
  { id: 'unsent', words: 'frame.unsent', place: 'over', component: UnsentSheet, now: true },
  { id: 'unit', words: 'frame.unit_card', place: 'always', component: UnitCardPart },
  { id: 'cards', words: 'frame.cards', place: 'always', component: CardsPanel, now: true },
  { id: 'menu', words: 'disp.menu', place: 'always', component: ContextMenu },
  { id: 'duress-watch', words: 'disp.duress_title', place: 'always', component: DuressWatch, now: true },
  { id: 'tour', words: 'tour.title', place: 'always', component: TourPart, now: true },
]

/** The panel with this id. */
export const panelOf = (id: string): Panel | undefined => panels.find((p) => p.id === id)

/** The panels that stand in docks, with the dock that each comes from. */
export const docked = panels.flatMap((p) => (p.place === 'over' || p.place === 'always' ? [] : [{ id: p.id, home: p.place }]))
