import type { Board } from '../api/live'
import { createStore } from './store'

/** A moment of the past that is looked at: `at` in milliseconds since 1970, by the world's clock. */
export type Past = { at: number; board: Board; placed: boolean }

/** The moment of the past that every panel shows; undefined while the present is shown. */
export const past = createStore<Past | undefined>(undefined)

/** Back to the present. */
export const leavePast = (): void => past.set(undefined)

/**
 * Whether something may be sent while the past is on the screen. Nobody who calls for help waits for somebody who looks
 * back: calls, first words and duress go through; so does what changes nothing in the room.
 */
export const mayWriteInPast = (path: string): boolean =>
  path === '/incidents' || path.endsWith('/duress') || /^\/(calls|drafts|demo|hints|study|paper)(\/|$)/.test(path)
