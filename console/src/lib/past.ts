import type { Board } from '../api/live'
import type { Debt, Filings } from '../api/types'
import { createStore } from './store'

/**
 * A moment of the past that is looked at: `at` in milliseconds since 1970, by the world's clock; `placed` if positions of
 * then are known; what was owed, and the urgent reports that were filed by then, by incident.
 */
export type Past = { at: number; board: Board; placed: boolean; owed: readonly Debt[]; filings: ReadonlyMap<string, NonNullable<Filings['items']>> }

/** The moment of the past that every panel shows; undefined while the present is shown. */
export const past = createStore<Past | undefined>(undefined)

/** Back to the present. */
export const leavePast = (): void => past.set(undefined)

/**
 * Whether something may be sent while the past is on the screen. Nobody who calls for help waits for somebody who looks
 * back: calls, first words and duress go through; so does what is shown from the present (a duress is taken up, an alert
 * was seen) and what changes nothing in the room. Lines that say that they look back are judged by the server.
 */
export const mayWriteInPast = (path: string, body?: unknown): boolean =>
  path === '/incidents' || /^\/units\/[^/]+\/(duress|acknowledge-duress)$/.test(path) || /^\/(incidents|alarms)\/[^/]+\/acknowledge$/.test(path)
  || /^\/(calls|drafts|demo|hints|study|paper)(\/|$)/.test(path) || (path === '/command' && (body as { looking_back?: boolean } | undefined)?.looking_back === true)
