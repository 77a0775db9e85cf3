import { useEffect, useEffectEvent, useState } from 'react'
import { board } from '../../api/connection'
import { useNearest } from '../../api/dispatching'
import { useBoard, useConfig } from '../../api/hooks'
import type { IncidentRow } from '../../api/types'
import { useText } from '../../i18n/i18n'
import { focus, notify } from '../../lib/focus'
import { composing, covered, writing } from '../../lib/keys'
import { askToSend, quick, wish } from '../../lib/sending'
import { useStore } from '../../lib/store'
import { duration } from '../../lib/time'
import { aboutUnit, tell } from '../../ui/tell'
import { usePastOff } from '../../ui/past-off'
import { useAgeWord } from './CandidateRow'
import { nearKinds } from './near-kinds'

type Mode = '' | 'scene' | 'near'
type Offer = { unit: string; sign: string; words: string }

const digits = 9
const beforeScene = new Set(['dispatched', 'acknowledged', 'en_route', 'staged'])

/**
 * What takes two keys: D and a digit put a unit on scene; G and a digit list who is nearest of a kind, and another digit asks
 * to send. The keys work while the incident is open and nobody writes.
 */
export function useQuick(row: IncidentRow | undefined) {
  const { t, word } = useText()
  const asked = useStore(quick)
  const off = usePastOff()
  const [held, setMode] = useState<Mode>('')
  const mode = off ? '' : held // Both are about now.
  const [kind, setKind] = useState('')
  const near = useNearest(row?.id ?? '', mode === 'near' && row !== undefined)
  const kinds = nearKinds(near.data?.items ?? [])
  const chosen = kinds.find((k) => k.kind === kind)
  const scene: Offer[] = (row?.assignments ?? []).filter((a) => beforeScene.has(a.stage) && a.primary).slice(0, digits)
    .map((a) => ({ unit: a.unit, sign: a.call_sign, words: word('unit.stage.', a.stage) }))
  const turn = (next: Mode) => {
    if (off) return notify(off.title, 'bad')
    setKind('')
    setMode((now) => (now === next ? '' : next))
  }
  useEffect(() => {
    if (!row || asked?.incident !== row.id || asked.what !== 'near') return
    quick.set(undefined)
    setKind('')
    setMode('near')
  }, [asked, row])

  const arrive = async (o: Offer | undefined) => {
    if (!o || !row) return
    setMode('')
    const unit = board.get().units.get(o.unit)
    if (unit) await tell(aboutUnit(unit, 'status', { to: 'on_scene', incident: row.id }, `${o.sign} ${t('verb.on_scene')} #${row.number}`), t('disp.arrived', { unit: o.sign, number: row.number }))
  }
  const choose = (n: number) => {
    if (!row) return
    if (mode === 'scene') void arrive(scene[n])
    else if (!chosen) setKind(kinds[n]?.kind ?? '')
    else {
      const unit = chosen.units[n]
      if (unit) askToSend(row.id, [unit.unit])
      setMode('')
    }
  }
  const onKey = useEffectEvent((e: KeyboardEvent) => {
    if (!row || e.defaultPrevented || composing(e) || e.ctrlKey || e.altKey || e.metaKey || writing(e.target) || covered()) return
    if (focus.get().form !== 'none' || wish.get()?.incident === row.id) return
    const key = e.key.toUpperCase()
    if (key === 'D' && !e.shiftKey) {
      if (scene.length === 0) notify(t('disp.nobody_due'), 'bad')
      else turn('scene')
    } else if (key === 'G' && !e.shiftKey) turn('near')
    else if (mode === '') return
    else if (/^[1-9]$/.test(key)) choose(Number(key) - 1)
    else if (key === 'ENTER') choose(0)
    else if (key === 'ESCAPE') setMode('')
    else return
    e.preventDefault()
    e.stopPropagation()
  })
  useEffect(() => {
    const listen = (e: KeyboardEvent) => onKey(e)
    window.addEventListener('keydown', listen, true)
    return () => window.removeEventListener('keydown', listen, true)
  }, [])
  return { mode, turn, scene, kinds, chosen, near, choose, setKind }
}

type Props = { quick: ReturnType<typeof useQuick> }

/** What the last key opened: who may be put on scene, or who is near. */
export function Quick({ quick: q }: Props) {
  const { t, name } = useText()
  const config = useConfig().data
  const kindName = (id: string) => name(config?.kinds.find((k) => k.id === id)?.name, id)
  if (q.mode === '') return null
  const close = <button type="button" className="x" aria-label={t('app.close')} onClick={() => q.turn(q.mode as Mode)}>×</button>
  if (q.mode === 'scene') {
    return (
      <div className="quick-box" role="group" aria-label={t('disp.scene')}>
        <header><span>{t('disp.scene')}</span>{close}</header>
        <div className="btns">{q.scene.map((o, n) => <button key={o.unit} type="button" className="btn" aria-keyshortcuts={String(n + 1)} onClick={() => q.choose(n)}><kbd>{n + 1}</kbd> {o.sign} {o.words}</button>)}</div>
      </div>
    )
  }
  return (
    <div className="quick-box" role="group" aria-label={t('disp.near')} aria-busy={q.near.isPending}>
      <header><span>{q.chosen ? t('disp.near_of', { kind: kindName(q.chosen.kind) }) : t('disp.near')}</span>{close}</header>
      {q.near.isPending && <p className="dim">{t('rec.loading')}</p>}
      {q.near.isError && <p className="late">{t('disp.near_failed')}</p>}
      {q.near.data && q.kinds.length === 0 && <p className="dim">{t('rec.none')}</p>}
      {!q.chosen && <div className="btns">{q.kinds.map((k, n) => <button key={k.kind} type="button" className="btn small" aria-keyshortcuts={String(n + 1)} onClick={() => q.setKind(k.kind)}><kbd>{n + 1}</kbd> {kindName(k.kind)} {k.units.length}</button>)}</div>}
      {q.chosen && <NearList quick={q} />}
    </div>
  )
}

const listed = 20

function NearList({ quick: q }: Props) {
  const { t, name } = useText()
  const { units } = useBoard()
  const age = useAgeWord()
  return (
    <ul>
      {(q.chosen?.units ?? []).slice(0, listed).map((u, n) => (
        <li key={u.unit}>
          <button type="button" className="rec" aria-label={t('disp.near_item', { unit: u.call_sign, eta: duration(u.eta_s ?? Number.NaN) })} onClick={() => q.choose(n)}>
            <b>{n < digits && <kbd>{n + 1}</kbd>}{u.call_sign}</b>
            <span className="reasons">{name(units.get(u.unit)?.station_name, units.get(u.unit)?.station)}</span>
            <b>{duration(u.eta_s ?? Number.NaN)}</b>
            <span className="dim">{age(u.position_state, u.position_age_s)}</span>
          </button>
        </li>
      ))}
    </ul>
  )
}
