import type { FeatureCollection } from 'geojson'
import { useState } from 'react'
import { useConfig } from '../../api/hooks'
import { useText } from '../../i18n/i18n'
import { lookAt, pointing } from '../../lib/focus'
import type { Layer } from '../../lib/layers'
import { useStore } from '../../lib/store'
import { MapView } from '../../map/MapView'
import { nothing } from '../../map/style'
import { useAreas, useGround } from '../../map/use-ground'

const shown: ReadonlySet<Layer> = new Set(['labels', 'areas', 'cover'])

type Props = { theme: string; cells: FeatureCollection; sites: FeatureCollection; moves: FeatureCollection }

/** The ground of a study: squares of demand, posts of today, sites that a model would have. */
export function StudyMap({ theme, cells, sites, moves }: Props) {
  const { t } = useText()
  const config = useConfig().data
  const look = useStore(lookAt)
  const point = useStore(pointing)
  const [home, setHome] = useState(0)
  const ground = useGround()
  const areas = useAreas()
  return (
    <section className="map" aria-label={t('map.region')}>
      <MapView
        theme={theme}
        ground={ground.data}
        bounds={config?.bounds?.some((n) => n !== 0) ? config.bounds : undefined}
        data={{ ...nothing, cells, sites, moves, areas: areas.data ?? nothing.areas }}
        shown={shown}
        look={look}
        draft={undefined}
        home={home}
        pointing={point !== undefined}
        onPoint={(at) => { point?.(at); pointing.set(undefined) }}
      />
      <div className="layer-bars"><div className="map-bar"><button type="button" onClick={() => setHome(home + 1)}>{t('map.home')}</button></div></div>
      {point && <p className="map-note">{t('form.pointing')}</p>}
      {(ground.isError || ground.data?.lost) && <p className="map-note">{t('map.failed')}</p>}
      <div className="map-foot">{ground.data?.attribution && <small className="attribution">{ground.data.attribution}</small>}</div>
    </section>
  )
}
