import { useConfig } from '../../api/hooks'
import { useText } from '../../i18n/i18n'

/** The word for a need: "near:armed" is a slot or a kind of unit, then what it must be able to do. */
export function useSlotWord() {
  const { name, word } = useText()
  const kinds = useConfig().data?.kinds
  return (what: string): string => {
    const [first = '', able] = what.split(':')
    const slot = word('rec.slot.', first)
    return [slot === first ? name(kinds?.find((k) => k.id === first)?.name, first) : slot, able ? `(${word('cap.', able)})` : ''].join('')
  }
}
