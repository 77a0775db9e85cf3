import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import { takenNow } from '../../api/connection'
import { useHints } from '../../api/hints'
import { useConfig, useSession } from '../../api/hooks'
import { send } from '../../api/outgoing'
import type { Intent, Sent } from '../../api/queue'
import type { SameHint } from '../../api/types'
import { useText } from '../../i18n/i18n'
import { closeCallForm, focus, notify, openCallForm, openIncident } from '../../lib/focus'
import { composing } from '../../lib/keys'
import { useStore } from '../../lib/store'
import { clockTime } from '../../lib/time'
import { aboutIncident, tell } from '../../ui/tell'
import { bodyOf, emptyDraft, forgetDraft, keepDraft, loadDraft, type Draft } from './draft'
import { save } from './outbox'
import { radarKeys } from './Radar'
import { pending } from './raises'

/** The form of a call: its draft, what the server hints at, and what each key does. */
export function useCallForm() {
  const { t, name, problem } = useText()
  const demo = useSession().data?.world === 'demo'
  const { call } = useStore(focus)
  const config = useConfig().data
  const [draft, setDraft] = useState<Draft>(() => ({ ...loadDraft(), ...(call?.number ? { number: call.number } : {}), ...(call?.name ? { name: call.name } : {}) }))
  const form = useRef<HTMLFormElement>(null)
  const [busy, setBusy] = useState(false)
  const [looking, setLooking] = useState(false)
  useEffect(() => keepDraft(draft), [draft])
  const change = (part: Partial<Draft>) => setDraft((d) => ({ ...d, ...part }))
  const go = (id: string) => form.current?.querySelector<HTMLElement>(`#${id}`)?.focus()
  const type = config?.types.find((x) => x.id === draft.type)
  const questions = type?.questions ?? []
  const raise = pending(draft, questions)
  const said = draft.type === '' ? `${draft.typeText} ${draft.narrative}`.trim() : draft.narrative
  const hints = useHints({
    ...(call ? { call: call.id } : {}),
    ...(draft.number ? { number: draft.number } : {}),
    ...(draft.place ? { place: draft.place } : draft.placeText ? { place: { address: draft.placeText } } : {}),
    ...(draft.type ? { type: draft.type } : {}),
    ...(draft.priority ? { priority: draft.priority } : {}),
    ...(said ? { narrative: said } : {}),
  })

  const takeType = (id: string | undefined) => {
    const x = config?.types.find((k) => k.id === id)
    if (x) change({ type: x.id, typeText: name(x.name, x.id), priority: x.priority ?? draft.priority, tags: [...new Set([...draft.tags, ...(x.tags ?? [])])] })
  }
  const takeRaise = () => {
    if (!raise) return
    if (raise.type) takeType(raise.type)
    setDraft((d) => ({ ...d, ...(raise.priority ? { priority: raise.priority } : {}), tags: [...new Set([...d.tags, ...(raise.tags ?? [])])] }))
  }
  const answer = (question: string, value: string) =>
    setDraft((d) => {
      const { [question]: _, ...rest } = d.answers
      return { ...d, answers: value === '' ? rest : { ...rest, [question]: value } }
    })
  const done = () => {
    forgetDraft()
    setDraft(emptyDraft())
    closeCallForm()
  }

  const submit = async () => {
    if (busy) return
    setBusy(true)
    const taken = takenNow(demo)
    const lines = [clockTime(taken ?? Date.now()), draft.placeText, `${draft.priority} ${name(type?.name, draft.typeText)}`.trim(), draft.narrative, `${draft.name} ${draft.number}`.trim()].filter(Boolean)
    const told = await save(draft.id, bodyOf(draft, call?.id, taken), lines)
    setBusy(false)
    done()
    const waits = 'lines' in told
    if (!waits) {
      notify(t('call.saved', { number: told.number }))
      openIncident(told.id)
    }
    // A card that waits has the id of its incident already: whoever was to be told of it waits behind it.
    const made = waits ? { id: draft.id, number: '', words: `${t('call.card', { number: told.card })} ` } : { ...told, words: `#${told.number} ` }
    for (const [partner, mode] of Object.entries(draft.partners)) await callIn(made, partner, mode)
  }
  const callIn = async (to: { id: string; number: number | string; seq?: number; words: string }, partner: string, mode: 'with' | 'transfer') => {
    const named = name(config?.partners.find((p) => p.id === partner)?.name, partner)
    const words = draft.narrative || named
    const does = `${to.words}${t(mode === 'with' ? 'intake.partner_with' : 'intake.partner_transfer')} ${named}`
    await tell(
      { ...(mode === 'with' ? aboutIncident({ id: to.id }, 'with', { partner, text: words }, does) : aboutIncident(to, 'transfer', { to: partner, reason: words }, does)), present: true },
      t(mode === 'with' ? 'intake.partner_done' : 'intake.partner_gone', { number: to.number, name: named }),
    )
  }
  // To the incident that it is of: the call goes there, or what was written, if there is no call. The tray takes it back.
  const attach = async (to: SameHint | { incident: string; number: number }, urge = false) => {
    if (busy) return
    setBusy(true)
    const held = draft
    const note: Intent = { present: true, ...aboutIncident({ id: to.incident }, urge && !call ? 'urge' : 'note', { text: held.narrative }, `${t('intake.attach_note', { number: to.number })} ${held.narrative}`) }
    const join: Intent | undefined = call && { path: `/calls/${call.id}/attach`, body: { incident: to.incident, urge }, words: `${held.number} ${t('intake.attach', { number: to.number })}`.trim(), subject: `call/${call.id}` }
    const told: Sent<unknown> = join || urge || held.narrative ? await send(join ?? note) : { state: 'stored', value: undefined } // Who wrote nothing only looks at it.
    if (join && held.narrative && told.state !== 'refused') await send(note)
    setBusy(false)
    if (told.state === 'refused') return notify(problem(told.problem), 'bad')
    done()
    openIncident(to.incident)
    if (told.state === 'waiting') notify(t('frame.waits', { what: told.item.words }), 'bad')
    else notify(t(urge ? 'intake.urged' : call ? 'intake.attached' : 'intake.noted', { number: to.number }), 'good', call ? () => void takeBack(call, held) : undefined)
  }
  const takeBack = async (from: NonNullable<typeof call>, held: Draft) => {
    const told = await tell({ path: `/calls/${from.id}/detach`, body: {}, words: `${held.number} ${t('frame.undo')}`.trim(), subject: `call/${from.id}` }, t('intake.detached'))
    if (told.state === 'refused') return
    keepDraft(held)
    openCallForm(from)
  }
  const urge = () => {
    const i = (hints?.caller?.incidents ?? []).find((x) => x.incident === hints?.caller?.urge)
    if (i) void attach(i, true)
  }
  const first = () => form.current?.querySelector<HTMLElement>('[data-question]')?.focus()

  const alt: Readonly<Record<string, () => void>> = {
    KeyA: () => takeType(hints?.types[0]?.id),
    KeyS: () => takeType(hints?.types[1]?.id),
    KeyQ: first,
    KeyR: takeRaise,
    KeyT: () => go('call-scheduled'),
    KeyU: urge,
    KeyY: () => setLooking(call !== undefined),
    ...Object.fromEntries(radarKeys.map((code, n) => [code, () => { const to = hints?.duplicates[n]; if (to) void attach(to) }])),
  }
  const onKeyDown = (e: KeyboardEvent) => {
    if (composing(e)) return
    const act = e.altKey && !e.ctrlKey && !e.metaKey && !e.shiftKey ? alt[e.code] : undefined
    if (act) act()
    else if (e.key === 'Escape') closeCallForm()
    else if (e.key === 'Enter' && (e.ctrlKey || e.target instanceof HTMLTextAreaElement || saving(e.target)) && !e.shiftKey) void submit()
    else return
    e.preventDefault()
    e.stopPropagation()
  }
  return { draft, change, form, busy, call, config, hints, type, questions, raise, looking, setLooking, takeType, takeRaise, answer, submit, attach, urge, go, clear: () => setDraft(emptyDraft()), onKeyDown, demo }
}

/** Whether Enter there means that the form is done. */
const saving = (at: EventTarget): boolean =>
  at instanceof HTMLInputElement ? ['text', 'radio', 'checkbox'].includes(at.type) : at instanceof HTMLElement && at.hasAttribute('data-question')
