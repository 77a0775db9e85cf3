import { createContext, createElement, use, type ReactNode } from 'react'
import { past, type Past } from './past'
import { useStore } from './store'

const Present = createContext(false)

/**
 * What stands in it tells of the present also while the past is looked at: calls that ring, officers in danger, alerts that
 * wait for a word. Its hooks (api/hooks.ts) read the live board and the running clock.
 */
export const InPresent = ({ children }: { children: ReactNode }) => createElement(Present, { value: true }, children)

/** The moment of the past that this part of the screen shows; undefined while it shows the present. */
export function useThen(): Past | undefined {
  const then = useStore(past)
  return use(Present) ? undefined : then
}
