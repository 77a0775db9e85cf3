import 'maplibre-gl/dist/maplibre-gl.css'
import { Map as MapLibre, setWorkerCount, setWorkerUrl, type GeoJSONSource, type PointLike } from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'
import type { GeoJSON } from 'geojson'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { useText } from '../i18n/i18n'
import type { DraftPlace, Look, Point } from '../lib/focus'
import type { Layer } from '../lib/layers'
import type { Ground } from './ground'
import { useLetters } from './Legend'
import type { Sign } from './place-signs'
import { mapImages } from './signs'
import { mapStyle, switched, type MapData, type SourceName } from './style'
import { goTo, useDraftView, useLimits } from './view'

/** The map, for those who move it and do not own it. */
export type TheMap = MapLibre

setWorkerUrl(workerUrl)
setWorkerCount(2)

type Props = {
  theme: string
  /** What the map is drawn on; undefined until it is known. */
  ground: Ground | undefined
  bounds: readonly number[] | undefined
  data: MapData
  shown: ReadonlySet<Layer>
  /** Where someone asked to look. The map goes nowhere by itself. */
  look: Look | undefined
  /** The place of the open form; undefined when none is open. */
  draft: DraftPlace | undefined
  home: number
  pointing: boolean
  onPoint: (at: Point) => void
  onUnit: (id: string) => void
  onIncident: (id: string) => void
}

/** The only owner of the MapLibre object. It draws what it is given and moves only when asked. */
export function MapView({ theme, ground, bounds, data, shown, look, draft, home, pointing, onPoint, onUnit, onIncident }: Props) {
  const { t, lang } = useText()
  const letters = useLetters()
  const box = useRef<HTMLDivElement>(null)
  const map = useRef<MapLibre>(undefined)
  const [ready, setReady] = useState(0)
  const [broken, setBroken] = useState(false)
  const clicked = useEffectEvent((at: Point, unit: string | undefined, incident: string | undefined) => {
    if (pointing) onPoint(at)
    else if (unit !== undefined) onUnit(unit)
    else if (incident !== undefined) onIncident(incident)
  })
  const drawn = useRef<Map<string, Sign>>(undefined)
  const waits = useEffectEvent(() => pointing)
  const nameUnder = useEffectEvent((m: MapLibre, at: PointLike) => {
    const p = m.queryRenderedFeatures(at, { layers: namedSigns.filter((id) => m.getLayer(id)) })[0]?.properties
    return String((lang === 'en' ? p?.['name_en'] : undefined) ?? p?.['name'] ?? '')
  })
  const signs = useEffectEvent(() => mapImages(letters))

  useEffect(() => {
    if (!box.current) return
    let made: MapLibre
    try {
      made = new MapLibre({ container: box.current, style: mapStyle(lang, ground), attributionControl: false, dragRotate: false, pitchWithRotate: false, fadeDuration: 0, localIdeographFontFamily: '"Noto Sans CJK SC","Noto Sans SC","PingFang SC","Microsoft YaHei",sans-serif' })
    } catch {
      setBroken(true) // No WebGL here. The room works without a map.
      return
    }
    map.current = made
    made.touchZoomRotate.disableRotation()
    // Signs are drawn when the style first asks for them: a new style asks before it says that it is loaded.
    made.setMissingStyleImageResolver((id) => {
      const image = (drawn.current ??= signs()).get(id)
      if (image && !made.hasImage(id)) made.addImage(id, image.data, { pixelRatio: 2, ...(image.stretch ? { stretchX: [[14, 30]], stretchY: [[14, 30]], content: [6, 6, 38, 38] } : {}) })
    })
    made.on('style.load', () => setReady((n) => n + 1))
    made.on('click', (e) => {
      const near: [[number, number], [number, number]] = [[e.point.x - 6, e.point.y - 6], [e.point.x + 6, e.point.y + 6]]
      const hit = made.queryRenderedFeatures(near, { layers: ['incident', 'unit'] })[0]
      const id = hit?.properties['id'] as string | undefined
      const isUnit = hit?.layer.id === 'unit'
      clicked({ lon: e.lngLat.lng, lat: e.lngLat.lat }, isUnit ? id : undefined, isUnit ? undefined : id)
    })
    made.on('mousemove', (e) => {
      const over = !waits() && made.getLayer('unit') && made.queryRenderedFeatures(e.point, { layers: ['incident', 'unit'] }).length > 0
      made.getCanvas().style.cursor = waits() ? 'crosshair' : over ? 'pointer' : ''
      made.getCanvas().title = over || !made.getLayer('mark') ? '' : nameUnder(made, e.point)
    })
    return () => {
      map.current = undefined
      made.remove()
    }
    // oxlint-disable-next-line react/exhaustive-deps -- another language or ground is another style, set below; the map stays
  }, [])

  const styled = useRef({ theme, lang, ground })
  useEffect(() => {
    const was = styled.current
    if (was.theme === theme && was.lang === lang && was.ground === ground) return
    styled.current = { theme, lang, ground }
    drawn.current = undefined
    map.current?.setStyle(mapStyle(lang, ground), { diff: false })
  }, [theme, lang, ground])

  useSource(map.current, ready, 'cells', data.cells)
  useSource(map.current, ready, 'areas', data.areas)
  useSource(map.current, ready, 'rings', data.rings)
  useSource(map.current, ready, 'voids', data.voids)
  useSource(map.current, ready, 'moves', data.moves)
  useSource(map.current, ready, 'sites', data.sites)
  useSource(map.current, ready, 'lines', data.lines)
  useSource(map.current, ready, 'areaNames', data.areaNames)
  useSource(map.current, ready, 'units', data.units)
  useSource(map.current, ready, 'incidents', data.incidents)
  useSource(map.current, ready, 'draft', data.draft)

  useEffect(() => {
    const m = map.current
    if (!m || ready === 0) return
    for (const [name, layers] of Object.entries(switched)) {
      for (const id of layers) if (m.getLayer(id)) m.setLayoutProperty(id, 'visibility', shown.has(name as Layer) ? 'visible' : 'none')
    }
  }, [shown, ready])

  useLimits(map.current, ready, limits(bounds, ground))
  const [w, s, e, n] = bounds ?? []
  useEffect(() => {
    if (w === undefined || s === undefined || e === undefined || n === undefined) return
    map.current?.fitBounds([[w, s], [e, n]], { padding: 12, animate: false }, { by: 'app' })
  }, [w, s, e, n, home])

  useEffect(() => {
    if (look && map.current) goTo(map.current, look)
  }, [look])

  useDraftView(map.current, draft?.place, draft !== undefined, look, home)

  if (broken) return <p className="hint map-broken">{t('map.no_webgl')}</p>
  return (
    <>
      <div ref={box} className={pointing ? 'map-box pointing' : 'map-box'} role="application" aria-label={t('map.region')} />
      <div className="zoom">
        <button type="button" className="btn small" aria-label={t('map.zoom_in')} onClick={() => map.current?.zoomIn({}, { by: 'user' })}>+</button>
        <button type="button" className="btn small" aria-label={t('map.zoom_out')} onClick={() => map.current?.zoomOut({}, { by: 'user' })}>−</button>
      </div>
    </>
  )
}

/** Layers whose signs tell their name under the pointer. */
const namedSigns = ['mark', 'place-label', 'camera', 'pole', 'entrance']

/** Beyond the extract our own ground is empty, an agency's is not: only ours has an end. */
function limits(bounds: readonly number[] | undefined, ground: Ground | undefined): [number, number, number, number] | undefined {
  if (!ground || ground.style || ground.raster) return undefined
  const [w, s, e, n] = bounds ?? ground.bounds ?? []
  if (w === undefined || s === undefined || e === undefined || n === undefined) return undefined
  const [w2 = w, s2 = s, e2 = e, n2 = n] = ground.bounds ?? []
  return [Math.min(w, w2), Math.min(s, s2), Math.max(e, e2), Math.max(n, n2)]
}

function useSource(map: MapLibre | undefined, ready: number, name: SourceName, data: GeoJSON): void {
  useEffect(() => {
    if (ready > 0) void map?.getSource<GeoJSONSource>(name)?.setData(data)
  }, [map, ready, name, data])
}
