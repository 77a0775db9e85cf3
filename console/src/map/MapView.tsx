import 'maplibre-gl/dist/maplibre-gl.css'
import { Map as MapLibre, setWorkerCount, setWorkerUrl, type GeoJSONSource, type PointLike } from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'
import type { GeoJSON } from 'geojson'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { useText } from '../i18n/i18n'
import type { DraftPlace, Look, Point } from '../lib/focus'
import type { Layer } from '../lib/layers'
import { carries } from '../lib/sending'
import { Feed, type LiveSource } from './feed'
import { changeGapMs, glKind, type GlKind } from './gl'
import type { Ground } from './ground'
import { useLetters } from './Legend'
import type { Sign } from './place-signs'
import { mapImages } from './signs'
import { mapStyle, switched, type MapData, type SourceName } from './style'
import { goTo, useDraftView, useLimits } from './view'
import { measured, pace } from './work'

export type { GeoJSONSource, GeoJSONSourceDiff } from 'maplibre-gl'

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
  /** Somebody waits for a click on a place: nothing else is hit. */
  pointing: boolean
  onPoint: (at: Point) => void
  /** What was hit, with the button of the mouse that did it. */
  onHit?: (hit: Hit) => void
  /** Where something may be dropped, and what was dropped there. */
  onDrop?: (hit: Hit, unit: string) => void
  /** The map, for those who ask it what is in view; undefined before it stands and after it has gone. */
  onMap?: (map: TheMap | undefined) => void
  /** What is out there; undefined on a map that shows none of it. */
  live?: LiveSource | undefined
}

/** What lies under a click: the place, and what of ours stands there, the uppermost. */
export type Hit = {
  at: Point
  /** Pixels from the left and the top of the map. */
  x: number
  y: number
  button: 'left' | 'right'
  unit?: string
  /** All units that stand there, when there are several and none is in hand: none of them is meant before somebody says which. */
  units?: readonly string[]
  incident?: string
  drawing?: string
  cluster?: { source: 'units' | 'incidents'; id: number; count: number }
  mark?: { kind: string; id: string; name: string; name_en: string }
}

/** The only owner of the MapLibre object. It draws what it is given and moves only when asked. */
export function MapView({ theme, ground, bounds, data, shown, look, draft, home, pointing, onPoint, onHit, onDrop, onMap, live }: Props) {
  const { t, lang } = useText()
  const letters = useLetters()
  const box = useRef<HTMLDivElement>(null)
  const map = useRef<MapLibre>(undefined)
  const [ready, setReady] = useState(0)
  const [broken, setBroken] = useState(false)
  const feed = useRef<Feed>(undefined)
  const [gl, setGl] = useState<GlKind>()
  const clicked = useEffectEvent((m: MapLibre, point: { x: number; y: number }, at: Point, button: Hit['button']) => {
    if (pointing && button === 'left') onPoint(at)
    else if (!pointing) onHit?.(hitAt(m, point, at, button))
  })
  const told = useEffectEvent((m: MapLibre | undefined) => onMap?.(m))
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
    const kind = glKind(made.getCanvas())
    setGl(kind)
    const free = pace(made, kind)
    const fill = new Feed(made, changeGapMs[kind])
    feed.current = fill
    told(made)
    made.on('style.load', () => {
      fill.again()
      setReady((n) => n + 1)
    })
    made.on('zoomend', () => fill.zoomed())
    made.on('click', (e) => clicked(made, e.point, { lon: e.lngLat.lng, lat: e.lngLat.lat }, 'left'))
    made.on('contextmenu', (e) => {
      e.preventDefault()
      clicked(made, e.point, { lon: e.lngLat.lng, lat: e.lngLat.lat }, 'right')
    })
    let looked = 0
    made.on('mousemove', (e) => {
      if (e.originalEvent.timeStamp - looked < lookMs) return // Asking what lies under the pointer is not free.
      looked = e.originalEvent.timeStamp
      const over = !waits() && made.getLayer('unit') && made.queryRenderedFeatures(e.point, { layers: hitLayers.filter((id) => made.getLayer(id)) }).length > 0
      made.getCanvas().style.cursor = waits() ? 'crosshair' : over ? 'pointer' : ''
      made.getCanvas().title = over || !made.getLayer('mark') ? '' : nameUnder(made, e.point)
    })
    return () => {
      map.current = undefined
      feed.current = undefined
      told(undefined)
      fill.stop()
      free()
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
  useSource(map.current, ready, 'routes', data.routes)
  useSource(map.current, ready, 'drawings', data.drawings)
  useSource(map.current, ready, 'sketch', data.sketch)
  useSource(map.current, ready, 'areaNames', data.areaNames)
  useSource(map.current, ready, 'draft', data.draft)
  useEffect(() => {
    if (!live) return undefined
    const offer = () => feed.current?.offer(live.get())
    offer()
    return live.subscribe(offer)
  }, [live])

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
      <div ref={box} className={pointing ? 'map-box pointing' : 'map-box'} role="application" aria-label={t('map.region')} aria-describedby="map-keys" data-gl={gl}
        onDragOver={(over) => { if (onDrop && carries(over)) over.preventDefault() }}
        onDrop={(dropped) => {
          const unit = dropped.dataTransfer.getData('text/unit')
          const m = map.current
          if (unit === '' || !m || !onDrop) return
          dropped.preventDefault()
          const frame = m.getContainer().getBoundingClientRect()
          const point = { x: dropped.clientX - frame.left, y: dropped.clientY - frame.top }
          const to = m.unproject([point.x, point.y])
          onDrop(hitAt(m, point, { lon: to.lng, lat: to.lat }, 'left', incidentLayers), unit)
        }} />
      <p id="map-keys" className="unseen">{t('draw.keys')}</p>
      <div className="zoom">
        <button type="button" className="btn small" aria-label={t('map.zoom_in')} onClick={() => map.current?.zoomIn({}, { by: 'user' })}>+</button>
        <button type="button" className="btn small" aria-label={t('map.zoom_out')} onClick={() => map.current?.zoomOut({}, { by: 'user' })}>−</button>
      </div>
    </>
  )
}

/** Between two looks at what lies under the pointer, milliseconds. */
const lookMs = 60
/** Layers that a click may hit, and how near it must come, pixels. */
const hitLayers = ['incident-up', 'up', 'incident', 'incident-cluster', 'unit', 'unit-cluster', 'drawn-place', 'drawn-label', 'drawn-route', 'drawn-edge', 'mark-premises']
const hitPx = 6
/** What a unit is dropped on, whatever lies over it. */
const incidentLayers = ['incident-up', 'incident']

/** What lies at a place of the map. */
function hitAt(m: MapLibre, { x, y }: { x: number; y: number }, at: Point, button: Hit['button'], among: readonly string[] = hitLayers): Hit {
  const hit: Hit = { at, x, y, button }
  const layers = among.filter((id) => m.getLayer(id))
  const all = layers.length > 0 ? m.queryRenderedFeatures([[x - hitPx, y - hitPx], [x + hitPx, y + hitPx]], { layers }) : []
  const found = all[0]
  if (!found) return hit
  const p = found.properties
  switch (found.layer.id) {
    case 'incident-up': case 'incident': return { ...hit, incident: String(p['id']) }
    case 'up': return { ...hit, unit: String(p['id']) }
    case 'unit': {
      const units = [...new Set(all.flatMap((f) => (f.layer.id === 'unit' ? [String(f.properties['id'])] : [])))]
      return units.length > 1 ? { ...hit, units } : { ...hit, unit: String(p['id']) }
    }
    case 'incident-cluster': return { ...hit, cluster: { source: 'incidents', id: Number(p['cluster_id']), count: Number(p['point_count']) } }
    case 'unit-cluster': return { ...hit, cluster: { source: 'units', id: Number(p['cluster_id']), count: Number(p['point_count']) } }
    case 'mark-premises': return { ...hit, mark: { kind: String(p['kind']), id: String(p['id'] ?? ''), name: String(p['name'] ?? ''), name_en: String(p['name_en'] ?? '') } }
  }
  return { ...hit, drawing: String(p['id']) }
}

/** Layers whose signs tell their name under the pointer. */
const namedSigns = ['mark', 'mark-premises', 'place-label', 'camera', 'pole', 'entrance']

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
    if (ready > 0) measured(() => void map?.getSource<GeoJSONSource>(name)?.setData(data))
  }, [map, ready, name, data])
}
