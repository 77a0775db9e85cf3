import { write } from '../../api/client'
import { hearRun } from '../../api/connection'
import { useDemo } from '../../api/hooks'
import type { Step, Surge, WorldRun } from '../../api/types'
import { useText } from '../../i18n/i18n'
import { notify } from '../../lib/focus'

/** What moves a world, in the server's words. */
export type Move = 'pause' | 'resume' | 'step' | 'speed' | 'surge' | 'scenario' | 'release' | 'lend'

/** Moves the world and takes in how it runs then. Gives the problem, if there was one. */
export async function move(what: Move, body: unknown = {}) {
  const told = await write<WorldRun>(`/demo/${what}`, body)
  if (told.ok) hearRun(told.value)
  return told.ok ? undefined : told.problem
}

/** The word for how many call. */
export function useSurgeText() {
  const { t, word } = useText()
  return (s: Surge): string => (s.kind === 'none' && (s.factor ?? 1) > 1 ? t('demo.surge.times', { factor: s.factor }) : word('demo.surge.', s.kind))
}

/** What the panel of a demonstration shows and does. */
export function useDemoPanel() {
  const { problem } = useText()
  const demo = useDemo(true)
  const step = (verb: Move): Step => demo.data?.next.find((s) => s.verb === verb) ?? { verb, allowed: false }
  const press = async (what: Move, body?: unknown, done?: string) => {
    const refused = await move(what, body)
    if (refused) notify(problem(refused), 'bad')
    else if (done !== undefined) notify(done)
  }
  return { demo: demo.data, failed: demo.isError, step, press }
}
