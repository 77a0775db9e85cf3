import { useConfig } from '../../api/hooks'
import type { IncidentRow } from '../../api/types'
import { useText } from '../../i18n/i18n'

type Props = { row: IncidentRow; value: Readonly<Record<string, string>>; set: (value: Record<string, string>) => void }

const yes = ['yes', 'no', 'unknown'] as const

/** The questions of the incident's type. What is left empty is not sent, so what was answered before stays. */
export function AnswerFields({ row, value, set }: Props) {
  const { t, name } = useText()
  const questions = useConfig().data?.types?.find((x) => x.id === row.type)?.questions ?? []
  if (questions.length === 0) return <p className="dim">{t('intake.no_questions')}</p>
  return questions.map((q, n) => {
    const id = `f-answer-${q.id}`
    const options = q.kind === 'yes' ? yes.map((y) => ({ id: y as string, words: t(`intake.${y}`) })) : (q.options ?? []).map((o) => ({ id: o.id, words: name(o.name ?? undefined, o.id) }))
    const change = (said: string) => set({ ...value, [q.id]: q.kind === 'number' ? said.replaceAll(/\D/g, '') : said })
    return (
      <div key={q.id} className="field wide">
        <label htmlFor={id}>{name(q.ask, q.id)}</label>
        {options.length > 0 ? (
          <select id={id} autoFocus={n === 0} value={value[q.id] ?? ''} onChange={(e) => change(e.target.value)}>
            <option value="">{t('form.not_given')}</option>
            {options.map((o) => <option key={o.id} value={o.id}>{o.words}</option>)}
          </select>
        ) : <input id={id} autoFocus={n === 0} type="text" inputMode={q.kind === 'number' ? 'numeric' : 'text'} autoComplete="off" maxLength={2000} value={value[q.id] ?? ''} onChange={(e) => change(e.target.value)} />}
      </div>
    )
  })
}
