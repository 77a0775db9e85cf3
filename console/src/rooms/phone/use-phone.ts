import { useEffect, useEffectEvent, useMemo, useRef } from 'react'
import { write } from '../../api/client'
import { heldDraft, pullDrafts } from '../../api/drafts'
import { useBoard, useSession } from '../../api/hooks'
import type { CallRow } from '../../api/types'
import { useText } from '../../i18n/i18n'
import { closeCallForm, focus, notify, openCallForm } from '../../lib/focus'
import { composing, pressed } from '../../lib/keys'
import { forHold, nextForF4, sorted } from './calls'

const inForm = (c: CallRow) => ({ id: c.id, ...(c.number ? { number: c.number } : {}), ...(c.name ? { name: c.name } : {}) })

/** The calls of this seat, and everything that it may do with them. */
export function usePhone() {
  const { problem } = useText()
  const session = useSession().data
  const { calls, incidents } = useBoard()
  const actor = session?.actor
  const seat = session?.seat
  const lists = useMemo(() => sorted(calls.values(), incidents, { actor, seat }), [calls, incidents, actor, seat])

  const tell = async (c: CallRow, path: string, body: unknown = {}): Promise<boolean> => {
    const told = await write(`/calls/${encodeURIComponent(c.id)}/${path}`, body)
    if (!told.ok) notify(problem(told.problem), 'bad')
    return told.ok
  }
  /** Answers, and opens the form at once: nobody waits for the network to begin writing. */
  const answer = async (c: CallRow) => {
    openCallForm(inForm(c))
    if (!(await tell(c, 'answer')) && focus.get().call?.id === c.id) closeCallForm()
  }
  const fill = (c: CallRow) => openCallForm(inForm(c))
  const phone = {
    ...lists, tell, answer, fill,
    /** Asks for a call, or takes it; what was typed comes along. */
    take: async (c: CallRow) => {
      const told = await write<{ unchanged?: boolean }>(`/calls/${encodeURIComponent(c.id)}/take`, {})
      if (!told.ok) notify(problem(told.problem), 'bad')
    },
  }
  useNewCalls(lists.mine, fill)
  useKeys((hold) => {
    const c = hold ? forHold(lists) : nextForF4(lists)
    if (!c) return
    if (hold) void tell(c, 'hold')
    else if (c.state === 'ringing') void answer(c)
    else void tell(c, 'resume').then((ok) => ok && c.state === 'answered' && fill(c))
  })
  const known = actor !== undefined
  useEffect(() => {
    if (known) void pullDrafts()
  }, [known, actor, seat])
  return phone
}

// A call that comes from another seat opens the form with what was typed there; so does one that this seat had when its
// browser died. One that was answered here has opened it already.
function useNewCalls(mine: readonly CallRow[], fill: (c: CallRow) => void): void {
  const seen = useRef<ReadonlySet<string>>(new Set())
  const ids = mine.map((c) => c.id).join()
  const look = useEffectEvent(async () => {
    const fresh = mine.filter((c) => !seen.current.has(c.id) && c.state === 'answered')
    seen.current = new Set(mine.map((c) => c.id))
    if (fresh.length === 0) return
    await pullDrafts()
    const first = fresh.find((c) => c.answered_by !== c.holder?.actor || heldDraft(c.id) !== undefined)
    const { form, call } = focus.get()
    if (first && call?.id !== first.id && (form !== 'call' || first.answered_by !== first.holder?.actor)) fill(first)
  })
  useEffect(() => {
    void look()
  }, [ids])
}

function useKeys(press: (hold: boolean) => void): void {
  const onKey = useEffectEvent((e: KeyboardEvent) => {
    const hold = pressed(e, 'Shift+F4')
    if (composing(e) || e.repeat || (!hold && !pressed(e, 'F4'))) return
    e.preventDefault()
    press(hold)
  })
  useEffect(() => {
    const listen = (e: KeyboardEvent) => onKey(e)
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [])
}
