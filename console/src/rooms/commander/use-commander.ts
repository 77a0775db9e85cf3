import { useState } from 'react'
import { useBoard, useConfig, useSession } from '../../api/hooks'
import type { Intent } from '../../api/queue'
import type { Debt } from '../../api/types'
import { useText } from '../../i18n/i18n'
import { fullTime, ms } from '../../lib/time'
import { tell } from '../../ui/tell'
import { answerOf } from './alert-reason'
import { roman, type Words } from './report-text'

/** Names of whom and what the commander's panel speaks, and the way to tell the server. */
export function useCommander() {
  const { t, word, name, actor } = useText()
  const { incidents, orders, units } = useBoard()
  const config = useConfig().data
  const session = useSession().data
  const [busy, setBusy] = useState('')

  const seatName = (id: string) => name(config?.seats?.find((s) => s.id === id)?.name, t('cmdr.seat', { seat: id }))
  const orgName = (id: string) => name(config?.stations.find((s) => s.id === id)?.name, id)
  const unitName = (id: string) => units.get(id)?.call_sign ?? id
  const who = (w: { kind: string; id?: string }): string => {
    if (w.kind === 'unit') return unitName(w.id ?? '')
    if (w.kind === 'org') return orgName(w.id ?? '')
    if (w.kind === 'seat') return seatName(w.id ?? '')
    return w.kind === 'room' || !w.id ? t('cmdr.room') : actor(w.id)
  }
  const alertName = (id: string) => {
    const [why = '', of = ''] = id.split(/\.(.*)/)
    return why === 'level' ? t('cmdr.alert.level', { level: roman(of) }) : name(config?.tags.find((x) => x.id === of)?.name, of)
  }
  const alertReason = (why: string) => answerOf(why, config?.types ?? [], t, name)
  const lists: Readonly<Record<string, readonly { id: string; name: Readonly<Record<string, string>> }[]>> = { type: config?.types ?? [], tag: config?.tags ?? [], partner: config?.partners ?? [], result: config?.results ?? [] }
  const words: Words = {
    t, word, actor,
    term: (kind, id) => (kind === 'unit' ? unitName(id) : kind === 'org' ? orgName(id) : kind === 'seat' ? seatName(id) : name(lists[kind]?.find((x) => x.id === id)?.name, id)),
    time: (at) => written(t, ms(at)),
  }
  /** Does it once, and says whether nothing is left to do: it was stored, or waits for the server. */
  const once = async (key: string, intent: Intent, done: string): Promise<boolean> => {
    if (busy !== '') return false
    setBusy(key)
    const told = await tell(intent, done)
    setBusy('')
    return told.state !== 'refused'
  }
  /** Reminds whoever owes it; undefined where nobody in particular can be. */
  const chase = (d: Debt): (() => Promise<boolean>) | undefined => {
    const done = t('cmdr.chased', { who: who(d.who) })
    const key = d.subject + d.what + (d.who.id ?? '')
    const does = `${d.number ? `#${d.number} ` : ''}${t('cmdr.chase')} ${who(d.who)}`
    const order = d.subject.slice('order:'.length)
    if (d.what === 'order_sign' || d.what === 'order_report') return () => once(key, { path: `/orders/${encodeURIComponent(order)}/chase`, body: { to: [d.who] }, words: does, subject: `order/${order}`, ...seen(orders.get(order)) }, done)
    const row = [...incidents.values()].find((i) => i.number === d.number)
    const press = (body: object) => () => once(key, { path: `/incidents/${row?.id ?? d.number}/chase`, body, words: does, subject: `incident/${row?.id ?? d.number}`, ...seen(row) }, done)
    if (d.who.kind === 'unit' && d.number) return press({ kind: d.what, unit: d.who.id })
    if (d.what === 'feedback' && d.number) return press({ kind: 'feedback' })
    return undefined
  }
  return { incidents, orders, units, config, session, busy, who, alertName, alertReason, words, once, chase, seats: (config?.seats ?? []).map((s) => ({ id: s.id, name: name(s.name, s.id) })), centre: name(session?.centre_name, '') }
}

const seen = (row: { seq: number } | undefined) => (row ? { seen: row.seq } : {})

export type Commander = ReturnType<typeof useCommander>

/** A time as an official paper writes it, in the centre's zone. */
export function written(t: Words['t'], at: number): string {
  const m = /^(\d{4})-(\d{2})-(\d{2}) (\d{2}):(\d{2})/.exec(fullTime(at))
  if (!m) return ''
  const [, year, month, day, hour, minute] = m
  return t('cmdr.say.date', { year, month: Number(month), day: Number(day), hour, minute })
}
