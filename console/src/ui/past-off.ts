import { useText } from '../i18n/i18n'
import { useThen } from '../lib/present'

/**
 * For a button that does something with what is shown: off, with the reason, while that is the past. It is spread over the
 * button's properties. What is pressed nevertheless is refused with the same words (api/client.ts).
 */
export function usePastOff(): { 'aria-disabled': true; title: string } | undefined {
  const { reason } = useText()
  return useThen() && { 'aria-disabled': true, title: reason({ code: 'past' }) }
}
