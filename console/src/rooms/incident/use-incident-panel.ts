import { useEffect, useEffectEvent, useMemo, useState } from 'react'
import { useIncident, useIncidentRow, useRecommendation, useRoomNow, useTimeline } from '../../api/hooks'
import { board } from '../../api/connection'
import { send as sendOrKeep } from '../../api/outgoing'
import { useText } from '../../i18n/i18n'
import { notify, picks } from '../../lib/focus'
import { askToSend, quick, wish } from '../../lib/sending'
import { useStore } from '../../lib/store'
import { aboutIncident, tell } from '../../ui/tell'
import { chosen } from './choice'

const armedMs = 5000

/** What becomes of units that are busy: they leave what they do, or take this on afterwards. Without either they are refused. */
export type How = { reassign?: true; stack?: true }

/** Everything that the incident panel shows and does, for the incident with this id or number. */
export function useIncidentPanel(id: string) {
  const roomNow = useRoomNow()
  const { t, problem } = useText()
  const listed = useIncidentRow(id)
  const detail = useIncident(id, listed?.seq)
  // The stream is ahead of the detail: what the list says wins, private parts and exact next steps come from the detail.
  const row = detail.data && (!listed || detail.data.seq >= listed.seq) ? detail.data : listed && detail.data ? { ...detail.data, ...listed } : listed
  const seq = row?.seq
  const dispatch = row?.next?.find((s) => s.verb === 'dispatch')
  const [armed, setArmed] = useState<{ incident: string; units: string[]; advice: string | undefined }>()
  const [busy, setBusy] = useState(false)
  const [more, setMore] = useState(false)
  const timeline = useTimeline(id, seq)
  const picked = useStore(picks)
  const byHand = useMemo(() => (picked.incident === id ? picked.units : new Map<string, boolean>()), [picked, id])
  // Once the crew has reported back, sending is no longer what comes next: it waits until somebody asks for it.
  const settled = row?.phase === 'reported_back' || row?.phase === 'reviewed'
  const sending = dispatch !== undefined && (!settled || more || byHand.size > 0)
  const rec = useRecommendation(id, seq, Boolean(row && dispatch?.allowed && sending), armed !== undefined)
  const selected = useMemo(() => chosen(rec.data, byHand), [rec.data, byHand])
  const armedHere = armed?.incident === id ? armed.units : undefined
  const names = (ids: readonly string[]) => ids.map((u) => roomNow().units.get(u)?.call_sign ?? u).join(' ')

  useEffect(() => {
    if (!armed) return
    const timer = setTimeout(() => setArmed(undefined), armedMs)
    return () => clearTimeout(timer)
  }, [armed])
  // A choice that changed after the first press is not the one that was read.
  useEffect(() => setArmed(undefined), [byHand, id])

  // The row as it stands when it is taken back: what was sent has moved it.
  const recall = (sent: readonly string[]) => {
    const now = board.get().incidents.get(id) ?? { id }
    void tell(aboutIncident(now, 'recall', { units: sent, reason: t('verb.recall') }, `#${row?.number ?? ''} ${t('verb.recall')} ${names(sent)}`), `${t('verb.recall')} ${names(sent)}`)
  }
  // Sent with the advice that was on the screen, so that what was recommended stands beside what was sent.
  const send = async (which: readonly string[], advice: string | undefined, how: How = {}): Promise<boolean> => {
    if (busy || !row) return false
    if (which.length === 0) {
      notify(t('rec.nobody'), 'bad')
      return false
    }
    setBusy(true)
    const told = await sendOrKeep({
      path: `/incidents/${row.id}/dispatch`, body: { units: which, ...(advice ? { advice } : {}), ...how },
      words: `#${row.number} ${t('verb.dispatch')} ${names(which)}`, subject: `incident/${row.id}`, seen: row.seq,
    })
    setBusy(false)
    setArmed(undefined)
    if (told.state === 'waiting') {
      notify(t('frame.waits', { what: told.item.words }), 'bad')
      return false
    }
    if (told.state === 'refused') {
      notify(problem(told.problem), 'bad')
      if (told.problem.code === 'unit_busy') askToSend(row.id, which, true) // Somebody else was quicker: who, and what now.
      return false
    }
    picks.set({ incident: '', units: new Map() })
    notify(t(how.stack ? 'disp.stacked' : 'rec.sent', { units: names(which), number: row.number }), 'good', () => recall(which))
    return true
  }
  // Somebody picked by hand who is busy elsewhere does not go without a word about what he leaves.
  const taken = (which: readonly string[]) => which.some((u) => roomNow().units.get(u)?.state === 'assigned' && roomNow().units.get(u)?.incident !== row?.id)
  /** The first press shows who will go, the second sends exactly them. A click of the mouse has seen the button. */
  const press = (byMouse: boolean) => {
    if (selected.length > 0 && taken(selected)) askToSend(id, selected)
    else if (byMouse) void send(selected, rec.data?.advice)
    else if (armed && armedHere) void send(armedHere, armed.advice)
    else if (selected.length > 0) setArmed({ incident: id, units: selected, advice: rec.data?.advice })
    else notify(t('rec.nobody'), 'bad')
  }
  const asked = useStore(quick)
  const ready = rec.data !== undefined && asked?.incident === id && asked.what === 'arm'
  const arm = useEffectEvent(() => {
    quick.set(undefined)
    press(false)
  })
  useEffect(() => {
    if (ready) arm()
  }, [ready])
  const wished = useStore(wish)
  /** Asks for the next wave of the plan: it sends nobody, it makes the recommendation larger. */
  const raise = async () => {
    if (busy || !row) return
    setBusy(true)
    await tell(aboutIncident(row, 'raise-wave', {}, `#${row.number} ${t('verb.raise_wave')}`), t('did.raise_wave'))
    setBusy(false)
  }
  return { row, raise, send, wished: wished?.incident === id ? wished : undefined, detail, rec, timeline, dispatch, settled, sending, sendMore: () => setMore(true), byHand, selected, armed: armedHere, busy, press, disarm: () => setArmed(undefined), names }
}
