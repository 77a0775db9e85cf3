import { closed, placeOf, presetLayouts, presets, shown, sound, type DockName, type Layout, type Preset } from './layout'
import { createStore } from './store'

/** The layouts of a seat: one for each preset, as the person left it. */
export type Desk = { seat: string; at: Preset; layout: Layout; changed: ReadonlySet<Preset> }

const key = (seat: string): string => `shuniu.desk.${seat}`
let known: readonly string[] = []
let homes: ReadonlyMap<string, DockName> = new Map()
let kept: Partial<Record<Preset, unknown>> = {}

const layoutFor = (at: Preset): Layout => sound(kept[at] ?? presetLayouts[at], known, presetLayouts[at])

/** The desk as it stands now. */
export const desk = createStore<Desk>({ seat: '', at: 'dispatcher', layout: presetLayouts.dispatcher, changed: new Set() })

/** Whether each panel shows its bar, by which it can be moved. */
export const arranging = createStore(false)

/** Panels that stand in windows of their own. */
export const popped = createStore<ReadonlySet<string>>(new Set())

/** Who sat here last: the desk begins as they left it, before anybody is known to sit here. Nothing then jumps, and no map is drawn that is not wanted. */
const lastSeat = 'shuniu.desk'

/** Which panels there are, and where each stands when a layout does not name it. */
export function knowPanels(list: readonly { id: string; home: DockName }[]): void {
  known = list.map((p) => p.id)
  homes = new Map(list.map((p) => [p.id, p.home]))
  desk.set((d) => ({ ...d, layout: sound(d.layout, known, presetLayouts[d.at]) }))
  if (typeof localStorage !== 'undefined') deskOf(localStorage.getItem(lastSeat) ?? '')
}

/** Reads what this seat left, when somebody sits down at it. */
export function deskOf(seat: string): void {
  if (desk.get().seat === seat) return
  let at: Preset = 'dispatcher'
  kept = {}
  try {
    const held = JSON.parse(localStorage.getItem(key(seat)) ?? '{}') as { at?: Preset; layouts?: typeof kept }
    if (held.at && presets.includes(held.at)) at = held.at
    if (typeof held.layouts === 'object' && held.layouts !== null) kept = held.layouts
  } catch {
    // What a seat remembers may be anything; it then begins as everybody does.
  }
  desk.set({ seat, at, layout: layoutFor(at), changed: changedOnes() })
  localStorage.setItem(lastSeat, seat)
}

const changedOnes = (): ReadonlySet<Preset> => new Set(presets.filter((p) => kept[p] !== undefined))

function remember(at: Preset): void {
  localStorage.setItem(key(desk.get().seat), JSON.stringify({ at, layouts: kept }))
}

/** Changes the layout and remembers it under its preset. */
export function arrange(work: (l: Layout) => Layout): void {
  const d = desk.get()
  const layout = work(d.layout)
  if (layout === d.layout) return
  kept = { ...kept, [d.at]: layout }
  desk.set({ ...d, layout, changed: changedOnes() })
  remember(d.at)
}

/** Takes another layout. */
export function takeLayout(at: Preset): void {
  desk.set((d) => ({ ...d, at, layout: layoutFor(at) }))
  remember(at)
}

/** Makes the present layout as it was at the beginning. */
export function resetLayout(): void {
  const { at } = desk.get()
  kept = Object.fromEntries(Object.entries(kept).filter(([p]) => p !== at))
  desk.set((d) => ({ ...d, layout: layoutFor(at), changed: changedOnes() }))
  remember(at)
}

/** Makes sure that a panel is seen: its tab is opened, or it comes back to its home. */
export const showPanel = (id: string): void => arrange((l) => shown(l, id, homes.get(id) ?? 'right'))

/** Closes a panel; it is found again in the list of panels and by its key. */
export const closeAt = (id: string): void => arrange((l) => closed(l, id))

/** Whether a panel has a place of its own, rather than standing where the open incident does. */
export const hasPlace = (id: string): boolean => placeOf(desk.get().layout, id) !== undefined
