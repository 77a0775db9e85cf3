import { mayWriteInPast, past } from '../lib/past'
import { patience } from '../lib/patience'
import { uuid7 } from '../lib/uuid7'
import type { Problem } from './types'

const base = '/api/v1'

/** What came back: the value, or a problem that the catalogues can put into words. Nothing is thrown. */
export type Answer<T> = { ok: true; value: T } | { ok: false; problem: Problem }

/** A read that failed, for the query cache, which wants to catch something. */
export class ReadFailed extends Error {
  readonly problem: Problem
  constructor(problem: Problem) {
    super(problem.detail ?? problem.kind)
    this.problem = problem
  }
}

/** Whether the other side may be asked again with the same key: it did not answer, or could not take it. */
export const unanswered = (p: Problem): boolean => p.kind === 'unavailable' || p.status === 0 || p.status >= 500

/** Why nothing is done while the past is on the screen. */
export const inPast: Problem = { status: 409, kind: 'conflict', code: 'past' }

/** Reads a resource. Throws ReadFailed. */
export async function read<T>(path: string, signal?: AbortSignal): Promise<T> {
  const answer = await request<T>('GET', path, undefined, {}, signal)
  if (!answer.ok) throw new ReadFailed(answer.problem)
  return answer.value
}

export type WriteOptions = {
  /** The key under which a repeat has one effect. Chosen here when the caller has none of its own. */
  key?: string
  /** The row's last change that the person saw; the server refuses when it has moved on. */
  ifSeq?: number
  /** When it happened, RFC 3339 by the world's clock, if not now, and who told that time; this seat's clock if nobody is named. */
  happened?: { at: string; from?: 'person' | 'paper' }
  /** It was done before and waited: whoever looks at the past by now does not hold it up. */
  late?: true
  /** It was done where the present is shown, also while the past is: with a call that is being spoken. */
  present?: true
  signal?: AbortSignal
}

/** Sends a command. */
export function write<T>(path: string, body: unknown, options: WriteOptions = {}): Promise<Answer<T>> {
  if (!options.late && !options.present && past.get() && !mayWriteInPast(path, body)) return Promise.resolve({ ok: false, problem: inPast })
  const headers: Record<string, string> = { 'Idempotency-Key': options.key ?? uuid7() }
  if (options.ifSeq !== undefined) headers['If-Seq'] = String(options.ifSeq)
  if (options.happened) {
    headers['Happened-At'] = options.happened.at
    if (options.happened.from) headers['Happened-From'] = options.happened.from
  }
  return request<T>('POST', path, body, headers, options.signal)
}

/** Sends a file as it is. A big one on a slow line takes its time. */
export function sendFile<T>(path: string, file: Blob, key: string): Promise<Answer<T>> {
  if (past.get()) return Promise.resolve({ ok: false, problem: inPast })
  return request<T>('POST', path, file, { 'Idempotency-Key': key })
}

/** Where the content of a file is read. */
export const fileAddress = (id: string): string => `${base}/files/${encodeURIComponent(id)}`

/** A last word of a page that goes: it is sent even when nobody is left to hear the answer. */
export function lastWord(path: string, body: unknown): void {
  fetch(base + path, { method: 'POST', keepalive: true, credentials: 'same-origin', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }).catch(() => undefined)
}

async function request<T>(
  method: string,
  path: string,
  body: unknown,
  headers: Record<string, string>,
  signal?: AbortSignal,
): Promise<Answer<T>> {
  // A write that hangs must end in a paper card, not in a spinner.
  const waits = patience(body instanceof Blob ? 120_000 : method === 'GET' ? 20_000 : 8_000)
  try {
    const response = await fetch(base + path, {
      method,
      credentials: 'same-origin',
      headers: { Accept: 'application/json', ...(body === undefined ? {} : { 'Content-Type': body instanceof Blob ? 'application/octet-stream' : 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: body instanceof Blob ? body : JSON.stringify(body) }),
      signal: signal ? AbortSignal.any([signal, waits.signal]) : waits.signal,
    })
    const text = await response.text()
    const value: unknown = text === '' ? {} : JSON.parse(text)
    if (response.ok) return { ok: true, value: value as T }
    return { ok: false, problem: { kind: 'internal', ...(value as object), status: response.status } }
  } catch (cause) {
    if (signal?.aborted) throw cause
    return { ok: false, problem: { status: 0, kind: 'unavailable', code: 'client.unreachable' } }
  } finally {
    waits.end()
  }
}
