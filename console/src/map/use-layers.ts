import type { FeatureCollection } from 'geojson'
import { useMemo } from 'react'
import { useWays, type Way } from '../api/drawings'
import { board } from '../api/connection'
import { useConfig, useRecommendation } from '../api/hooks'
import { text, useText } from '../i18n/i18n'
import { draftPlace, focus } from '../lib/focus'
import { layers, ofNow, type Layer } from '../lib/layers'
import { useThen } from '../lib/present'
import { useOf, useStore } from '../lib/store'
import { duration, shortAge } from '../lib/time'
import { areaNames } from './areas'
import { drawingFeatures, wayFeatures } from './drawing-layer'
import { sketchFeatures } from './measure'
import { nothing, type MapData } from './style'
import { closes, type Tool } from './tool'
import { draftFeatures } from './unit-layer'
import { useCoverLayers } from './use-cover-layers'
import { useAreas } from './use-ground'
import type { Open } from './use-open'

const none: FeatureCollection = { type: 'FeatureCollection', features: [] }
/** A position older than this is said with the way that begins there, seconds. */
const oldS = 60
const nobody: readonly string[] = []

/** What the map is given, source by source, and which of it is shown. */
export function useLayers(open: Open, held: Tool | undefined): { shown: ReadonlySet<Layer>; data: MapData; cover: ReturnType<typeof useCoverLayers> } {
  const { lang } = useText()
  const form = useOf(focus, (f) => f.form)
  const draft = useStore(draftPlace)
  const kept = useStore(layers).shown
  const then = useThen() !== undefined
  // Who looks at the cover in the panel sees it on the map, too. What is worked out from the present is not drawn over the past.
  const shown: ReadonlySet<Layer> = useMemo(() => (then ? new Set([...kept].filter((l) => !ofNow.includes(l))) : form === 'cover' ? new Set([...kept, 'cover' as const]) : kept), [kept, form, then])
  const areas = useAreas().data
  const cover = useCoverLayers(areas, shown.has('cover'), shown.has('rings'))
  const routes = useRoutes(open, shown.has('routes'))
  const drawings = useDrawings(open)
  const names = useMemo(() => areaNames(areas, (zh, en) => {
    const name = lang === 'en' ? en || zh : zh || en
    const station = text(lang, 'map.station_word')
    return name.endsWith(station) ? text(lang, 'map.area_of_station', { name: name.slice(0, -station.length).trim() }) : text(lang, 'map.area_of', { name })
  }), [areas, lang])
  const drafted = useMemo(() => draftFeatures(draft), [draft])
  const sketch = useMemo(() => (held ? sketchFeatures(held.corners, closes(held), held.name !== 'way') : none), [held])
  const { cells, ringsData, voids, moves } = cover
  const data = useMemo(() => ({ ...nothing, cells, rings: ringsData, voids, moves, areas: areas ?? none, areaNames: names, routes, drawings, sketch, draft: drafted }),
    [cells, ringsData, voids, moves, areas, names, routes, drawings, sketch, drafted])
  return { shown, data, cover }
}

/** The ways to the open incident: of who is sent, and of who is recommended as long as nobody is. */
function useRoutes(open: Open, on: boolean): FeatureCollection {
  const { lang } = useText()
  const placed = on && open.row?.place?.lon !== undefined
  const waits = open.row?.queue === 'to_dispatch'
  // Read from what the incident's panel has asked already: nothing is asked twice.
  const advice = useRecommendation(open.id, open.row?.seq, false, true).data
  const picked = waits && advice?.of === open.id ? (advice.items ?? []).filter((c) => c.pick).map((c) => c.unit) : nobody
  const ways = useWays(open.id, open.row?.seq, picked, placed).data
  const mine = placed && ways?.of === open.id ? ways.ways : undefined
  return useMemo(() => (mine ? wayFeatures(mine, (w: Way) => {
    const age = w.age_s !== undefined && w.age_s > oldS ? text(lang, 'draw.way_age', { age: shortAge(w.age_s) }) : ''
    return [w.call_sign, duration(w.eta_s), age].filter(Boolean).join('\u2002')
  }) : none), [mine, lang])
}

function useDrawings(open: Open): FeatureCollection {
  const kinds = useConfig().data?.kinds // Call signs come with the centre; nothing of this changes with a position.
  return useMemo(() => (open.drawings.length === 0 ? none : drawingFeatures(open.drawings, (ids) => ids.map((u) => board.get().units.get(u)?.call_sign ?? u).join(' '))),
    // oxlint-disable-next-line react/exhaustive-deps -- see above
    [open.drawings, kinds])
}
