import type { CallRow } from '../../api/types'
import { useText, type Key } from '../../i18n/i18n'

type Props = { call: CallRow; verb: string; go?: boolean; pressed?: boolean; keys?: string; onGo: () => void }

/** A button of a call. One that cannot be used stays, and says the server's reason. */
export function Verb({ call, verb, go, pressed, keys, onGo }: Props) {
  const { t, reason } = useText()
  const step = call.next?.find((s) => s.verb === verb)
  const refused = step === undefined || !step.allowed
  const why = refused ? reason(step) : keys
  return (
    <button type="button" className={go ? 'btn small go' : 'btn small'} disabled={refused} title={why} {...(pressed === undefined ? {} : { 'aria-expanded': pressed })} {...(keys ? { 'aria-keyshortcuts': keys.replace(' ', '+') } : {})} onClick={onGo}>
      {t(`phone.do.${verb}` as Key)}
    </button>
  )
}
