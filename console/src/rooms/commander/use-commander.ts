import { useState } from 'react'
import { write } from '../../api/client'
import { useBoard, useConfig, useSession } from '../../api/hooks'
import type { Debt } from '../../api/types'
import { useText } from '../../i18n/i18n'
import { notify } from '../../lib/focus'
import { fullTime, ms } from '../../lib/time'
import { roman, type Words } from './report-text'

/** Names of whom and what the commander's panel speaks, and the way to tell the server. */
export function useCommander() {
  const { t, word, name, actor, problem } = useText()
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
  const lists: Readonly<Record<string, readonly { id: string; name: Readonly<Record<string, string>> }[]>> = { type: config?.types ?? [], tag: config?.tags ?? [], partner: config?.partners ?? [], result: config?.results ?? [] }
  const words: Words = {
    t, word, actor,
    term: (kind, id) => (kind === 'unit' ? unitName(id) : kind === 'org' ? orgName(id) : kind === 'seat' ? seatName(id) : name(lists[kind]?.find((x) => x.id === id)?.name, id)),
    time: (at) => written(t, ms(at)),
  }
  const tell = async (key: string, path: string, body: object, done: string): Promise<boolean> => {
    if (busy !== '') return false
    setBusy(key)
    const told = await write(path, body)
    setBusy('')
    notify(told.ok ? done : problem(told.problem), told.ok ? 'good' : 'bad')
    return told.ok
  }
  /** Reminds whoever owes it; undefined where nobody in particular can be. */
  const chase = (d: Debt): (() => Promise<boolean>) | undefined => {
    const done = t('cmdr.chased', { who: who(d.who) })
    const key = d.subject + d.what + (d.who.id ?? '')
    if (d.what === 'order_sign' || d.what === 'order_report') return () => tell(key, `/orders/${encodeURIComponent(d.subject.slice('order:'.length))}/chase`, { to: [d.who] }, done)
    if (d.who.kind === 'unit' && d.number) return () => tell(key, `/incidents/${d.number}/chase`, { kind: d.what, unit: d.who.id }, done)
    if (d.what === 'feedback' && d.number) return () => tell(key, `/incidents/${d.number}/chase`, { kind: 'feedback' }, done)
    return undefined
  }
  return { incidents, orders, units, config, session, busy, who, alertName, words, tell, chase, seats: (config?.seats ?? []).map((s) => ({ id: s.id, name: name(s.name, s.id) })), centre: name(session?.centre_name, '') }
}

export type Commander = ReturnType<typeof useCommander>

/** A time as an official paper writes it, in the centre's zone. */
export function written(t: Words['t'], at: number): string {
  const m = /^(\d{4})-(\d{2})-(\d{2}) (\d{2}):(\d{2})/.exec(fullTime(at))
  if (!m) return ''
  const [, year, month, day, hour, minute] = m
  return t('cmdr.say.date', { year, month: Number(month), day: Number(day), hour, minute })
}
