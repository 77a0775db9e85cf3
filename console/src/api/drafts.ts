import { focus } from '../lib/focus'
import { createStore } from '../lib/store'
import { lastWord, read, unanswered, write, type Answer } from './client'

/** A form that is not stored yet: kept by this browser at every change, and by the server at most once a second. */
export type HeldDraft = {
  /** That of the incident to be. */
  id: string
  /** The call that the form belongs to; '' without one. */
  call: string
  /** When it was typed, milliseconds since 1970 by the seat's own clock: the newer copy wins. */
  changed: number
  body: Readonly<Record<string, unknown>>
}

type ServerDraft = { id: string; call?: string; at: string; body: Record<string, unknown> }

const place = 'shuniu.drafts'
const betweenMs = 1000
const lifetimeMs = 24 * 3600 * 1000

/** Counts up when an open form has to be read anew, because a newer draft of its call came from the server. */
export const draftEpoch = createStore(0)

/** What became of the newest draft: when the server kept it, or the code of its refusal. */
export const draftKept = createStore<{ id: string; at?: string; refused?: string }>({ id: '' })

function load(): HeldDraft[] {
  try {
    const held = JSON.parse(localStorage.getItem(place) ?? '[]') as HeldDraft[]
    return Array.isArray(held) ? held.filter((d) => typeof d?.id === 'string' && Date.now() - d.changed < lifetimeMs) : []
  } catch {
    return []
  }
}

function save(drafts: readonly HeldDraft[]): void {
  try {
    localStorage.setItem(place, JSON.stringify(drafts))
  } catch { // A browser that keeps nothing: the server still does.
    draftKept.set((k) => ({ ...k, refused: 'client.no_storage' }))
  }
}

/** The draft of a call, or of the form without one. */
export const heldDraft = (call: string): HeldDraft | undefined => load().find((d) => d.call === call)

const sent = new Map<string, number>()
const waiting = new Map<string, ReturnType<typeof setTimeout>>()

/** Keeps a draft here at once, and on the server as soon as a second has passed since the last time. */
export function holdDraft(draft: HeldDraft): void {
  const others = load().filter((d) => d.call !== draft.call && d.id !== draft.id)
  for (const d of load()) if (d.call === draft.call && d.id !== draft.id) forgetOnServer(d.id)
  save([...others, draft])
  schedule(draft.id, betweenMs - (performance.now() - (sent.get(draft.id) ?? -betweenMs)))
}

function schedule(id: string, wait: number): void {
  if (waiting.has(id)) return
  waiting.set(id, setTimeout(() => void send(id), Math.max(0, wait)))
}

async function send(id: string): Promise<void> {
  waiting.delete(id)
  const draft = load().find((d) => d.id === id)
  if (!draft) return
  sent.set(id, performance.now())
  const told: Answer<{ at: string }> = await write(`/drafts/${encodeURIComponent(id)}`, bodyOf(draft))
  if (told.ok) return draftKept.set({ id, at: told.value.at })
  const code = told.problem.code ?? told.problem.kind
  if (code === 'draft_stored' || code === 'not_holder') dropLocal(id) // It is an incident, or another seat goes on with it.
  else if (code === 'too_often' || unanswered(told.problem)) schedule(id, betweenMs)
  draftKept.set({ id, refused: code })
}

const bodyOf = (d: HeldDraft) => ({ ...(d.call === '' ? {} : { call: d.call }), body: { ...d.body, id: d.id, changed: d.changed } })

function dropLocal(id: string): void {
  clearTimeout(waiting.get(id))
  waiting.delete(id)
  save(load().filter((d) => d.id !== id))
}

function forgetOnServer(id: string): void {
  clearTimeout(waiting.get(id))
  waiting.delete(id)
  void write(`/drafts/${encodeURIComponent(id)}/drop`, undefined)
}

/** Forgets the draft of a call: it was stored, or thrown away. */
export function releaseDraft(call: string): void {
  const draft = heldDraft(call)
  if (!draft) return
  dropLocal(draft.id)
  forgetOnServer(draft.id)
}

/** The newer of two copies of a draft; the one that this browser has when both are as old. */
export const newer = (here: HeldDraft | undefined, there: HeldDraft): HeldDraft => (here && here.changed >= there.changed ? here : there)

/** What the server sent, as a draft. */
export function fromServer(d: ServerDraft): HeldDraft {
  const { changed, id: _, ...body } = d.body
  return { id: d.id, call: d.call ?? '', changed: typeof changed === 'number' ? changed : Date.parse(d.at), body }
}

/** Takes in what the server has of this seat's forms, after a reload, in another browser, and when a call was taken over. */
export async function pullDrafts(): Promise<void> {
  let items: ServerDraft[]
  try {
    items = (await read<{ items: ServerDraft[] | null }>('/drafts')).items ?? []
  } catch {
    return // This browser's own copy is what there is.
  }
  const before = load()
  let held = before
  for (const there of items.map(fromServer)) {
    const here = held.find((d) => d.id === there.id || (d.call === there.call && there.call !== ''))
    if (newer(here, there) !== here) held = [...held.filter((d) => d !== here), there]
  }
  if (held === before) return
  save(held)
  const inHand = focus.get().form === 'call' ? (focus.get().call?.id ?? '') : undefined
  const ofForm = (list: readonly HeldDraft[]) => list.find((d) => d.call === inHand)
  if (inHand !== undefined && ofForm(held) !== ofForm(before)) draftEpoch.set((n) => n + 1)
}

/** The last words of a page that goes. */
export function flushDrafts(): void {
  for (const [id, timer] of waiting) {
    clearTimeout(timer)
    const draft = load().find((d) => d.id === id)
    if (draft) lastWord(`/drafts/${encodeURIComponent(id)}`, bodyOf(draft))
  }
  waiting.clear()
}

if (typeof window !== 'undefined') window.addEventListener('pagehide', flushDrafts)
