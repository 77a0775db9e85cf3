import { useEffect, useRef, useState } from 'react'
import { write } from '../../api/client'
import type { CommandAnswer, Problem, Reason } from '../../api/types'
import { knows, useText } from '../../i18n/i18n'
import { useSettled } from '../../api/hooks'

const previewDelayMs = 130

/** The command line: the server reads the words, says what would happen, and does it. Nothing is parsed here. */
export function useCommand(onDone: (answer: CommandAnswer) => void) {
  const { t, reason, problem } = useText()
  const [line, setLine] = useState('')
  const [answer, setAnswer] = useState<CommandAnswer>()
  const [failed, setFailed] = useState<Problem>()
  const [choosing, setChoosing] = useState(false)
  const [busy, setBusy] = useState(false)
  const history = useRef<string[]>([])
  const at = useRef(-1)
  const settled = useSettled(line, previewDelayMs)

  useEffect(() => {
    if (settled.trim() === '') return
    const stop = new AbortController()
    write<CommandAnswer>('/command', { text: settled, dry_run: true }, { signal: stop.signal })
      .then((told) => {
        if (told.ok) setAnswer(told.value)
        setFailed(told.ok ? undefined : told.problem)
      })
      .catch(() => undefined) // Overtaken by the next key press.
    return () => stop.abort()
  }, [settled])

  const change = (next: string) => {
    setLine(next)
    setChoosing(false)
    setAnswer(undefined)
    setFailed(undefined)
  }
  const run = async (choice?: number) => {
    if (line.trim() === '' || busy) return
    setBusy(true)
    const told = await write<CommandAnswer>('/command', { text: line, ...(choice === undefined ? {} : { choice }) })
    setBusy(false)
    if (!told.ok) return setFailed(told.problem)
    setFailed(undefined)
    setAnswer(told.value)
    setChoosing(told.value.status === 'ambiguous')
    if (told.value.status !== 'ok') return
    history.current = [line, ...history.current.filter((h) => h !== line)].slice(0, 50)
    at.current = -1
    setLine('')
    onDone(told.value)
  }
  const recall = (step: number) => {
    at.current = Math.max(-1, Math.min(history.current.length - 1, at.current + step))
    change(history.current[at.current] ?? '')
  }
  const words = (r: Reason | string | undefined) => (typeof r === 'string' ? r : reason(r))
  const say = failed ? (failed.status === 0 ? t('cmd.offline') : problem(failed))
    : !answer ? (line.trim() === '' ? '' : t('cmd.thinking'))
    : answer.status === 'incomplete' && !answer.preview ? t('cmd.incomplete')
    : [answer.status === 'ok' ? t('cmd.done') : '', reason(answer.preview), knows(answer.preview?.code) ? '' : words(answer.remedy)].filter(Boolean).join(' · ')
  const tone = failed || answer?.status === 'wrong' ? 'bad' : answer?.status === 'ambiguous' || answer?.status === 'incomplete' ? 'doubt' : 'good'
  return { line, change, run, recall, say, tone, answer, choosing, setChoosing, busy }
}
