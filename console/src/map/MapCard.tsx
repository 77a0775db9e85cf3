import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { findWay, type Drawing } from '../api/drawings'
import { useBoard, useConfig, useReverse } from '../api/hooks'
import type { Names, UnitRow } from '../api/types'
import { useText } from '../i18n/i18n'
import { metres, metresText } from '../lib/distance'
import { focus, openIncident, showOnMap, type Point } from '../lib/focus'
import { useThen } from '../lib/present'
import { composing, covered } from '../lib/keys'
import { openMenu } from '../lib/menu'
import { clockTime, duration, ms } from '../lib/time'
import { Coordinates } from '../ui/Coordinates'
import { lookOf, Shape } from '../ui/marks'
import type { Hit } from './MapView'

/** What a card tells of: key premises, a place, who is near it, a drawing, or who stands in a crowd. */
export type Card =
  | { of: 'premises'; x: number; y: number; at: Point; mark: NonNullable<Hit['mark']> }
  | { of: 'place' | 'near'; x: number; y: number; at: Point }
  | { of: 'drawing'; x: number; y: number; at: Point; id: string }
  | { of: 'crowd'; x: number; y: number; at: Point; units: readonly string[]; incidents: readonly string[]; closer: number | undefined }

type Props = { card: Card; drawings: readonly Drawing[]; undrawRefused: string; onUndraw: (d: Drawing) => void; onClose: () => void }

const width = 290

/** A small card beside what was clicked. Esc and its cross close it. */
export function MapCard({ card, drawings, undrawRefused, onUndraw, onClose }: Props) {
  const { t } = useText()
  const close = useEffectEvent((e: KeyboardEvent) => {
    if (e.key !== 'Escape' || composing(e) || covered()) return
    e.preventDefault()
    e.stopPropagation()
    onClose()
  })
  useEffect(() => {
    const listen = (e: KeyboardEvent) => close(e)
    window.addEventListener('keydown', listen, true)
    return () => window.removeEventListener('keydown', listen, true)
  }, [])
  const box = useRef<HTMLElement>(null)
  const asked = card.of === 'near' || card.of === 'place' // From a menu: whoever has come by keys goes on by keys.
  useEffect(() => { if (asked) box.current?.focus() }, [asked])
  return (
    <aside ref={box} tabIndex={-1} className="map-card" role="dialog" aria-label={t('draw.card')} style={{ left: `max(6px, min(${card.x + 12}px, calc(100% - ${width + 10}px)))`, top: `max(44px, min(${card.y + 6}px, calc(100% - 230px)))`, width }}>
      <button type="button" className="x" aria-label={t('app.close')} onClick={onClose}>×</button>
      {card.of === 'premises' && <Premises at={card.at} mark={card.mark} />}
      {card.of === 'place' && <PlaceHere at={card.at} />}
      {card.of === 'near' && <Near at={card.at} />}
      {card.of === 'crowd' && <Crowd card={card} onClose={onClose} />}
      {card.of === 'drawing' && <Drawn drawing={drawings.find((d) => d.id === card.id)} refused={undrawRefused} onUndraw={(d) => { onUndraw(d); onClose() }} />}
    </aside>
  )
}

/** What a centre may know of its key premises beside their names. */
type Known = { warnings?: readonly Names[] | null; contacts?: readonly { name?: Names; number?: string }[] | null }

function Premises({ at, mark }: { at: Point; mark: NonNullable<Hit['mark']> }) {
  const { t, lang, name } = useText()
  const held = useConfig().data?.premises.find((p) => p.id === mark.id) as (Known & { name: Names }) | undefined
  const [warnings, contacts] = [held?.warnings ?? [], held?.contacts ?? []]
  return (
    <>
      <h3>{held ? name(held.name, mark.name) : lang === 'en' ? mark.name_en || mark.name : mark.name} <span className="tag hot">{t('map.means_premises')}</span></h3>
      {warnings.length > 0 && <ul className="warnings">{warnings.map((w) => <li key={name(w)}>⚠ {name(w)}</li>)}</ul>}
      {contacts.length > 0 && <ul>{contacts.map((c) => <li key={`${name(c.name)}${c.number}`}>{name(c.name)} <b className="num">{c.number}</b></li>)}</ul>}
      {warnings.length + contacts.length === 0 && <p className="dim">{t('draw.no_warnings')}</p>}
      <p><Coordinates at={at} /></p>
    </>
  )
}

function PlaceHere({ at }: { at: Point }) {
  const { t, name, lang } = useText()
  const found = useReverse(at)
  const data = found.data
  const titles = [data?.address, data?.street, data?.crossing, data?.landmark].flatMap((n) => (n ? [lang === 'en' ? n.title_en || n.title : n.title] : []))
  return (
    <>
      <h3>{titles[0] ?? t('draw.here')}</h3>
      {titles.length > 1 && <p>{[...new Set(titles.slice(1))].join(' · ')}</p>}
      {data?.station && <p><b>{t('queue.responsible', { name: name(data.station.name, data.station.id) })}</b>{data.beat && ` · ${name(data.beat.name, data.beat.id)}`}</p>}
      {(data?.border ?? []).length > 0 && <p className="soon">⚠ {t('place.border', { names: (data?.border ?? []).map((b) => name(b.name, b.id)), distance: data?.border_within_m ?? 0 })}</p>}
      {found.isError && <p className="soon">{t('draw.here_failed')}</p>}
      <p><Coordinates at={at} /></p>
    </>
  )
}

const nearMost = 6
type NearUnit = { row: UnitRow; meters: number; etaS: number | undefined }

/** The free units around a place: the nearest by air, in the order of the streets as soon as the server has told it. */
function Near({ at }: { at: Point }) {
  const { t, name } = useText()
  const { units } = useBoard()
  const then = useThen() !== undefined
  const [near, setNear] = useState<readonly NearUnit[]>()
  const look = useEffectEvent(async (alive: () => boolean) => {
    const free = [...units.values()].flatMap((row) => (row.state === 'available' && row.dispatchable && row.position ? [{ row, meters: metres(at, row.position), etaS: undefined }] : []))
    const closest: NearUnit[] = free.sort((a, b) => a.meters - b.meters).slice(0, nearMost)
    setNear(closest)
    if (then) return // The streets are asked as they are now.
    const told = await Promise.all(closest.map(async (n) => ({ ...n, etaS: n.row.position ? (await findWay(n.row.position, at))?.eta_s : undefined })))
    if (alive()) setNear(told.sort((a, b) => (a.etaS ?? Infinity) - (b.etaS ?? Infinity)))
  })
  useEffect(() => {
    let here = true
    void look(() => here)
    return () => { here = false }
  }, [at.lon, at.lat, then]) // oxlint-disable-line react/exhaustive-deps -- where they stand is asked once: the card does not jump
  return (
    <>
      <h3>{t('draw.near')}</h3>
      {near?.length === 0 && <p className="dim">{t('draw.nobody_near')}</p>}
      <ul className="rows">{(near ?? []).map((n) => (
        <li key={n.row.id}><button type="button" onClick={() => focus.set((f) => ({ ...f, unit: n.row.id }))}><Shape look={lookOf(n.row)} /> <b>{n.row.call_sign}</b> <span className="dim">{name(n.row.kind_name, n.row.kind)}</span> <span className="num">{n.etaS !== undefined ? `${duration(n.etaS)} · ` : then ? '' : '… · '}{metresText(n.meters)}</span></button></li>
      ))}</ul>
      {near && near.length > 0 && !then && <p className="dim">{t('draw.near_how')}</p>}
    </>
  )
}

function Crowd({ card, onClose }: { card: Extract<Card, { of: 'crowd' }>; onClose: () => void }) {
  const { t, name } = useText()
  const { units, incidents } = useBoard()
  return (
    <>
      <h3>{t('draw.crowd', { count: card.units.length + card.incidents.length })}</h3>
      {card.closer !== undefined && <button type="button" className="btn small" onClick={() => { showOnMap(card.at, card.closer); onClose() }}>{t('draw.closer')}</button>}
      <ul className="rows">
        {card.incidents.flatMap((id) => incidents.get(id) ?? []).map((i) => <li key={i.id}><button type="button" onContextMenu={(e) => openMenu({ kind: 'incident', id: i.id }, e)} onClick={() => { openIncident(i.id); onClose() }}><span className={`prio prio-${(i.priority ?? 'none').toLowerCase()}`}>{i.priority ?? '–'}</span> <b>#{i.number}</b> {name(i.type_name, i.type)}</button></li>)}
        {card.units.flatMap((id) => units.get(id) ?? []).sort((a, b) => a.call_sign.localeCompare(b.call_sign, undefined, { numeric: true })).map((u) => <li key={u.id}><button type="button" onContextMenu={(e) => openMenu({ kind: 'unit', id: u.id }, e)} onClick={() => { focus.set((f) => ({ ...f, unit: u.id })); onClose() }}><Shape look={lookOf(u)} /> <b>{u.call_sign}</b> <span className="dim">{name(u.kind_name, u.kind)}</span></button></li>)}
      </ul>
    </>
  )
}

function Drawn({ drawing: d, refused, onUndraw }: { drawing: Drawing | undefined; refused: string; onUndraw: (d: Drawing) => void }) {
  const { t, actor } = useText()
  const { units } = useBoard()
  if (!d) return <p className="dim">{t('draw.gone')}</p>
  return (
    <>
      <h3>{t(`draw.kind.${d.kind}`)}{d.label ? ` · ${d.label}` : ''}</h3>
      {(d.units ?? []).length > 0 && <p>{(d.units ?? []).map((u) => units.get(u)?.call_sign ?? u).join(' ')}</p>}
      <p className="dim">{actor(d.by)} · {clockTime(ms(d.at))}</p>
      <button type="button" className="btn small" aria-disabled={refused !== ''} title={refused || undefined} onClick={() => { if (refused === '') onUndraw(d) }}>{t('draw.take_away')}</button>
      {refused !== '' && <p className="soon">{refused}</p>}
    </>
  )
}
