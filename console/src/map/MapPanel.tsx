import { memo, useMemo, useState } from 'react'
import { useConfig, useLinkState } from '../api/hooks'
import { useText } from '../i18n/i18n'
import { draftPlace, focus, lookAt, openIncident, pointing, showOnMap, type Point } from '../lib/focus'
import { menu } from '../lib/menu'
import { askToSend } from '../lib/sending'
import { useStore } from '../lib/store'
import { Menu, type OpenMenu } from '../ui/Menu'
import { crowdOf, groundMenu } from './ground-menu'
import { InView } from './InView'
import { LayerBar } from './LayerBar'
import { Legend } from './Legend'
import { MapCard, type Card } from './MapCard'
import { MapView, type Hit, type TheMap } from './MapView'
import { tool } from './tool'
import { ToolBar } from './ToolBar'
import { useGround } from './use-ground'
import { useLayers } from './use-layers'
import { useDrawingEnds, useEscape, useFollow, useLive, useOpen } from './use-open'
import { takeAway, useTool } from './use-tool'
import './map.css'

const Key = memo(Legend)

/** The map with its layers, its tools, its legend and the name of those who drew it. */
export function MapPanel({ theme, attribution }: { theme: string; attribution: string | undefined }) {
  const { t } = useText()
  const bounds = useConfig().data?.bounds
  const around = useMemo(() => (bounds?.some((n) => n !== 0) ? bounds : undefined), [bounds])
  const point = useStore(pointing)
  const held = useStore(tool)
  const ground = useGround()
  const gone = useLinkState() === 'failed'
  const [map, setMap] = useState<TheMap>()
  const [home, setHome] = useState(0)
  const [follow, setFollow] = useState(false)
  const [listed, setListed] = useState(false)
  const [card, setCard] = useState<Card>()
  const [ask, setAsk] = useState<OpenMenu>()
  const open = useOpen()
  const { shown, data, cover } = useLayers(open, held)
  const work = useTool(map, held, open.id)
  useFollow(follow, open)
  useDrawingEnds(open.id, held?.name === 'draw')
  useEscape(point !== undefined, () => pointing.set(undefined))

  const right = (hit: Hit) => {
    const box = map?.getContainer().getBoundingClientRect()
    const of = hit.unit !== undefined ? { kind: 'unit' as const, id: hit.unit } : hit.incident !== undefined ? { kind: 'incident' as const, id: hit.incident } : undefined
    if (of) menu.set({ of, x: (box?.left ?? 0) + hit.x, y: (box?.top ?? 0) + hit.y })
    else setAsk(groundMenu({ t, map, open: open.id, refused: open.drawRefused, card: setCard }, hit))
  }
  const onHit = (hit: Hit) => {
    setCard(undefined)
    const where = { x: hit.x, y: hit.y, at: hit.at }
    if (hit.units) setCard({ of: 'crowd', ...where, units: hit.units, incidents: [], closer: undefined })
    else if (hit.button === 'right') right(hit)
    else if (hit.unit !== undefined) focus.set((f) => ({ ...f, unit: hit.unit ?? '' }))
    else if (hit.incident !== undefined) openIncident(hit.incident)
    else if (hit.cluster) void crowdOf(map, hit).then(setCard)
    else if (hit.drawing !== undefined) setCard({ of: 'drawing', ...where, id: hit.drawing })
    else if (hit.mark) setCard({ of: 'premises', ...where, mark: hit.mark })
  }
  const onPoint = (at: Point) => {
    if (held) return work.put(at)
    point?.(at)
    pointing.set(undefined)
  }
  const onDrop = (hit: Hit, unit: string) => { if (hit.incident !== undefined) askToSend(hit.incident, [unit]) }
  return (
    <section className="map" aria-label={t('map.region')}>
      <MapView
        theme={theme} ground={ground.data} bounds={around} data={data} shown={shown} look={useStore(lookAt)} draft={useStore(draftPlace)} home={home}
        pointing={point !== undefined || held !== undefined} onPoint={onPoint} onHit={onHit} onDrop={onDrop} onMap={setMap} live={useLive()}
      />
      {held && <i className="cross-hair" aria-hidden="true" />}
      <LayerBar shown={shown} cover={cover} follow={follow} drawRefused={open.drawRefused} listed={listed} onFollow={() => setFollow(!follow)} onHome={() => setHome(home + 1)} onList={() => setListed(!listed)}>
        {held && <ToolBar held={held} number={open.number} onSave={work.save} onCorner={(at) => { work.put(at); showOnMap(at) }} />}
      </LayerBar>
      {listed && <InView map={map} drawings={open.drawings} onClose={() => setListed(false)} />}
      {card && (
        <MapCard key={`${card.x} ${card.y} ${card.of}`} card={card} drawings={open.drawings} undrawRefused={open.undrawRefused} onClose={() => setCard(undefined)}
          onUndraw={({ id, kind, label, units, geometry }) => void takeAway(open.id, { id, kind, geometry, ...(label ? { label } : {}), ...(units ? { units } : {}) })} />
      )}
      {ask && <Menu open={ask} onClose={() => setAsk(undefined)} />}
      {point && <p className="map-note">{t('form.pointing')}</p>}
      {ground.data && !ground.data.bounds && !ground.data.style && !ground.data.raster && <p className="map-note">{t('map.none')}</p>}
      {gone && !ground.data && !ground.isError && <p className="map-note">{t('map.unread')}</p>}
      {(ground.isError || ground.data?.lost) && <p className="map-note">{t('map.failed')}</p>}
      <div className="map-foot">
        <Key theme={theme} />
        {(ground.data?.attribution || attribution) && <small className="attribution">{ground.data?.attribution || attribution}</small>}
      </div>
    </section>
  )
}
