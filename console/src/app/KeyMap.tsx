import { useText, type Key } from '../i18n/i18n'
import { Dialog } from '../ui/Dialog'

const keys: readonly (readonly [string, Key])[] = [
  ['F2', 'keys.new_call'], ['F4', 'phone.key_answer'], ['Shift F4', 'phone.key_hold'], ['/ 、 F8', 'keys.command'], ['↑ ↓ Enter', 'keys.list'], ['Enter Enter', 'keys.send'], ['1 … 9', 'keys.picks'],
  ['Alt 1 … 5', 'keys.tabs'], ['F6', 'cmdr.key_alerts'], ['F7', 'cmdr.key_panel'], ['F9', 'keys.duress'], ['Alt 9', 'keys.cover'], ['Alt 8', 'keys.rings'], ['Alt 7', 'keys.cover_layer'], ['Alt 6', 'keys.study'], ['Alt 0', 'keys.demo'], ['A … Z', 'keys.verbs'], ['Esc', 'keys.escape'], ['?', 'keys.help'],
]

/** Every key of the desk. */
export function KeyMap({ onClose }: { onClose: () => void }) {
  const { t } = useText()
  return (
    <Dialog title={t('keys.title')} onClose={onClose}>
      <dl className="keys">{keys.map(([k, what]) => <div key={k}><dt><kbd>{k}</kbd></dt><dd>{t(what)}</dd></div>)}</dl>
    </Dialog>
  )
}
