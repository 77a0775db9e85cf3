import { useState } from 'react'
import { outgoing } from '../api/outgoing'
import { useBoard, useConfig, useSession, useTimeline, useUnit } from '../api/hooks'
import type { Waiting } from '../api/queue'
import type { Names, Params } from '../api/types'
import { isKey, useText } from '../i18n/i18n'
import { focus, openIncident, sheet } from '../lib/focus'
import { useStore } from '../lib/store'
import { clockTime } from '../lib/time'
import { Dialog } from '../ui/Dialog'
import { useUnitWord } from '../ui/marks'
import { SeatSince } from '../ui/ticking'
import './frame.css'

const told = (w: Waiting): boolean => !w.first

/** How much was not stored yet, in the bar: nothing while everything was. */
export function UnsentMark() {
  const { t } = useText()
  const held = useStore(outgoing.waiting).filter(told)
  const signedOut = useStore(outgoing.signedOut)
  if (held.length === 0) return null
  const conflicts = held.filter((w) => w.refused).length
  return (
    <button type="button" className={conflicts > 0 ? 'unsent-mark conflict' : 'unsent-mark'} aria-haspopup="dialog" title={signedOut ? t('frame.sign_in') : t('frame.unsent_help')} onClick={() => sheet.set('unsent')}>
      {conflicts > 0 ? t('frame.conflict_count', { count: conflicts }) : t('frame.unsent_count', { count: held.length })} <SeatSince at={held[0]?.at ?? 0} />
    </button>
  )
}

/** Everything that was not stored yet, in the order in which it will be sent, and both sides of each conflict. */
export function UnsentList({ onClose }: { onClose: () => void }) {
  const { t } = useText()
  const held = useStore(outgoing.waiting).filter(told)
  const signedOut = useStore(outgoing.signedOut)
  return (
    <Dialog title={t('frame.unsent')} onClose={onClose}>
      {signedOut && <p className="refused" role="alert">{t('frame.sign_in')}</p>}
      <p className="hint">{held.length === 0 ? t('frame.unsent_none') : t('frame.unsent_help')}</p>
      <ol className="unsent">{held.map((w) => <One key={w.key} w={w} all={held} />)}</ol>
    </Dialog>
  )
}

function One({ w, all }: { w: Waiting; all: readonly Waiting[] }) {
  const { t, actor } = useText()
  const me = useSession().data?.actor
  const [editing, setEditing] = useState(false)
  const behind = w.subject !== undefined && all.some((x) => x.n < w.n && x.subject === w.subject && x.refused)
  const state = w.actor !== me ? t('frame.not_mine', { actor: actor(w.actor) }) : behind ? t('frame.behind') : t('frame.tries', { count: w.tries })
  return (
    <li className={w.refused ? 'conflict' : ''}>
      <div className="yours">
        <small>{t('frame.yours')} · <time>{clockTime(w.happened ?? w.at)}</time> · <SeatSince at={w.at} /></small>
        <b>{w.words}</b>
        <Said body={w.body} />
      </div>
      {w.refused ? <Theirs w={w} /> : <small className="dim">{state}</small>}
      {editing ? <Edit w={w} onDone={() => setEditing(false)} /> : (
        <div className="btns">
          {w.refused && <button type="button" className="btn small go" onClick={() => void outgoing.anyway(w.key)}>{t('frame.send_anyway')}</button>}
          {editable(w.body).length > 0 && <button type="button" className="btn small" onClick={() => setEditing(true)}>{t('frame.edit')}</button>}
          <button type="button" className="btn small" onClick={() => void outgoing.drop(w.key)}>{t('frame.drop')}</button>
        </div>
      )}
    </li>
  )
}

/** The server's side: why not, and what happened to the incident since the person looked. */
function Theirs({ w }: { w: Waiting }) {
  const { t, problem, reason, actor } = useText()
  const id = /^\/incidents\/([^/]+)\//.exec(w.path)?.[1] ?? ''
  const unit = /^\/units\/([^/]+)\//.exec(w.path)?.[1]
  return (
    <div className="theirs">
      <small>{t('frame.theirs')}</small>
      {w.refused && <b className="refused">{problem(w.refused)}</b>}
      {id !== '' && <Happened id={id} changes={w.refused?.changes?.map((c) => c.seq) ?? []} />}
      {id === '' && w.refused?.changes?.slice(-5).map((c) => <p key={c.seq}><time>{clockTime(Date.parse(c.at))}</time> <span className="dim">{actor(c.actor)}</span> {reason({ code: c.type, params: (c.params ?? {}) as Params })}</p>)}
      {unit && <UnitNow id={decodeURIComponent(unit)} />}
    </div>
  )
}

/** Where the unit stands by now: what was pressed was pressed about another state. */
function UnitNow({ id }: { id: string }) {
  const { t } = useText()
  const say = useUnitWord()
  const unit = useUnit(id)
  if (!unit) return null
  return (
    <>
      <p>{t('frame.unit_now', { unit: unit.call_sign, state: say(unit) })}</p>
      <button type="button" className="btn small plain" onClick={() => { focus.set((f) => ({ ...f, unit: id })); sheet.set('') }}>{t('frame.unit_open')}</button>
    </>
  )
}

function Happened({ id, changes }: { id: string; changes: readonly number[] }) {
  const { t, reason, actor } = useText()
  const items = useTimeline(id, changes.at(-1)).data?.items.filter((i) => changes.includes(i.seq)) ?? []
  return (
    <>
      {items.length > 0 && <small>{t('frame.since')}</small>}
      {items.slice(-5).map((i) => <p key={i.seq}><time>{clockTime(Date.parse(i.at))}</time> <span className="dim">{actor(i.actor)}</span> {reason({ code: i.type, params: (i.params ?? {}) as Params })}{i.text && <q>{i.text}</q>}</p>)}
      <button type="button" className="btn small plain" onClick={() => { openIncident(id); sheet.set('') }}>{t('frame.open')}</button>
    </>
  )
}

// The words that a person wrote are what he can write otherwise.
const written = ['text', 'reason', 'narrative'] as const
const editable = (body: unknown): [string, string][] =>
  written.flatMap((name) => {
    const value = (body as Record<string, unknown> | undefined)?.[name]
    return typeof value === 'string' ? [[name, value] as [string, string]] : []
  })

function Said({ body }: { body: unknown }) {
  const chosen = useChosen(body)
  return (
    <>
      {chosen.length > 0 && <dl className="chosen">{chosen.map(([label, value]) => <div key={label}><dt>{label}</dt><dd>{value}</dd></div>)}</dl>}
      {editable(body).map(([name, value]) => value !== '' && <q key={name}>{value}</q>)}
    </>
  )
}

const choices = ['priority', 'type', 'level', 'tags', 'result', 'disposition', 'partner', 'kind', 'units'] as const

/** What was picked from lists, in the words of the form: without it nobody can weigh his own side against the other. */
function useChosen(body: unknown): [string, string][] {
  const { t, name } = useText()
  const config = useConfig().data
  const { units } = useBoard()
  const filled = (body ?? {}) as Record<string, unknown>
  const named = (what: (typeof choices)[number], id: string): string => {
    if (what === 'units') return units.get(id)?.call_sign ?? id
    if (what === 'kind') return isKey(`form.kind.${id}`) ? t(`form.kind.${id}` as 'form.kind.final') : id
    if (what === 'priority' || what === 'level') return id
    const list: readonly { id: string; name: Names | string }[] | undefined = what === 'type' ? config?.types : what === 'tags' ? config?.tags : what === 'partner' ? config?.partners : config?.results
    const found = list?.find((x) => x.id === id)?.name
    return typeof found === 'string' ? found : name(found, id)
  }
  return choices.flatMap((what) => {
    const value = filled[what]
    const ids = (Array.isArray(value) ? value : [value]).filter((x): x is string => typeof x === 'string' && x !== '')
    return ids.length > 0 ? [[t(`form.${what}`), ids.map((id) => named(what, id)).join(' ')] as [string, string]] : []
  })
}

function Edit({ w, onDone }: { w: Waiting; onDone: () => void }) {
  const { t } = useText()
  const [values, setValues] = useState(() => new Map(editable(w.body)))
  const send = () => {
    const text = values.get('text')
    const words = w.path === '/command' && text !== undefined ? text : w.words
    void outgoing.edit(w.key, { ...(w.body as object), ...Object.fromEntries(values) }, words)
    onDone()
  }
  return (
    <form className="edit" onSubmit={(e) => { e.preventDefault(); send() }}>
      {[...values].map(([name, value], n) => (
        <label key={name}>{isKey(`frame.field.${name}`) ? t(`frame.field.${name}` as 'frame.field.text') : name}
          <textarea rows={2} autoFocus={n === 0} value={value} onChange={(e) => setValues((held) => new Map(held).set(name, e.target.value))} />
        </label>
      ))}
      <div className="btns"><button type="submit" className="btn small go">{t('frame.edit_send')}</button><button type="button" className="btn small" onClick={onDone}>{t('app.cancel')}</button></div>
    </form>
  )
}
