import type { CommandAnswer, CommandVerb } from '../../api/types'
import { useText } from '../../i18n/i18n'

type Steps = NonNullable<CommandAnswer['steps']>

/** What can be typed: the verbs, how they are written, and what they do. */
export function CommandHelp({ verbs }: { verbs: readonly CommandVerb[] }) {
  const { t, lang, name, reason } = useText()
  const words = (v: CommandVerb) => (lang === 'zh' ? [v.words.zh, v.words.en] : [v.words.en, v.words.zh]).map((w) => (w ?? []).join(' ')).filter(Boolean)
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by the keyboard
    <div className="help scroll" role="group" tabIndex={0} aria-label={t('line.help')}>
      <table>
        <thead><tr><th>{t('line.help.words')}</th><th>{t('line.help.form')}</th><th>{t('line.help.does')}</th></tr></thead>
        <tbody>
          {verbs.map((v) => (
            <tr key={v.id}>
              <th scope="row">{words(v)[0] ?? ''} <span className="dim">{words(v)[1] ?? ''}</span></th>
              <td><b>{name(v.form)}</b><br /><span className="dim">{name(v.example)}</span></td>
              <td>{reason({ code: v.does })}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** Several lines that are done one after another, and how far that is. */
export function CommandSteps({ steps }: { steps: Steps }) {
  const { t, reason } = useText()
  return (
    <ol className="offers steps" aria-label={t('line.steps')}>
      {steps.map((s) => <li key={s.text}><b>{s.done ? '✓' : '·'} {s.text}</b> <span className="called">{reason(s.preview)}</span></li>)}
    </ol>
  )
}
