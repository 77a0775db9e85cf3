import { sheet } from '../lib/focus'
import { DeskSheet } from './DeskSheet'

export function DeskPart() {
  return <DeskSheet onClose={() => sheet.set('')} />
}
