import { createStore, type Store } from '../lib/store'
import type { Kept } from '../lib/kept'
import { uuid7 } from '../lib/uuid7'
import { unanswered, type Answer, type WriteOptions } from './client'
import type { Problem } from './types'

/** What a person did, in the form in which it can be sent, kept, shown and sent again. */
export type Intent = {
  /** Where it goes, under /api/v1: "/incidents/x/note". */
  path: string
  body: unknown
  /** What it is, as a person reads it while it waits: "#42 记 …". */
  words: string
  /** The key under which any number of tries has one effect. Made here when the caller has none of its own. */
  key?: string
  /** The row's last change that the person saw, if the first try must already be refused when it has moved on. */
  ifSeq?: number
  /** The row's last change that the person saw, if only a late try must be refused when it has moved on. */
  seen?: number
  /** What it changes: those that wait for the same thing keep their order also when one of them is refused. */
  subject?: string
  /** It was done where the present is shown, also while the past is: with a call that is being spoken. */
  present?: true
  /** The lines of a paper card, for what cannot wait without paper: a new call. It gets a number. */
  lines?: readonly string[]
}

/** One that was not stored yet. */
export type Waiting = Intent & {
  key: string
  /** Whose it is: only the same person's session sends it. */
  actor: string
  /** In which order it is sent. */
  n: number
  /** When the person did it: milliseconds since 1970 of this seat's clock, and of the world's, if that was known. */
  at: number
  happened?: number
  /** The number on the paper card. */
  card?: number
  tries: number
  /** Its first try is under way: whoever sent it waits for the answer. */
  first?: boolean
  /** The server's word against it. It waits for a choice: send anyway, drop, edit. */
  refused?: Problem
  /** The person has seen the server's word and wants it nevertheless. */
  anyway?: boolean
}

/** What became of it: stored, refused (nothing is kept), or kept until the server is back. */
export type Sent<T> = { state: 'stored'; value: T } | { state: 'refused'; problem: Problem } | { state: 'waiting'; item: Waiting }

/** New calls and duress wait behind nothing: a full disk takes them and nothing else, and a busy server takes them first. Who ends a duress asks for no help. */
const asksForHelp = (w: Intent): boolean => w.lines !== undefined || (w.path.endsWith('/duress') && (w.body as { on?: boolean } | undefined)?.on !== false)

// What only adds words to a story, or repeats what stood there: what somebody decided before it is decided the same after it.
const adds: ReadonlySet<string> = new Set([
  'incident.noted', 'incident.file_added', 'incident.chased', 'incident.urged', 'incident.drawn', 'incident.undrawn', 'incident.alert_acknowledged', 'incident.deadline_passed',
  'assignment.deadline_passed', 'unit.heard', 'unit.duress_told', 'order.chased', 'order.deadline_passed',
])

type Write = <T>(path: string, body: unknown, options: WriteOptions) => Promise<Answer<T>>

export type QueueParts = {
  kept: Kept<Waiting>
  write: Write
  /** This seat's clock, milliseconds. */
  now: () => number
  /** The world's clock at this moment, if anybody ever told it. */
  worldNow: () => number | undefined
  /** Runs the work while no other window of this browser does. */
  alone: (work: () => Promise<void>) => Promise<void>
  /** What was answered well and yet did not do it: a line that was not understood. */
  objection?: (item: Waiting, value: unknown) => Problem | undefined
  /** Tells the other windows that what is kept has changed. */
  told: () => void
}

// A first try that is older than this was lost with its page.
const firstMs = 15_000

// A conflict tells so many changes and no more: then it may not have told all.
const changesMax = 20

export type Queue = ReturnType<typeof createQueue>

/**
 * The writes of a seat. Each is kept before it is tried, so that neither a dead server nor a dead page loses it, and is
 * sent under its own key until it is answered: in order (but for calls for help, which come first), once, with the time at which the person did it.
 */
export function createQueue(parts: QueueParts) {
  const waiting: Store<readonly Waiting[]> = createStore<readonly Waiting[]>([])
  /** Why nothing is sent though the server answers: somebody must sign in again. */
  const signedOut = createStore(false)
  const listeners = new Set<(item: Waiting, value: unknown) => void>()
  let actor = ''
  let last = 0
  const storedHere = new Set<string>() // The keys under which something was stored from here.
  // What this window is writing down just now counts more than what is read meanwhile. Undefined: taken away.
  const writing = new Map<string, { item: Waiting | undefined }>()
  const find = (key: string) => waiting.get().find((w) => w.key === key)
  const show = (all: readonly Waiting[]) => waiting.set([...all].sort((a, b) => a.n - b.n))
  const change = async (key: string, item: Waiting | undefined) => {
    const mine = { item }
    writing.set(key, mine)
    show([...waiting.get().filter((w) => w.key !== key), ...(item ? [item] : [])])
    // Where the browser keeps nothing it is kept as long as the page lives.
    await (item ? parts.kept.put(item) : parts.kept.remove(key)).catch(() => undefined)
    if (writing.get(key) === mine) writing.delete(key)
    parts.told()
  }
  const keep = (item: Waiting) => change(item.key, item)
  const forget = (key: string) => change(key, undefined)

  /** Reads what is kept: after a reload, and when another window changed it. */
  const reload = async () => {
    const before = new Map(writing) // What was being written when the reading began may be missing in what is read.
    const all = await parts.kept.all().catch(() => undefined)
    if (!all) return
    const newer = new Map([...before, ...writing])
    show([...all.filter((w) => !newer.has(w.key)), ...[...newer.keys()].flatMap((key) => find(key) ?? [])])
  }

  const options = (w: Waiting, late?: true): WriteOptions => {
    const ifSeq = w.anyway ? undefined : (w.ifSeq ?? (late ? w.seen : undefined))
    const happened = late && w.happened !== undefined && w.refused?.code !== 'bad_happened' ? { happened: { at: new Date(w.happened).toISOString() } } : {}
    return { key: w.key, ...(ifSeq === undefined ? {} : { ifSeq }), ...happened, ...(late ? { late } : {}), ...(w.present ? { present: true } : {}) }
  }
  /** Those of mine that can be sent now, those that ask for help first, then the oldest: none behind one that waits for a choice about the same thing. */
  const ready = () => {
    const stuck = new Set<string>()
    const free = waiting.get().filter((w) => {
      if (w.actor !== actor || (w.first && parts.now() - w.at < firstMs)) return false
      if (w.refused && !w.anyway && w.subject) stuck.add(w.subject)
      return (!w.refused || w.anyway === true) && !(w.subject && stuck.has(w.subject))
    })
    return [...free.filter(asksForHelp), ...free.filter((w) => !asksForHelp(w))]
  }
  // What the same person wrote behind it saw the row as it was before: his own change is not somebody else's.
  const follow = async (done: Waiting, value: unknown) => {
    const seq = (value as { seq?: number } | undefined)?.seq
    storedHere.add(done.key)
    if (seq === undefined || done.subject === undefined) return
    for (const w of waiting.get()) {
      if (w.subject !== done.subject || w.n < done.n) continue
      const seen = done.seen ?? done.ifSeq
      if (seen !== undefined && (w.seen === seen || w.ifSeq === seen)) await keep({ ...w, ...(w.seen === seen ? { seen: seq } : {}), ...(w.ifSeq === seen ? { ifSeq: seq } : {}) })
    }
  }
  // A line of several gives each of its parts a key of its own: "key/2".
  const mine = (key = '') => storedHere.has(key) || storedHere.has(key.replace(/\/\d+$/, ''))
  /**
   * Where the row stands now, if nothing that changed it since the person looked is against him: he did it himself, in
   * another write from here, or it only added to the story. Whoever asked for exactly the row that he saw gets no less.
   */
  const unopposed = (w: Waiting, problem: Problem): number | undefined => {
    const changes = problem.code === 'changed' ? (problem.changes ?? []) : []
    const harmless = (c: { type: string; key?: string }) => mine(c.key) || (w.ifSeq === undefined && adds.has(c.type))
    return changes.length < changesMax && changes.every(harmless) ? changes.at(-1)?.seq : undefined
  }
  const attempt = async (w: Waiting): Promise<Answer<unknown>> => {
    const heard = await parts.write<unknown>(w.path, w.body, options(w, true))
    const ifSeq = heard.ok ? undefined : unopposed(w, heard.problem)
    return ifSeq === undefined ? heard : parts.write<unknown>(w.path, w.body, { ...options(w, true), ifSeq })
  }
  /** Tries one; whether the next may be tried. */
  const tryOne = async (w: Waiting): Promise<boolean> => {
    const heard = await attempt(w)
    if (!find(w.key)) return true // Dropped meanwhile.
    const against = heard.ok ? parts.objection?.(w, heard.value) : undefined
    const told = against ? ({ ok: false, problem: against } as const) : heard
    if (told.ok) {
      signedOut.set(false)
      await follow(w, told.value)
      await forget(w.key)
      for (const listener of listeners) listener(w, told.value)
      return true
    }
    signedOut.set(told.problem.status === 401)
    const again = unanswered(told.problem) || told.problem.status === 401
    await keep({ ...w, tries: w.tries + 1, ...(again ? {} : { refused: told.problem, anyway: false }) })
    return !again
  }
  let running: Promise<void> | undefined
  let more = false
  /** Sends what waits, in order, until one is not answered. */
  const drain = (): Promise<void> => {
    more = true
    running ??= (async () => {
      while (more) {
        more = false
        await parts.alone(async () => {
          await reload()
          for (let w = ready()[0]; w; w = ready()[0]) if (!(await tryOne(w))) return
        })
      }
    })().finally(() => { running = undefined })
    return running
  }

  /** Sends it now if nothing waits before it, and keeps it until it is answered. */
  const send = async <T>(intent: Intent): Promise<Sent<T>> => {
    const happened = parts.worldNow()
    last = Math.max(last + 1, parts.now() * 1000)
    const all = waiting.get()
    const behind = !asksForHelp(intent) && ready().length > 0
    const item: Waiting = {
      ...intent, key: intent.key ?? uuid7(), actor, n: last, at: parts.now(), tries: 0,
      ...(happened === undefined ? {} : { happened }),
      ...(intent.lines ? { card: Math.max(0, ...all.map((w) => w.card ?? 0)) + 1 } : {}),
    }
    if (behind) {
      await keep(item)
      void drain()
      return { state: 'waiting', item }
    }
    await keep({ ...item, first: true })
    const told = await parts.write<T>(item.path, item.body, options(item))
    if (told.ok) {
      storedHere.add(item.key)
      await forget(item.key)
      return { state: 'stored', value: told.value }
    }
    const again = unanswered(told.problem) || told.problem.status === 401
    if (!again && !intent.lines) {
      await forget(item.key)
      return { state: 'refused', problem: told.problem }
    }
    signedOut.set(told.problem.status === 401)
    const held: Waiting = { ...item, tries: 1, ...(again ? {} : { refused: told.problem }) } // A call is never refused off the desk.
    await keep(held)
    return { state: 'waiting', item: held }
  }

  return {
    waiting,
    signedOut,
    send,
    drain,
    reload,
    /** Whose session this is. What somebody else left is shown, and is sent when he is back. */
    sitDown: async (who: string) => {
      actor = who
      await reload()
      await drain()
    },
    /** Sends a refused one again, whatever has changed since. */
    anyway: async (key: string) => {
      const w = find(key)
      if (w) await keep({ ...w, anyway: true })
      await drain()
    },
    /** Sends other words in its place, under a key of their own. */
    edit: async (key: string, body: unknown, words: string) => {
      const w = find(key)
      if (!w) return
      const { refused: _, anyway: __, ...rest } = w
      await forget(key)
      await keep({ ...rest, key: uuid7(), body, words })
      await drain()
    },
    /** Takes one back: it is not sent any more. Gives it, so that its words can be edited. */
    drop: async (key: string): Promise<Waiting | undefined> => {
      const w = find(key)
      await forget(key)
      void drain() // What waited behind it may go.
      return w
    },
    /** Calls the listener for each one that was stored after it had waited. Gives the way to stop. */
    onStored: (listener: (item: Waiting, value: unknown) => void) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
