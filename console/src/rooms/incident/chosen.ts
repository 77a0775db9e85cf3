import type { Params, Reason } from '../../api/types'
import { duration } from '../../lib/time'

type Choice = { unit: string; slot?: string; eta_s?: number }

const choices = (value: unknown): Choice[] => (Array.isArray(value) ? value.filter((c): c is Choice => typeof c === 'object' && c !== null && 'unit' in c) : [])
const ids = (value: unknown): string[] => (Array.isArray(value) ? value.filter((u): u is string => typeof u === 'string') : [])

/**
 * What a person sent beside what was recommended, as a sentence: the same, other units with both named, or without any
 * advice. What stood on the screen is what the person decided on.
 */
export function chosenReason(params: Params, callSign: (unit: string) => string): Reason {
  const recommended = choices(params['screen']).length > 0 ? choices(params['screen']) : choices(params['recommended'])
  const sent = ids(params['sent']).map(callSign)
  if (recommended.length === 0) return { code: 'incident.chosen_alone', params: { sent } }
  if (params['same'] === true) return { code: 'incident.chosen_same', params: { sent } }
  const said = recommended.map((c) => (c.eta_s === undefined ? callSign(c.unit) : `${callSign(c.unit)} ${duration(c.eta_s)}`))
  return { code: 'incident.chosen_other', params: { recommended: said, sent } }
}
