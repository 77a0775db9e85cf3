import { useEffect, useRef, useState } from 'react'
import { write } from '../../api/client'
import { send } from '../../api/outgoing'
import type { CommandAnswer, Completion, Problem, Reason } from '../../api/types'
import { knows, useText } from '../../i18n/i18n'
import { notify } from '../../lib/focus'
import { past } from '../../lib/past'
import { useStore } from '../../lib/store'
import { clockTime } from '../../lib/time'
import { createHistory } from './history'
import { createPreview } from './preview'

const settleMs = 70
const againMs = 2000

// The server refuses a line that is typed over the past, unless it only shows something or calls for help.
const lookingBack = () => (past.get() ? { looking_back: true } : {})

/** What went wrong, and whether it was the line itself that was sent or only the question what it would do. */
type Failed = { problem: Problem; executed: boolean }

/** The command line: the server reads the words, says what would happen, and does it. Nothing is parsed here. */
export function useCommand(seat: string, onDone: (answer: CommandAnswer) => void) {
  const { t, reason, problem } = useText()
  const [line, setLine] = useState('')
  const [answer, setAnswer] = useState<CommandAnswer>()
  const [failed, setFailed] = useState<Failed>()
  const [choosing, setChoosing] = useState(false)
  const [history, setHistory] = useState(() => createHistory(seat, window.sessionStorage))
  const [ofSeat, setOfSeat] = useState(seat)
  if (ofSeat !== seat) {
    setOfSeat(seat)
    setHistory(createHistory(seat, window.sessionStorage))
  }
  const [picked, setPicked] = useState(-1)
  const [searching, setSearching] = useState(false)
  const at = useRef(-1)
  const typed = useRef('') // What stands there now: an answer may be to a line that does not stand there any more.
  const running = useRef('')
  const before = useRef<Promise<unknown>>(Promise.resolve())
  const [preview] = useState(() =>
    createPreview<CommandAnswer>({
      ask: (text, signal) => write('/command', { text, dry_run: true, ...lookingBack() }, { signal }),
      tell: (told) => {
        if (told.ok) setAnswer(told.value)
        setFailed(told.ok ? undefined : { problem: told.problem, executed: false })
      },
      settleMs,
      againMs,
    }),
  )
  useEffect(() => preview.stop, [preview])
  // What a line would do is another thing in the past than in the present: what stands there is asked about again.
  const then = useStore(past) !== undefined
  useEffect(() => {
    if (typed.current !== '') preview.look(typed.current)
  }, [then, preview])

  const change = (next: string) => {
    typed.current = next
    setLine(next)
    setChoosing(false)
    setPicked(-1)
    setAnswer(undefined)
    setFailed(undefined)
    preview.look(next)
  }
  const remember = (text: string) => {
    history.add(text)
    at.current = -1
  }
  const waits = (text: string) => {
    remember(text)
    if (typed.current === text) change('')
    notify(t('frame.waits', { what: text }), 'bad')
  }
  const execute = async (text: string, choice: number | undefined, seen: Pick<CommandAnswer, 'advice' | 'meant'> | undefined) => {
    const sent = await send<CommandAnswer>({ path: '/command', body: { text, ...lookingBack(), ...(choice === undefined ? {} : { choice }), ...(seen?.advice ? { advice: seen.advice } : {}), ...(seen?.meant ? { meant: seen.meant } : {}) }, words: text })
    if (running.current === text) running.current = ''
    if (sent.state === 'waiting') return waits(text) // Nobody knows whether it was executed; under its key it has one effect.
    const told = sent.state === 'stored' ? ({ ok: true, value: sent.value } as const) : ({ ok: false, problem: sent.problem } as const)
    const done = told.ok && told.value.status === 'ok'
    if (done) remember(text)
    if (typed.current === text) {
      if (done) {
        typed.current = told.value.then ?? ''
        setLine(typed.current)
      }
      setFailed(told.ok ? undefined : { problem: told.problem, executed: true })
      if (told.ok) {
        setAnswer(told.value)
        setChoosing(told.value.status === 'ambiguous')
      }
    } else if (!done) {
      notify(`${text}: ${told.ok ? sentence(told.value) : failure({ problem: told.problem, executed: true })}`, 'bad') // The next line is being typed and is left alone.
    }
    if (done) onDone(told.value)
  }
  // One after another, in the order of the Enters; a second Enter on a line that runs means nothing.
  const run = (choice?: number) => {
    if (line.trim() === '' || running.current === line) return
    running.current = line
    preview.stop()
    setPicked(-1)
    const seen = answer // What the preview of this very line recommended and took its beginning for, so that it stands beside what is done.
    const next = () => execute(line, choice, seen)
    before.current = before.current.then(next, next)
  }
  const recall = (step: number) => {
    at.current = Math.max(-1, Math.min(history.all().length - 1, at.current + step))
    change(history.all()[at.current] ?? '')
  }
  // What may be taken into the line: how it may go on, or the earlier lines that hold what is typed.
  const offers: readonly Completion[] = searching ? history.find(line).slice(0, 8).map((text): Completion => ({ insert: text, text, kind: 'word' })) : line === '' ? [] : (answer?.completions ?? []).filter((o) => o.insert.trimEnd() !== line.trimEnd())
  const step = (by: number) => setPicked((p) => (offers.length === 0 ? -1 : Math.max(-1, Math.min(offers.length - 1, p + by))))
  const take = (n: number) => {
    const offer = offers[Math.max(n, 0)]
    if (!offer) return false
    setSearching(false)
    change(offer.insert)
    return true
  }
  const search = (on: boolean) => {
    setSearching(on)
    setPicked(-1)
  }
  const words = (r: Reason | string | undefined) => (typeof r === 'string' ? r : reason(r))
  const failure = (f: Failed) => (f.problem.status !== 0 ? problem(f.problem) : t(f.executed ? 'cmd.unheard' : 'cmd.offline'))
  const sentence = (a: CommandAnswer) =>
    a.status === 'incomplete' && !a.preview
      ? t('cmd.incomplete')
      : [a.status === 'ok' ? t('cmd.done') : '', a.plan?.happened ? t('line.then', { at: clockTime(Date.parse(a.plan.happened)) }) : '', a.meant && a.status !== 'ok' ? t('line.means', { verb: a.meant }) : '', reason(a.preview), a.undo ? t('line.can_undo') : '', knows(a.preview?.code) ? '' : words(a.remedy)].filter(Boolean).join(' · ')
  const say = failed ? failure(failed) : answer ? sentence(answer) : line.trim() === '' ? '' : t('cmd.thinking')
  const tone = failed || answer?.status === 'wrong' ? 'bad' : answer?.status === 'ambiguous' || answer?.status === 'incomplete' ? 'doubt' : 'good'
  return { line, change, run, recall, say, tone, answer, choosing, setChoosing, offers, picked, step, take, searching, search, browsing: () => at.current >= 0 }
}
