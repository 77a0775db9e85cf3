import { useEffect, useEffectEvent, useRef, useState, type ReactNode } from 'react'
import { useText } from '../i18n/i18n'
import { pointing } from '../lib/focus'
import { pressed } from '../lib/keys'
import { allLayers, chooseCover, chooseRings, layers, turnLayer, type Layer } from '../lib/layers'
import { useStore } from '../lib/store'
import { duration } from '../lib/time'
import { bandEnds, missed } from './cover-layer'
import { Key } from './LayerKey'
import { tool, turnTool } from './tool'
import type { useCoverLayers } from './use-cover-layers'

type Props = {
  shown: ReadonlySet<Layer>
  cover: ReturnType<typeof useCoverLayers>
  follow: boolean
  /** Why nothing can be drawn now; empty if it can. */
  drawRefused: string
  listed: boolean
  onFollow: () => void
  onHome: () => void
  onList: () => void
  /** The bar of the tool in hand. */
  children?: ReactNode
}

/** What has a button of its own where there is room; the menu has all. */
const quick: readonly Layer[] = ['units', 'incidents', 'rings', 'cover', 'areas', 'premises']
const keysOf: Partial<Record<Layer, string>> = { rings: 'Alt 8', cover: 'Alt 7' }

/** The menu of layers, the tools, and under them what the rings and the cover are of. */
export function LayerBar({ shown, cover, follow, drawRefused, listed, onFollow, onHome, onList, children }: Props) {
  const { t } = useText()
  const held = useStore(tool)?.name
  const [open, setOpen] = useState(false)
  const drawn = held === 'draw'
  const draw = () => { if (drawRefused === '' || drawn) turnTool('draw') }
  useKeys(() => setOpen(!open), () => turnTool('line'), draw)
  const help = (l: Layer) => (keysOf[l] ? `${t(`map.${l as 'rings'}_help`)} ${keysOf[l]}` : undefined)
  return (
    <div className="layer-bars">
      <div className="map-bar" role="group" aria-label={t('map.layers')}>
        <button type="button" aria-expanded={open} aria-keyshortcuts="Alt+L" title={`${t('map.layers')} Alt L`} onClick={() => setOpen(!open)}>{t('map.layers')} {open ? '▴' : '▾'}</button>
        {quick.map((l) => <button key={l} type="button" className="quick" aria-pressed={shown.has(l)} title={help(l)} aria-keyshortcuts={keysOf[l]?.replace(' ', '+')} onClick={() => turnLayer(l, !shown.has(l))}>{layerWord(t, l)}</button>)}
        <button type="button" aria-pressed={held !== undefined && !drawn} aria-keyshortcuts="Alt+M" title={`${t('draw.measure_help')} Alt M`} onClick={() => turnTool(held !== undefined && !drawn ? held : 'line')}>{t('draw.measure')}</button>
        <button type="button" aria-pressed={drawn} aria-disabled={drawRefused !== '' && !drawn} aria-keyshortcuts="Alt+G" title={drawRefused || `${t('draw.draw_help')} Alt G`} onClick={draw}>{t('draw.draw')}</button>
        <button type="button" aria-pressed={listed} title={t('draw.list_help')} onClick={onList}>{t('draw.list')}</button>
        <button type="button" aria-pressed={follow} onClick={onFollow}>{t('map.follow')}</button>
        <button type="button" onClick={onHome}>{t('map.home')}</button>
      </div>
      {open && <LayerMenu shown={shown} onClose={() => setOpen(false)} />}
      {children}
      {shown.has('rings') && <RingsBar cover={cover} />}
      {shown.has('cover') && <CoverBar cover={cover} />}
    </div>
  )
}

type T = ReturnType<typeof useText>['t']

/** The word for a layer. */
const layerWord = (t: T, l: Layer): string =>
  l === 'routes' ? t('draw.layer_routes') : l === 'drawings' ? t('draw.layer_drawings') : l === 'premises' ? t('draw.layer_premises') : l === 'stations' ? t('draw.layer_stations') : t(`map.${l}`)

/** The keys of the map. */
function useKeys(menu: () => void, measure: () => void, draw: () => void): void {
  const onKey = useEffectEvent((e: KeyboardEvent) => {
    if (pressed(e, 'Alt+L')) menu()
    else if (pressed(e, 'Alt+M')) measure()
    else if (pressed(e, 'Alt+G')) draw()
    else return
    e.preventDefault()
  })
  useEffect(() => {
    const listen = (e: KeyboardEvent) => onKey(e)
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [])
}

/** Every layer with the key to it: what its signs mean. */
function LayerMenu({ shown, onClose }: { shown: ReadonlySet<Layer>; onClose: () => void }) {
  const { t } = useText()
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => box.current?.querySelector('input')?.focus(), [])
  return (
    <div ref={box} className="layer-menu" role="group" aria-label={t('map.layers')} onKeyDown={(e) => {
      if (e.key !== 'Escape') return
      e.preventDefault()
      e.stopPropagation()
      onClose()
    }}>
      {allLayers.map((l) => (
        <label key={l}>
          <input type="checkbox" checked={shown.has(l)} onChange={(e) => turnLayer(l, e.target.checked)} />
          <span>{layerWord(t, l)}</span>
          <Key layer={l} />
          {keysOf[l] && <kbd>{keysOf[l]}</kbd>}
        </label>
      ))}
    </div>
  )
}
/** Whose rings, and how they were reckoned. */
function RingsBar({ cover: { rings, classes, query } }: Pick<Props, 'cover'>) {
  const { t, name, problem } = useText()
  const { rings: held } = useStore(layers)
  const value = held.of === 'free' ? `free:${held.class}` : held.of
  const choose = (to: string) => {
    if (to === 'point') pointing.set(() => (at: { lon: number; lat: number }) => chooseRings({ of: 'point', at }))
    else chooseRings(to === 'chosen' ? { of: 'chosen' } : { of: 'free', class: to.slice('free:'.length) })
  }
  const failure = rings.error && 'problem' in rings.error ? problem(rings.error.problem as Parameters<typeof problem>[0]) : ''
  const said = query === '' ? t('map.rings_none') : rings.isError && !rings.data ? failure || t('map.rings_failed') : rings.isFetching && !rings.data ? t('map.rings_loading') : ''
  return (
    <div className="layer-bar" role="group" aria-label={t('map.rings_help')}>
      <span>{t('map.rings')}</span>
      <select aria-label={t('map.rings_of')} value={value} onChange={(e) => choose(e.target.value)}>
        <option value="chosen">{t('map.rings_chosen')}</option>
        {classes.map((c) => <option key={c.id} value={`free:${c.id}`}>{t('map.rings_free', { class: name(c.name, c.id) })}</option>)}
        {held.of === 'free' && classes.every((c) => c.id !== held.class) && <option value={value}>{t('map.rings_free', { class: held.class })}</option>}
        <option value="point">{t('map.rings_point')}</option>
      </select>
      {held.of === 'point' && <button type="button" className="btn small" onClick={() => choose('point')}>{t('form.point_on_map')}</button>}
      {said !== '' && <span className="soon" role="status">{said}</span>}
    </div>
  )
}

/** Of which class the colours are, what each means in minutes, and whether they can be believed. */
function CoverBar({ cover: { cover, cls, classes, cellsFailed } }: Pick<Props, 'cover'>) {
  const { t, name } = useText()
  const standard = cls?.standard_s ?? 0
  const state = cover.isError && !cover.data ? t('cover.failed') : !cover.data ? t('cover.loading') : !cover.data.ready ? t('cover.not_ready') : classes.length === 0 ? t('cover.no_classes') : cellsFailed ? t('cover.cells_failed') : cover.data.stale ? t('cover.stale') : ''
  return (
    <div className="layer-bar" role="group" aria-label={t('map.cover_help')}>
      {classes.length > 0 && (
        <select aria-label={t('cover.class')} value={cls?.id ?? ''} onChange={(e) => chooseCover(e.target.value)}>
          {classes.map((c) => <option key={c.id} value={c.id}>{name(c.name, c.id)}</option>)}
        </select>
      )}
      {state !== '' && <span className="soon" role="status">{state}</span>}
      {cls && cover.data?.ready && (
        <ul className="bands" aria-label={t('cover.bands')}>
          {[...bandEnds, undefined].map((end, n) => (
            <li key={n}><i className={`swatch cover-${n}${n >= missed ? ' missed' : ''}`} aria-hidden="true" /> {end === undefined ? t('cover.slower') : `≤ ${duration(end * standard)}`}{end === 1 ? ` ${t('cover.standard')}` : ''}</li>
          ))}
        </ul>
      )}
    </div>
  )
}
