import type { DrawKind } from '../api/drawings'
import type { Point } from '../lib/focus'
import { createStore } from '../lib/store'

/** What the mouse does on the map: measure a line, an area or the way of a car, or draw. */
export type ToolName = 'line' | 'area' | 'way' | 'draw'

/** A tool in hand, with what is put down so far. `kind` is what is drawn. */
export type Tool = { name: ToolName; kind: DrawKind; corners: readonly Point[]; label: string; units: string }

/** The tool in hand, if any. */
export const tool = createStore<Tool | undefined>(undefined)

/** Takes a tool in hand, or puts it away when it is in hand. */
export const turnTool = (name: ToolName): void => tool.set((held) => (held?.name === name ? undefined : { name, kind: held?.kind ?? 'point', corners: [], label: '', units: '' }))

/** Puts the tool away, with what was put down and is nobody else's yet. */
export const endTool = (): void => tool.set(undefined)

/** Draws another kind of thing from here on. */
export const drawKind = (kind: DrawKind): void => tool.set((held) => held && { ...held, kind, corners: [] })

/** Whether one click makes the whole thing. */
export const single = (t: Tool): boolean => t.name === 'draw' && (t.kind === 'point' || t.kind === 'post' || t.kind === 'text')

/** Whether it is an outline. */
export const closes = (t: Tool): boolean => t.name === 'area' || (t.name === 'draw' && t.kind === 'area')

/** The least corners that make something of it. */
export const least = (t: Tool): number => (single(t) ? 1 : closes(t) ? 3 : 2)

/** The most corners that are taken. */
export const cornersMost = 500

/** Puts a corner down. The way of a car has two ends: a third begins anew. */
export function putCorner(at: Point): void {
  tool.set((held) => {
    if (!held || held.corners.length >= cornersMost) return held
    const before = single(held) || (held.name === 'way' && held.corners.length === 2) ? [] : held.corners
    return { ...held, corners: [...before, at] }
  })
}

/** Takes the last corner back. */
export const takeBack = (): void => tool.set((held) => held && { ...held, corners: held.corners.slice(0, -1) })
