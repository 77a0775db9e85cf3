import { forwardRef, type KeyboardEvent } from 'react'
import type { CommandAnswer } from '../../api/types'
import { useText } from '../../i18n/i18n'
import { composing } from '../../lib/keys'
import { useCommand } from './use-command'

type Props = { onDone: (answer: CommandAnswer) => void }

/** One line that does everything the buttons do, and says what it would do before it does. */
export const CommandLine = forwardRef<HTMLInputElement, Props>(function CommandLine({ onDone }, ref) {
  const { t, reason } = useText()
  const c = useCommand(onDone)
  const candidates = c.answer?.status === 'ambiguous' ? (c.answer.candidates ?? []) : []
  const onKeyDown = (e: KeyboardEvent<HTMLInputElement>) => {
    // The Enter that commits composed text, and the Esc that cancels it, belong to the input method.
    if (composing(e)) return
    if (c.choosing && /^[1-9]$/.test(e.key)) {
      const found = candidates.find((x) => x.n === Number(e.key))
      if (found) c.run(found.n)
    } else if (e.key === 'Enter') {
      if (!c.choosing) c.run()
    } else if (e.key === 'Escape') {
      if (c.choosing) c.setChoosing(false)
      else if (c.line !== '') c.change('')
      else e.currentTarget.blur()
    } else if (e.key === 'ArrowUp') c.recall(1)
    else if (e.key === 'ArrowDown') c.recall(-1)
    else return
    e.preventDefault()
    e.stopPropagation()
  }
  return (
    <section className="panel command" aria-label={t('cmd.line')}>
      {candidates.length > 0 && (
        <ol className="candidates" aria-label={t('cmd.choose')}>
          {candidates.map((x) => (
            <li key={x.n}><button type="button" className="btn small" onClick={() => c.run(x.n)}><kbd>{x.n}</kbd> {x.code ? reason({ code: x.code, params: { text: x.label } }) : x.label}</button></li>
          ))}
          {c.choosing && <li className="soon">{t('cmd.choose')}</li>}
        </ol>
      )}
      <span className="prompt" aria-hidden="true">›</span>
      <input
        ref={ref}
        value={c.line}
        aria-label={t('cmd.line')}
        aria-describedby="command-effect"
        placeholder={t('cmd.placeholder')}
        autoComplete="off"
        spellCheck={false}
        onChange={(e) => c.change(e.target.value)}
        onKeyDown={onKeyDown}
      />
      <output id="command-effect" className={`effect ${c.tone}`} aria-live="polite" title={c.say}>{c.say || t('cmd.keys')}</output>
    </section>
  )
})
