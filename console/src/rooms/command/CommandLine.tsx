import { forwardRef, type KeyboardEvent } from 'react'
import { useSession } from '../../api/hooks'
import type { CommandAnswer } from '../../api/types'
import { useText } from '../../i18n/i18n'
import { composing } from '../../lib/keys'
import { CommandHelp, CommandSteps } from './CommandHelp'
import { Completions } from './Completions'
import './command.css'
import { useCommand } from './use-command'

type Props = { onDone: (answer: CommandAnswer) => void }

/** One line that does everything the buttons do, and says what it would do before it does. */
export const CommandLine = forwardRef<HTMLInputElement, Props>(function CommandLine({ onDone }, ref) {
  const { t, reason } = useText()
  const session = useSession().data
  const c = useCommand(session?.seat ?? session?.actor ?? '', onDone)
  const candidates = c.answer?.status === 'ambiguous' ? (c.answer.candidates ?? []) : []
  const listed = c.offers.length > 0 && !c.choosing
  const leave = (e: KeyboardEvent<HTMLInputElement>) => {
    if (c.choosing) c.setChoosing(false)
    else if (c.searching) c.search(false)
    else if (c.picked >= 0) c.step(-c.offers.length)
    else if (c.line !== '') c.change('')
    else e.currentTarget.blur()
  }
  const up = () => (listed && c.picked >= 0 ? c.step(-1) : c.recall(1))
  const down = () => (listed && !c.browsing() ? c.step(1) : c.recall(-1))
  const enter = () => {
    if (c.choosing) return
    if (c.searching || c.picked >= 0) c.take(c.picked) // It stands in the line; the next Enter executes.
    else c.run()
  }
  const onKeyDown = (e: KeyboardEvent<HTMLInputElement>) => {
    // The Enter that commits composed text, and the Esc that cancels it, belong to the input method.
    if (composing(e)) return
    const plain = !e.ctrlKey && !e.altKey && !e.metaKey
    if (c.choosing && plain && /^[1-9]$/.test(e.key)) {
      const found = candidates.find((x) => x.n === Number(e.key))
      if (found) c.run(found.n)
    } else if (e.key === 'Enter') enter()
    else if (e.key === 'Escape') leave(e)
    else if (e.key === 'Tab' && !e.shiftKey && listed) c.take(c.picked)
    else if (e.key === 'ArrowUp') up()
    else if (e.key === 'ArrowDown') down()
    else if (e.ctrlKey && e.key.toLowerCase() === 'r') c.search(true)
    else return
    e.preventDefault()
    e.stopPropagation()
  }
  return (
    <section className="panel command" aria-label={t('cmd.line')}>
      <div className="above">
        {c.answer?.help && <CommandHelp verbs={c.answer.help} />}
        {c.answer?.steps && <CommandSteps steps={c.answer.steps} />}
        {listed && <Completions id="command-offers" offers={c.offers} picked={c.picked} onTake={c.take} />}
        {candidates.length > 0 && (
          <ol className="candidates" aria-label={t('cmd.choose')}>
            {candidates.map((x) => (
              <li key={x.n}><button type="button" className="btn small" onClick={() => c.run(x.n)}><kbd>{x.n}</kbd> {x.code ? reason({ code: x.code, params: { text: x.label, ...x.params } }) : x.label}</button></li>
            ))}
            {c.choosing && <li className="soon">{t('cmd.choose')}</li>}
          </ol>
        )}
      </div>
      <span className="prompt" aria-hidden="true">{c.searching ? '⌕' : '›'}</span>
      <input
        ref={ref}
        value={c.line}
        aria-label={t('cmd.line')}
        aria-describedby="command-effect"
        aria-autocomplete="list"
        aria-controls={listed ? 'command-offers' : undefined}
        aria-activedescendant={listed && c.picked >= 0 ? `command-offers-${c.picked}` : undefined}
        placeholder={t('cmd.placeholder')}
        autoComplete="off"
        spellCheck={false}
        onChange={(e) => c.change(e.target.value)}
        onKeyDown={onKeyDown}
      />
      <output id="command-effect" className={`effect ${c.tone}`} aria-live="polite" title={c.say}>{c.say || t(c.searching ? 'line.search' : 'line.keys')}</output>
    </section>
  )
})
