import type { FeatureCollection } from 'geojson'
import { useEffect, useMemo, useState } from 'react'
import { useBoard, useConfig, useNow } from '../api/hooks'
import { text, useText } from '../i18n/i18n'
import { draftPlace, focus, lookAt, openIncident, pointing, showOnMap } from '../lib/focus'
import { layers, type Layer } from '../lib/layers'
import { useStore } from '../lib/store'
import { areaNames } from './areas'
import { LayerBar } from './LayerBar'
import { Legend } from './Legend'
import { MapView } from './MapView'
import { nothing } from './style'
import { useCoverLayers } from './use-cover-layers'
import { useAreas, useGround } from './use-ground'
import { assignmentFeatures, draftFeatures, incidentFeatures, unitFeatures } from './unit-layer'

const none: FeatureCollection = { type: 'FeatureCollection', features: [] }
const over = new Set(['closed', 'merged', 'transferred', 'invalid'])

/** The map with its layers, its legend and the name of those who drew it. */
export function MapPanel({ theme, attribution }: { theme: string; attribution: string | undefined }) {
  const { t, lang } = useText()
  const { units, incidents } = useBoard()
  const config = useConfig().data
  const now = useNow()
  const { incident, unit, form } = useStore(focus)
  const look = useStore(lookAt)
  const draft = useStore(draftPlace)
  const point = useStore(pointing)
  const held = useStore(layers).shown
  // Who looks at the cover in the panel sees it on the map, too.
  const shown: ReadonlySet<Layer> = useMemo(() => (form === 'cover' ? new Set([...held, 'cover' as const]) : held), [held, form])
  const [home, setHome] = useState(0)
  const [follow, setFollow] = useState(false)
  const ground = useGround()
  const areas = useAreas()
  const cover = useCoverLayers(areas.data, shown.has('cover'), shown.has('rings'))
  const row = incidents.get(incident)
  const tens = Math.floor(now / 5000) * 5000 // Ages on the map are told every five seconds; positions when they come.
  const data = {
    ...nothing,
    cells: cover.cells,
    rings: cover.ringsData,
    voids: cover.voids,
    moves: cover.moves,
    areas: areas.data ?? none,
    areaNames: useMemo(() => areaNames(areas.data, (zh, en) => {
      const name = lang === 'en' ? en || zh : zh || en
      const station = text(lang, 'map.station_word')
      return name.endsWith(station) ? text(lang, 'map.area_of_station', { name: name.slice(0, -station.length).trim() }) : text(lang, 'map.area_of', { name })
    }), [areas.data, lang]),
    lines: useMemo(() => assignmentFeatures(row, units), [row, units]),
    units: useMemo(() => unitFeatures(units.values(), tens, unit), [units, tens, unit]),
    incidents: useMemo(() => incidentFeatures([...incidents.values()].filter((i) => !over.has(i.phase)), incident), [incidents, incident]),
    draft: useMemo(() => draftFeatures(draft), [draft]),
  }
  const place = row?.place
  useEffect(() => {
    if (follow && place?.lon !== undefined && place.lat !== undefined) showOnMap({ lon: place.lon, lat: place.lat }, 14)
  }, [follow, incident, place?.lon, place?.lat])
  useEffect(() => {
    if (!point) return
    const cancel = (e: KeyboardEvent) => {
      if (e.key !== 'Escape') return
      e.stopPropagation()
      pointing.set(undefined)
    }
    window.addEventListener('keydown', cancel, true)
    return () => window.removeEventListener('keydown', cancel, true)
  }, [point])
  return (
    <section className="map" aria-label={t('map.region')}>
      <MapView
        theme={theme}
        ground={ground.data}
        bounds={config?.bounds?.some((n) => n !== 0) ? config.bounds : undefined}
        data={data}
        shown={shown}
        look={look}
        draft={draft}
        home={home}
        pointing={point !== undefined}
        onPoint={(at) => { point?.(at); pointing.set(undefined) }}
        onUnit={(id) => focus.set((f) => ({ ...f, unit: id }))}
        onIncident={openIncident}
      />
      <LayerBar shown={shown} cover={cover} follow={follow} onFollow={() => setFollow(!follow)} onHome={() => setHome(home + 1)} />
      {point && <p className="map-note">{t('form.pointing')}</p>}
      {ground.data && !ground.data.bounds && !ground.data.style && !ground.data.raster && <p className="map-note">{t('map.none')}</p>}
      {(ground.isError || ground.data?.lost) && <p className="map-note">{t('map.failed')}</p>}
      <div className="map-foot">
      <Legend theme={theme} />
      {(ground.data?.attribution || attribution) && <small className="attribution">{ground.data?.attribution || attribution}</small>}
      </div>
    </section>
  )
}
