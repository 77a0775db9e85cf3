/** Where panels stand. Four docks; each holds stacks one beside the other, each stack holds panels of which one is seen. */
export const docks = ['left', 'middle', 'right', 'bottom'] as const
export type DockName = (typeof docks)[number]

/** Panels that share one place: `open` is the one that is seen. `share` is its part of the dock, beside the others' parts. */
export type Stack = { panels: readonly string[]; open: string; share: number }

/** Sizes are CSS pixels; where one is missing the dock is as wide or high as the style sheet says. */
export type Layout = {
  docks: Readonly<Record<DockName, readonly Stack[]>>
  size: Readonly<Partial<Record<'left' | 'right' | 'bottom', number>>>
}

/** Where a panel goes: to a stack of a dock as one more tab, or between stacks as its own. */
export type Target = { dock: DockName; stack: number; as: 'tab' | 'own' }

/** What no dock may be smaller than, and larger than, CSS pixels. */
export const limits = { left: [220, 900], right: [260, 900], bottom: [80, 620] } as const

const stack = (...panels: string[]): Stack => ({ panels, open: panels[0] ?? '', share: 1 })

/** The layouts that a seat begins with, in the order of their keys. */
export const presets = ['call_taker', 'dispatcher', 'commander', 'one_screen'] as const
export type Preset = (typeof presets)[number]
export const presetLayouts: Readonly<Record<Preset, Layout>> = {
  call_taker: { docks: { left: [stack('call')], middle: [stack('map')], right: [stack('queue'), stack('incident')], bottom: [stack('units')] }, size: {} },
  dispatcher: { docks: { left: [stack('queue')], middle: [stack('map')], right: [stack('incident')], bottom: [stack('units')] }, size: {} },
  commander: { docks: { left: [stack('queue')], middle: [stack('map')], right: [stack('commander', 'cover'), stack('incident')], bottom: [stack('units')] }, size: {} },
  one_screen: { docks: { left: [stack('queue', 'units')], middle: [stack('map')], right: [stack('incident')], bottom: [] }, size: {} },
}

const withDocks = (l: Layout, work: (name: DockName, stacks: readonly Stack[]) => readonly Stack[]): Layout => ({
  ...l,
  docks: { left: work('left', l.docks.left), middle: work('middle', l.docks.middle), right: work('right', l.docks.right), bottom: work('bottom', l.docks.bottom) },
})

/** Where a panel stands, if it does. */
export function placeOf(l: Layout, id: string): { dock: DockName; stack: number } | undefined {
  for (const dock of docks) {
    const n = l.docks[dock].findIndex((s) => s.panels.includes(id))
    if (n >= 0) return { dock, stack: n }
  }
  return undefined
}

/** The panel stands nowhere any more. Its neighbours take its room. */
export const closed = (l: Layout, id: string): Layout =>
  withDocks(l, (_, stacks) => stacks.flatMap((s) => {
    if (!s.panels.includes(id)) return [s]
    const panels = s.panels.filter((p) => p !== id)
    return panels.length === 0 ? [] : [{ ...s, panels, open: s.open === id ? (panels[0] ?? '') : s.open }]
  }))

/** The panel stands at the target, wherever it stood before. */
export function moved(l: Layout, id: string, to: Target): Layout {
  const beside = l.docks[to.dock][to.stack] // The stack that was pointed at; the panel's own leaving may shift its number.
  const without = closed(l, id)
  return withDocks(without, (name, stacks) => {
    if (name !== to.dock) return stacks
    const anchor = beside?.panels.find((p) => p !== id)
    const at = anchor === undefined ? Math.min(to.stack, stacks.length) : stacks.findIndex((s) => s.panels.includes(anchor))
    if (to.as === 'tab' && anchor !== undefined) return stacks.map((s, n) => (n === at ? { ...s, panels: [...s.panels, id], open: id } : s))
    const share = beside?.share ?? 1
    return [...stacks.slice(0, at), { panels: [id], open: id, share }, ...stacks.slice(at)]
  })
}

/** The panel is seen: in its own place, or else at its home. */
export function shown(l: Layout, id: string, home: DockName): Layout {
  if (!placeOf(l, id)) return moved(l, id, { dock: home, stack: l.docks[home].length, as: 'own' })
  return withDocks(l, (_, stacks) => (stacks.some((s) => s.panels.includes(id) && s.open !== id) ? stacks.map((s) => (s.panels.includes(id) ? { ...s, open: id } : s)) : stacks))
}

/** The panel is one more tab of the stack before its own, or of the one behind it. */
export function joined(l: Layout, id: string): Layout {
  const at = placeOf(l, id)
  if (!at) return l
  const stacks = l.docks[at.dock]
  const other = at.stack > 0 ? at.stack - 1 : at.stack + 1
  return stacks[other] && (stacks[at.stack]?.panels.length ?? 0) === 1 ? moved(l, id, { dock: at.dock, stack: other, as: 'tab' }) : l
}

const beside: Readonly<Record<DockName, Readonly<Record<'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown', DockName>>>> = {
  left: { ArrowLeft: 'left', ArrowRight: 'middle', ArrowUp: 'left', ArrowDown: 'bottom' },
  middle: { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'middle', ArrowDown: 'bottom' },
  right: { ArrowLeft: 'middle', ArrowRight: 'right', ArrowUp: 'right', ArrowDown: 'bottom' },
  bottom: { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'middle', ArrowDown: 'bottom' },
}

/** The panel goes one place on in the direction of an arrow key: past its neighbour in the dock, else to the next dock. */
export function pushed(l: Layout, id: string, arrow: 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown'): Layout {
  const at = placeOf(l, id)
  if (!at) return l
  const along = at.dock === 'bottom' ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown']
  const step = arrow === along[0] ? -1 : arrow === along[1] ? 1 : 0
  const stacks = l.docks[at.dock]
  const next = stacks[at.stack + step]
  if (step !== 0 && next) {
    const order = stacks.map((s, n) => (n === at.stack ? next : n === at.stack + step ? stacks[at.stack] : s)).filter((s) => s !== undefined)
    return withDocks(l, (name, held) => (name === at.dock ? order : held))
  }
  const dock = beside[at.dock][arrow]
  return dock === at.dock ? l : moved(l, id, { dock, stack: l.docks[dock].length, as: 'own' })
}

/** A dock of another size, within its limits. */
export const sized = (l: Layout, side: 'left' | 'right' | 'bottom', px: number): Layout =>
  ({ ...l, size: { ...l.size, [side]: Math.round(Math.min(limits[side][1], Math.max(limits[side][0], px))) } })

/** Moves the border behind a stack of a dock: `part` of the whole dock goes from the next stack to it. Neither becomes smaller than a tenth. */
export function shared(l: Layout, dock: DockName, at: number, part: number): Layout {
  const stacks = l.docks[dock]
  const [a, b] = [stacks[at], stacks[at + 1]]
  if (!a || !b) return l
  const all = stacks.reduce((sum, s) => sum + s.share, 0)
  const both = a.share + b.share
  const least = Math.min(all / 10, both / 2)
  const first = Math.min(both - least, Math.max(least, a.share + part * all))
  return withDocks(l, (name, held) => (name === dock ? held.map((s, n) => (n === at ? { ...s, share: first } : n === at + 1 ? { ...s, share: both - first } : s)) : held))
}

/** A layout in which every panel is known and stands once; what a seat remembers may be old, or no layout at all. */
export function sound(value: unknown, known: readonly string[], fallback: Layout): Layout {
  const held = value as Partial<Layout> | null | undefined
  if (typeof held?.docks !== 'object' || held.docks === null) return fallback === value ? fallback : sound(fallback, known, fallback)
  const seen = new Set<string>()
  const one = (s: unknown): Stack[] => {
    const { panels, open, share } = (s ?? {}) as Partial<Stack>
    const kept = (Array.isArray(panels) ? panels : []).filter((p): p is string => known.includes(p as string) && !seen.has(p as string) && seen.add(p as string) !== undefined)
    const first = kept[0]
    if (first === undefined) return []
    return [{ panels: kept, open: kept.includes(open ?? '') ? (open ?? first) : first, share: typeof share === 'number' && share > 0 && share < 1e6 ? share : 1 }]
  }
  const all = held.docks as Partial<Record<DockName, unknown>>
  const read = (name: DockName): Stack[] => { const list = all[name]; return Array.isArray(list) ? list.flatMap(one) : [] }
  const made: Layout = { docks: { left: read('left'), middle: read('middle'), right: read('right'), bottom: read('bottom') }, size: {} }
  const size = (held.size ?? {}) as Partial<Record<string, unknown>>
  return (['left', 'right', 'bottom'] as const).reduce((l, side) => { const px = size[side]; return typeof px === 'number' && Number.isFinite(px) ? sized(l, side, px) : l }, made)
}
