import { describe, expect, test } from 'vitest'
import { keptInMemory } from '../lib/kept'
import type { Answer, WriteOptions } from './client'
import { createQueue, type Waiting } from './queue'

type Call = { path: string; body: unknown; options: WriteOptions }

/** A server that stores each key once, in the order of arrival, and that can be away, lose its answers or refuse. */
function server() {
  const stored: Call[] = []
  const seqs = new Map<string, number>()
  const story: { row: string; seq: number; at: string; type: string; actor: string; key?: string }[] = []
  let seq = 100
  const s = {
    state: 'up' as 'up' | 'down' | 'loses' | 'signed_out' | 'full',
    calls: [] as Call[],
    stored,
    rowSeq: new Map<string, number>(),
    refuse: new Map<string, number>(), // By path: the status that it is refused with.
    rowsOf: new Map<string, string[]>(), // By path: what it changes, if not the thing that it is sent to.
    /** Something happens to a row: by a stranger, or in the write with this key. */
    moves: (row: string, type: string, key?: string) => {
      s.rowSeq.set(row, ++seq)
      story.push({ row, seq, at: '', type, actor: key ? 'k01' : 'k02', ...(key ? { key } : {}) })
    },
    write: async <T>(path: string, body: unknown, options: WriteOptions): Promise<Answer<T>> => {
      s.calls.push({ path, body, options })
      if (s.state === 'down') return { ok: false, problem: { status: 0, kind: 'unavailable' } }
      if (s.state === 'signed_out') return { ok: false, problem: { status: 401, kind: 'denied', code: 'sign_in' } }
      if (s.state === 'full' && path !== '/incidents' && !path.endsWith('/duress')) return { ok: false, problem: { status: 503, kind: 'unavailable', code: 'disk_full' } }
      const key = options.key ?? ''
      if (!seqs.has(key)) {
        const rows = s.rowsOf.get(path) ?? [path.split('/').slice(0, 3).join('/')]
        const [row = ''] = rows
        const now = s.rowSeq.get(row)
        if (options.ifSeq !== undefined && now !== undefined && options.ifSeq !== now) return { ok: false, problem: { status: 409, kind: 'conflict', code: 'changed', changes: story.filter((c) => c.row === row && c.seq > (options.ifSeq ?? 0)) } }
        const status = s.refuse.get(path)
        if (status) return { ok: false, problem: { status, kind: 'conflict', code: 'busy' } }
        for (const r of rows) s.moves(r, 'done', key)
        seqs.set(key, seq)
        stored.push({ path, body, options })
      }
      if (s.state === 'loses') return { ok: false, problem: { status: 0, kind: 'unavailable' } }
      return { ok: true, value: { id: 'x', number: 1, seq: seqs.get(key) } as T }
    },
  }
  return s
}

function seat(s: ReturnType<typeof server>, kept = keptInMemory<Waiting>('key')) {
  const clock = { now: 1_000_000 }
  const queue = createQueue({ kept, write: s.write, now: () => clock.now, worldNow: () => clock.now + 5, alone: (work) => work(), told: () => undefined })
  return { queue, clock, kept }
}

const note = (n: number) => ({ path: '/incidents/a/note', body: { text: String(n) }, words: `note ${n}`, subject: 'incident/a' })

describe('writes of a seat', () => {
  test('are stored at once while the server answers, and nothing is kept', async () => {
    const s = server()
    const { queue, kept } = seat(s)
    await queue.sitDown('k01')
    expect((await queue.send(note(1))).state).toBe('stored')
    expect(await kept.all()).toEqual([])
    expect(s.calls[0]?.options.happened).toBeUndefined()
  })

  test('are replayed once and in order, with their true times, when the server is back', async () => {
    const s = server()
    const { queue, clock } = seat(s)
    await queue.sitDown('k01')
    s.state = 'down'
    for (let n = 0; n < 200; n++) {
      clock.now += 1000
      expect((await queue.send(note(n))).state).toBe('waiting')
    }
    expect(queue.waiting.get()).toHaveLength(200)
    clock.now += 600_000
    s.state = 'up'
    await queue.drain()
    expect(s.stored.map((c) => (c.body as { text: string }).text)).toEqual(Array.from({ length: 200 }, (_, n) => String(n)))
    expect(s.stored[0]?.options.happened).toEqual({ at: new Date(1_000_000 + 1000 + 5).toISOString() })
    expect(s.calls[0]?.options.late, 'a first try is held up by the past').toBeUndefined()
    expect(s.stored.every((c) => c.options.late), 'what waited is not').toBe(true)
    expect(queue.waiting.get()).toEqual([])
  })

  test('have one effect when only the answer was lost', async () => {
    const s = server()
    const { queue } = seat(s)
    await queue.sitDown('k01')
    s.state = 'loses'
    expect((await queue.send(note(1))).state).toBe('waiting')
    await queue.drain()
    s.state = 'up'
    await queue.drain()
    expect(s.stored).toHaveLength(1)
    expect(new Set(s.calls.map((c) => c.options.key)).size).toBe(1)
  })

  test('that ask for help wait behind nothing: on a full disk calls and duress are taken and the rest waits', async () => {
    const s = server()
    const { queue } = seat(s)
    await queue.sitDown('k01')
    s.state = 'full'
    expect((await queue.send(note(1))).state).toBe('waiting')
    expect((await queue.send({ path: '/incidents', body: {}, words: 'new', lines: ['new'] })).state).toBe('stored')
    expect((await queue.send({ path: '/units/101/duress', body: { on: true }, words: '101' })).state).toBe('stored')
    s.state = 'down'
    expect((await queue.send({ path: '/units/102/duress', body: { on: true }, words: '102' })).state).toBe('waiting')
    s.state = 'full'
    await queue.drain()
    expect(queue.waiting.get().map((w) => w.words)).toEqual(['note 1'])
  })

  test('outlive the page', async () => {
    const s = server()
    const first = seat(s)
    await first.queue.sitDown('k01')
    s.state = 'down'
    await first.queue.send(note(1))
    s.state = 'up'
    const second = seat(s, first.kept)
    await second.queue.sitDown('k02') // Somebody else sits down: it is not his to send.
    expect(s.stored).toHaveLength(0)
    expect(second.queue.waiting.get()).toHaveLength(1)
    await second.queue.sitDown('k01')
    expect(s.stored).toHaveLength(1)
  })

  test('that met a change wait for a choice, and what follows about the same thing waits behind them', async () => {
    const s = server()
    const { queue, clock } = seat(s)
    await queue.sitDown('k01')
    s.rowSeq.set('/incidents/a', 7)
    s.state = 'down'
    await queue.send({ path: '/incidents/a/classify', body: { priority: 'P1' }, words: 'P1', subject: 'incident/a', seen: 7 })
    clock.now++
    await queue.send(note(2))
    await queue.send({ path: '/incidents/b/note', body: {}, words: 'b', subject: 'incident/b' })
    s.moves('/incidents/a', 'incident.classified') // Somebody else was faster.
    s.state = 'up'
    await queue.drain()
    expect(s.stored.map((c) => c.path)).toEqual(['/incidents/b/note'])
    const [stuck] = queue.waiting.get()
    expect(stuck?.refused?.changes).toHaveLength(1)
    await queue.anyway(stuck?.key ?? '')
    expect(s.stored.map((c) => c.path)).toEqual(['/incidents/b/note', '/incidents/a/classify', '/incidents/a/note'])
  })

  test('one that is dropped is not sent, and lets the others go', async () => {
    const s = server()
    const { queue } = seat(s)
    await queue.sitDown('k01')
    s.state = 'down'
    await queue.send({ path: '/incidents/a/close', body: {}, words: 'close', subject: 'incident/a' })
    await queue.send(note(2))
    s.refuse.set('/incidents/a/close', 409)
    s.state = 'up'
    await queue.drain()
    expect(s.stored).toHaveLength(0)
    expect((await queue.drop(queue.waiting.get()[0]?.key ?? ''))?.words).toBe('close')
    await queue.drain()
    expect(s.stored.map((c) => c.path)).toEqual(['/incidents/a/note'])
  })

  test("one's own change is not somebody else's", async () => {
    const s = server()
    const { queue, clock } = seat(s)
    await queue.sitDown('k01')
    s.rowSeq.set('/incidents/a', 7)
    s.state = 'down'
    for (const priority of ['P2', 'P1']) {
      clock.now++
      await queue.send({ path: '/incidents/a/classify', body: { priority }, words: priority, subject: 'incident/a', seen: 7 })
    }
    s.state = 'up'
    await queue.drain()
    expect(s.stored.map((c) => c.body)).toEqual([{ priority: 'P2' }, { priority: 'P1' }])
  })

  test("a line about the same thing that waited, too, is one's own change; a stranger's among them is not", async () => {
    for (const stranger of [false, true]) {
      const s = server()
      const { queue, clock } = seat(s)
      await queue.sitDown('k01')
      s.rowSeq.set('/incidents/a', 7)
      s.rowsOf.set('/command', ['/incidents/a'])
      s.state = 'down'
      await queue.send({ path: '/command', body: { text: 'note' }, words: 'note' })
      clock.now++
      await queue.send({ path: '/incidents/a/classify', body: {}, words: 'P1', subject: 'incident/a', seen: 7 })
      if (stranger) s.moves('/incidents/a', 'incident.classified')
      s.state = 'up'
      await queue.drain()
      expect(s.stored.map((c) => c.path)).toEqual(stranger ? ['/command'] : ['/command', '/incidents/a/classify'])
      expect(queue.waiting.get().map((w) => w.refused?.code)).toEqual(stranger ? ['changed'] : [])
    }
  })

  test('a status that follows the dispatch of the unit does not meet that dispatch as a conflict, whatever else it wrote', async () => {
    const s = server()
    const { queue, clock } = seat(s)
    await queue.sitDown('k01')
    s.rowSeq.set('/units/101', 7)
    s.rowsOf.set('/incidents/a/dispatch', ['/units/101', '/units/102', '/incidents/a']) // Its answer tells only of the last record.
    s.state = 'down'
    await queue.send({ path: '/incidents/a/dispatch', body: {}, words: 'send', subject: 'incident/a' })
    clock.now++
    await queue.send({ path: '/units/101/status', body: { to: 'on_scene' }, words: '101', subject: 'unit/101', seen: 7 })
    s.state = 'up'
    await queue.drain()
    expect(s.stored.map((c) => c.path)).toEqual(['/incidents/a/dispatch', '/units/101/status'])
  })

  test('a late status is a conflict when the unit was given something else, and none when it only answered', async () => {
    for (const [type, sent] of [['unit.heard', true], ['assignment.deadline_passed', true], ['assignment.recalled', false], ['unit.unavailable', false]] as const) {
      const s = server()
      const { queue } = seat(s)
      await queue.sitDown('k01')
      s.rowSeq.set('/units/101', 7)
      s.state = 'down'
      await queue.send({ path: '/units/101/status', body: { to: 'on_scene' }, words: '101', subject: 'unit/101', seen: 7 })
      s.moves('/units/101', type)
      s.state = 'up'
      await queue.drain()
      expect(s.stored.map((c) => c.options.happened), type).toEqual(sent ? [{ at: new Date(1_000_005).toISOString() }] : [])
      expect(queue.waiting.get().map((w) => w.refused?.changes?.map((c) => c.type)), type).toEqual(sent ? [] : [[type]])
    }
  })

  test('whoever asked for exactly the row that he saw is refused by a note, too', async () => {
    const s = server()
    const { queue } = seat(s)
    await queue.sitDown('k01')
    s.rowSeq.set('/incidents/a', 7)
    s.state = 'down'
    await queue.send({ path: '/incidents/a/close', body: {}, words: 'close', subject: 'incident/a', ifSeq: 7 })
    s.moves('/incidents/a', 'incident.noted')
    s.state = 'up'
    await queue.drain()
    expect(s.stored).toEqual([])
    expect(queue.waiting.get()[0]?.refused?.code).toBe('changed')
  })

  test('ending a duress is no call for help: it keeps its place behind the cry, and waits behind what waits', async () => {
    const s = server()
    const { queue, clock } = seat(s)
    await queue.sitDown('k01')
    s.state = 'down'
    for (const [n, on] of [true, false].entries()) {
      await queue.send(note(n))
      clock.now++
      await queue.send({ path: '/units/101/duress', body: { on }, words: String(on), subject: 'unit/101' })
      clock.now++
    }
    s.state = 'up'
    await queue.drain()
    expect(s.stored.map((c) => c.path + ((c.body as { on?: boolean }).on ?? ''))).toEqual(['/units/101/duresstrue', '/incidents/a/note', '/incidents/a/note', '/units/101/duressfalse'])
  })

  test('wait while nobody is signed in, and say so', async () => {
    const s = server()
    const { queue } = seat(s)
    await queue.sitDown('k01')
    s.state = 'signed_out'
    expect((await queue.send(note(1))).state).toBe('waiting')
    expect(queue.signedOut.get()).toBe(true)
    s.state = 'up'
    await queue.drain()
    expect(queue.signedOut.get()).toBe(false)
    expect(s.stored).toHaveLength(1)
  })

  test('a refusal at once goes to whoever asked; a call that is refused stays on its card', async () => {
    const s = server()
    const { queue } = seat(s)
    await queue.sitDown('k01')
    s.refuse.set('/incidents/a/note', 409).set('/incidents', 409)
    expect((await queue.send(note(1))).state).toBe('refused')
    expect(queue.waiting.get()).toEqual([])
    const call = await queue.send({ path: '/incidents', body: {}, words: 'call', lines: ['14:02'] })
    expect(call.state === 'waiting' && call.item.card).toBe(1)
    expect(queue.waiting.get()[0]?.refused?.status).toBe(409)
  })

  test('a first try of another window is left alone until its page must be dead', async () => {
    const s = server()
    const { queue, clock, kept } = seat(s)
    await kept.put({ ...note(1), key: 'k', actor: 'k01', n: 1, at: clock.now, tries: 0, first: true })
    await queue.sitDown('k01')
    expect(s.calls).toHaveLength(0)
    clock.now += 20_000
    await queue.drain()
    expect(s.stored).toHaveLength(1)
  })
})
