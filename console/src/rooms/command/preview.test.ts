import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Answer } from '../../api/client'
import { createPreview } from './preview'

type Asked = { line: string; stop: AbortSignal; answer: (told: Answer<string>) => void }

let asked: Asked[]
let told: Answer<string>[]
const make = () =>
  createPreview<string>({
    ask: (line, stop) => new Promise((answer) => asked.push({ line, stop, answer })),
    tell: (t) => told.push(t),
    settleMs: 130,
    againMs: 2000,
  })
const silence: Answer<string> = { ok: false, problem: { status: 0, kind: 'unavailable', code: 'client.unreachable' } }
const refused: Answer<string> = { ok: false, problem: { status: 403, kind: 'forbidden' } }
const lines = () => asked.map((a) => a.line)

beforeEach(() => {
  vi.useFakeTimers()
  asked = []
  told = []
})
afterEach(() => void vi.useRealTimers())

test('a line is asked about once, when it stands still', async () => {
  const preview = make()
  for (const line of ['派', '派 7', '派 701']) {
    preview.look(line)
    await vi.advanceTimersByTimeAsync(100)
  }
  await vi.advanceTimersByTimeAsync(10_000)
  expect(lines()).toEqual(['派 701'])
})

test('a line that came back to what it was is asked about again: its answer was wiped', async () => {
  const preview = make()
  preview.look('派 701')
  await vi.advanceTimersByTimeAsync(130)
  asked[0]?.answer({ ok: true, value: 'first' })
  preview.look('派 7010')
  preview.look('派 701')
  await vi.advanceTimersByTimeAsync(130)
  expect(lines()).toEqual(['派 701', '派 701'])
})

test('an answer to an older line, or after the line was executed, is not told', async () => {
  const preview = make()
  preview.look('派 7')
  await vi.advanceTimersByTimeAsync(130)
  preview.look('派 701')
  asked[0]?.answer({ ok: true, value: 'stale' })
  await vi.advanceTimersByTimeAsync(130)
  preview.stop()
  asked[1]?.answer({ ok: true, value: 'after Enter' })
  await vi.advanceTimersByTimeAsync(10_000)
  expect(told).toEqual([])
  expect(asked.map((a) => a.stop.aborted)).toEqual([true, true])
  expect(lines()).toEqual(['派 7', '派 701'])
})

test('it asks until somebody answers, and not after a refusal', async () => {
  const preview = make()
  preview.look('派 701')
  await vi.advanceTimersByTimeAsync(130)
  asked[0]?.answer(silence)
  await vi.advanceTimersByTimeAsync(2000)
  asked[1]?.answer(silence)
  await vi.advanceTimersByTimeAsync(2000)
  asked[2]?.answer(refused)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(lines()).toEqual(['派 701', '派 701', '派 701'])
  expect(told).toEqual([silence, silence, refused])
})

test('nothing is asked about an empty line', async () => {
  const preview = make()
  preview.look('派')
  preview.look('  ')
  await vi.advanceTimersByTimeAsync(10_000)
  expect(asked).toEqual([])
})
