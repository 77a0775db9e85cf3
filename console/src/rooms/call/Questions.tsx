import { useRef, type KeyboardEvent } from 'react'
import type { Question } from '../../api/types'
import { useText } from '../../i18n/i18n'
import { composing } from '../../lib/keys'
import type { Draft } from './draft'

type Props = { questions: readonly Question[]; draft: Draft; answer: (question: string, value: string) => void; onDone: () => void }

const yes = ['yes', 'no', 'unknown'] as const

/** What is asked of a type: choices by digits, numbers and words by typing. Enter goes on; from a choice it saves the form. */
export function Questions({ questions, draft, answer, onDone }: Props) {
  const { t, name } = useText()
  const box = useRef<HTMLDivElement>(null)
  if (questions.length === 0) return null
  // While a life is in danger the first questions come first.
  const inOrder = draft.priority === 'P1' ? [...questions.filter((q) => q.first), ...questions.filter((q) => !q.first)] : questions
  const go = (n: number) => {
    const next = box.current?.querySelectorAll<HTMLElement>('[data-question]')[n]
    if (next) next.focus()
    else onDone()
  }
  const choicesOf = (q: Question) => (q.kind === 'yes' ? yes.map((id) => ({ id: id as string, words: t(`intake.${id}`) })) : (q.options ?? []).map((o) => ({ id: o.id, words: name(o.name ?? undefined, o.id) })))
  const onKeyDown = (e: KeyboardEvent, n: number, q: Question) => {
    if (composing(e) || e.ctrlKey || e.altKey || e.metaKey) return
    const choices = q.kind === 'choice' || q.kind === 'yes' ? choicesOf(q) : []
    const digit = /^(?:Digit|Numpad)([1-9])$/.exec(e.code)?.[1]
    const chosen = choices[Number(digit) - 1]
    if (chosen) {
      answer(q.id, draft.answers[q.id] === chosen.id ? '' : chosen.id)
      go(n + 1)
    } else if (e.key === 'ArrowDown') go(n + 1)
    else if (e.key === 'ArrowUp') go(Math.max(0, n - 1))
    else if (e.key === 'Enter' && choices.length === 0) go(n + 1)
    else return
    e.preventDefault()
    e.stopPropagation()
  }
  const done = questions.filter((q) => draft.answers[q.id]).length
  return (
    <section className="questions" aria-label={t('intake.questions')} ref={box}>
      <h2>{t('intake.questions')} <kbd>Alt Q</kbd> <small className="dim">{t('intake.answered', { done, all: questions.length })}</small></h2>
      {inOrder.map((q, n) =>
        q.kind === 'choice' || q.kind === 'yes' ? (
          <div key={q.id} className="question" role="radiogroup" aria-label={name(q.ask, q.id)} tabIndex={0} data-question={q.id} onKeyDown={(e) => onKeyDown(e, n, q)}>
            <b className={q.first ? 'first' : ''}>{name(q.ask, q.id)}</b>
            {choicesOf(q).map((c, k) => (
              <button type="button" key={c.id} tabIndex={-1} role="radio" aria-checked={draft.answers[q.id] === c.id} className={draft.answers[q.id] === c.id ? 'choice on' : 'choice'} onClick={() => answer(q.id, draft.answers[q.id] === c.id ? '' : c.id)}>
                <kbd>{k + 1}</kbd>{c.words}
              </button>
            ))}
          </div>
        ) : (
          <label key={q.id} className="question">
            <b className={q.first ? 'first' : ''}>{name(q.ask, q.id)}</b>
            <input type="text" data-question={q.id} inputMode={q.kind === 'number' ? 'numeric' : 'text'} className={q.kind} autoComplete="off" maxLength={q.kind === 'number' ? 12 : 2000}
              value={draft.answers[q.id] ?? ''} onChange={(e) => answer(q.id, q.kind === 'number' ? e.target.value.replaceAll(/\D/g, '') : e.target.value)} onKeyDown={(e) => onKeyDown(e, n, q)} />
          </label>
        ),
      )}
    </section>
  )
}
