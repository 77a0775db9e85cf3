import { useEffect, useState } from 'react'
import type { Drawing } from '../api/drawings'
import { useBoard, useNow } from '../api/hooks'
import { useText } from '../i18n/i18n'
import { focus, openIncident } from '../lib/focus'
import { ms, shortAge } from '../lib/time'
import { lookOf, Shape, useUnitWord } from '../ui/marks'
import { cornersOf } from './drawing-layer'
import type { TheMap } from './MapView'

type Box = { west: number; south: number; east: number; north: number }

/** How many of a kind are listed; the rest is counted. */
const listedMost = 60
const over = new Set(['closed', 'merged', 'transferred', 'invalid'])

/** The map in words: what of ours is in view, for whoever does not see it or does not use a mouse. */
export function InView({ map, drawings, onClose }: { map: TheMap | undefined; drawings: readonly Drawing[]; onClose: () => void }) {
  const { t, name } = useText()
  const { units, incidents } = useBoard()
  const say = useUnitWord()
  const now = useNow()
  const box = useBox(map)
  const within = (p: { lon?: number | undefined; lat?: number | undefined } | undefined) =>
    box !== undefined && p?.lon !== undefined && p.lat !== undefined && p.lon >= box.west && p.lon <= box.east && p.lat >= box.south && p.lat <= box.north
  const open = [...incidents.values()].filter((i) => !over.has(i.phase) && within(i.place)).sort((a, b) => (a.priority ?? 'P2').localeCompare(b.priority ?? 'P2') || a.number - b.number)
  const out = [...units.values()].filter((u) => u.state !== 'off_duty' && within(u.position)).sort((a, b) => a.call_sign.localeCompare(b.call_sign, undefined, { numeric: true }))
  const drawn = drawings.filter((d) => cornersOf(d).some(([lon, lat]) => within({ lon, lat })))
  const more = (all: readonly unknown[]) => (all.length > listedMost ? <li className="dim">{t('draw.more', { count: all.length - listedMost })}</li> : null)
  return (
    <section className="in-view" aria-label={t('draw.list')}>
      <header><b role="status">{t('draw.in_view', { incidents: open.length, units: out.length, drawings: drawn.length })}</b><button type="button" className="x" aria-label={t('app.close')} onClick={onClose}>×</button></header>
      <ul className="rows" aria-label={t('map.incidents')}>
        {open.slice(0, listedMost).map((i) => <li key={i.id}><button type="button" title={`#${i.number} ${name(i.type_name, i.type)} ${i.place?.address ?? i.place?.street ?? ''}`} onClick={() => openIncident(i.id)}><span className={`prio prio-${(i.priority ?? 'none').toLowerCase()}`}>{i.priority ?? '–'}</span> <b>#{i.number}</b> <span className="type">{name(i.type_name, i.type)}</span> <span className="dim">{i.place?.address ?? i.place?.street ?? ''}</span></button></li>)}
        {more(open)}
      </ul>
      <ul className="rows" aria-label={t('map.units')}>
        {out.slice(0, listedMost).map((u) => <li key={u.id}><button type="button" onClick={() => focus.set((f) => ({ ...f, unit: u.id }))}><Shape look={lookOf(u)} /> <b>{u.call_sign}</b> {say(u)} <span className="dim">{shortAge((now - ms(u.position?.at)) / 1000)}</span></button></li>)}
        {more(out)}
      </ul>
      {drawn.length > 0 && <ul className="rows" aria-label={t('draw.layer_drawings')}>{drawn.map((d) => <li key={d.id}>{t(`draw.kind.${d.kind}`)} {d.label}</li>)}</ul>}
    </section>
  )
}

/** What the map shows, as it is after each move. */
function useBox(map: TheMap | undefined): Box | undefined {
  const [box, setBox] = useState<Box>()
  useEffect(() => {
    if (!map) return
    const look = () => {
      const b = map.getBounds()
      setBox({ west: b.getWest(), south: b.getSouth(), east: b.getEast(), north: b.getNorth() })
    }
    look()
    map.on('moveend', look)
    map.on('resize', look)
    return () => {
      map.off('moveend', look)
      map.off('resize', look)
    }
  }, [map])
  return box
}
