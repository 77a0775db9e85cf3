import { needText, useText } from '../../i18n/i18n'

/** The word for a need of a plan. */
export function useSlotWord() {
  const { lang } = useText()
  return (what: string): string => needText(lang, what)
}
