import { useText, type Key } from '../i18n/i18n'
import { panels } from './panels'
import { Dialog } from '../ui/Dialog'

const fixed: readonly (readonly [string, Key])[] = [
  ['/ 、 F8', 'keys.command'], ['↑ ↓ Enter', 'keys.list'], ['Enter Enter', 'keys.send'], ['1 … 9', 'keys.picks'], ['D 1 … 9', 'keys.scene'], ['G 1 … 9', 'keys.near'], ['R', 'keys.owed'], ['≣  Shift F10', 'keys.menu'],
  ['Alt 1 … 5', 'keys.tabs'], ['F4', 'phone.key_answer'], ['Shift F4', 'phone.key_hold'], ['F6', 'cmdr.key_alerts'], ['Alt 8', 'keys.rings'], ['Alt 7', 'keys.cover_layer'], ['Alt 6', 'keys.study'], ['Alt L', 'map.layers'], ['Alt M', 'draw.measure_help'], ['Alt G', 'draw.draw_help'], ['A … Z', 'keys.verbs'],
  ['Alt Shift 1 … 4', 'frame.layouts'], ['Alt Shift 0', 'frame.arrange'], ['Alt Shift ↑ ↓', 'frame.regions'], ['Esc', 'keys.escape'],
]
// Panels whose key says more than their name.
const said: Readonly<Record<string, Key>> = { call: 'keys.new_call', commander: 'cmdr.key_panel', duress: 'keys.duress', cover: 'keys.cover', demo: 'keys.demo', keys: 'keys.help' }

/** Every key of the desk and what it does: those of the panels, then the others. */
export const keyRows = (): readonly (readonly [string, Key])[] => [
  ...panels.flatMap((p) => (p.key ? [[p.key.replaceAll('+', ' '), said[p.id] ?? p.words] as const] : [])), ...fixed,
]

/** Every key of the desk. */
export function KeyMap({ onClose }: { onClose: () => void }) {
  const { t } = useText()
  return (
    <Dialog title={t('keys.title')} onClose={onClose}>
      <dl className="keys">{keyRows().map(([k, what]) => <div key={k}><dt><kbd>{k}</kbd></dt><dd>{t(what)}</dd></div>)}</dl>
    </Dialog>
  )
}
