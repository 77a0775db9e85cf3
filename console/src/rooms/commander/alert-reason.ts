import type { Config } from '../../api/types'
import type { Words } from './report-text'

type Name = (words: Readonly<Record<string, string>> | undefined, id: string | undefined) => string

/**
 * What was answered that raised an alert: the question and its answer, from the server's "answer.weapon.gun". Undefined for
 * alerts that have another reason, and for questions that the centre no longer asks.
 */
export function answerOf(why: string, types: Config['types'], t: Words['t'], name: Name): string | undefined {
  const [kind, question, option] = why.split('.')
  if (kind !== 'answer' || !question || !option) return undefined
  const q = types.flatMap((x) => x.questions ?? []).find((x) => x.id === question)
  if (!q) return undefined
  const o = q.options?.find((x) => x.id === option)
  const ask = name(q.ask, q.id)
  if (q.kind === 'number') return t('cmdr.alert.number', { ask, from: o?.from ?? 0 })
  const said = q.kind === 'yes' && (option === 'yes' || option === 'no' || option === 'unknown') ? t(`intake.${option}`) : name(o?.name, option)
  return t('cmdr.alert.answer', { ask, said })
}
