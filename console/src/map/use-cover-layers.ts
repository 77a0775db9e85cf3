import type { FeatureCollection, GeoJSON } from 'geojson'
import { useMemo } from 'react'
import { useCover, useCoverCells, useRings } from '../api/cover'
import { useIncidentRow, useUnit, useUnitsWhile } from '../api/hooks'
import { language, nameIn, text } from '../i18n/i18n'
import { focus } from '../lib/focus'
import { layers } from '../lib/layers'
import { useOf, useStore } from '../lib/store'
import { coverFeatures, joined, moveFeatures, ringFeatures, voidAreas, voidFeatures } from './cover-layer'

/** What is asked of the server for the rings that are chosen; empty when nothing is chosen that has rings. */
function useRingsQuery(): string {
  const { rings } = useStore(layers)
  const unit = useOf(focus, (f) => f.unit)
  const placed = useUnit(unit)?.position !== undefined
  const row = useIncidentRow(useOf(focus, (f) => f.incident))
  if (rings.of === 'point') return `lon=${rings.at.lon.toFixed(6)}&lat=${rings.at.lat.toFixed(6)}`
  if (rings.of === 'free') return `class=${encodeURIComponent(rings.class)}`
  if (unit !== '') return placed ? `unit=${encodeURIComponent(unit)}` : ''
  return row?.place?.lon === undefined ? '' : `incident=${encodeURIComponent(row.id)}`
}

const noMoves: FeatureCollection = { type: 'FeatureCollection', features: [] }

/** The rings and the cover as the map draws them. Nothing is asked for a layer that is not shown. */
export function useCoverLayers(areas: GeoJSON | undefined, coverShown: boolean, ringsShown: boolean) {
  const lang = useStore(language)
  const from = useUnitsWhile(coverShown) // Arrows begin where units are: without arrows no position matters.
  const held = useStore(layers)
  const cover = useCover(coverShown || ringsShown)
  const classes = cover.data?.classes ?? []
  const cls = classes.find((c) => c.id === held.coverClass) ?? classes[0]
  const query = useRingsQuery()
  const rings = useRings(ringsShown ? query : '')
  const outlines = useMemo(() => rings.data && (rings.data.query.startsWith('class=') ? joined(rings.data.rings) : rings.data.rings), [rings.data])
  const cells = useCoverCells(coverShown && cls && cover.data?.ready ? cls.id : '')
  const data = cover.data
  const standard = cls?.standard_s ?? 0
  const classId = cls?.id
  return {
    cover, rings, cls, classes, query,
    cellsFailed: cells.isError,
    cells: useMemo(() => coverFeatures(cells.data?.cells, standard), [cells.data, standard]),
    ringsData: useMemo(() => ringFeatures(ringsShown && query !== '' ? outlines : undefined, (m) => text(lang, 'map.ring', { minutes: m })), [outlines, ringsShown, query, lang]),
    voids: useMemo(() => {
      const named = new Map((data?.classes ?? []).map((c) => [c.id, c.name]))
      return voidFeatures(areas, voidAreas(coverShown ? data?.areas : []).map((a) => ({ org: a.org, label: text(lang, 'cover.void_of', { class: nameIn(lang, named.get(a.class), a.class) }) })))
    }, [areas, data, coverShown, lang]),
    moves: useMemo(() => (!coverShown ? noMoves : moveFeatures((data?.moves ?? []).filter((m) => m.class === classId || classId === undefined), from, (m) => text(lang, 'cover.move_head', { unit: m.call_sign, s: Math.round(m.gain_s * 10) / 10 }))), [data, from, coverShown, classId, lang]),
  }
}
