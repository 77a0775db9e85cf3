import { useText } from '../i18n/i18n'
import type { Layer } from '../lib/layers'
import { Shape, type Look } from '../ui/marks'

const looks: readonly Look[] = ['free', 'sign', 'going', 'there', 'out', 'duress']

/** What the signs of a layer look like, small: the key of the menu. */
export function Key({ layer }: { layer: Layer }) {
  const { t } = useText()
  switch (layer) {
    case 'units': return <i className="layer-key" title={looks.filter((l) => l !== 'duress').map((l) => t(`map.legend_${l}`)).join(' · ')}>{looks.map((l) => <Shape key={l} look={l} />)}</i>
    case 'incidents': return <i className="layer-key">{(['p1', 'p2', 'p3', 'p4'] as const).map((p) => <b key={p} className={`prio prio-${p}`}>{p.slice(1)}</b>)}</i>
    case 'routes': return <i className="layer-key"><Line ink="blue" /> {t('draw.key_routes')}</i>
    case 'drawings': return <i className="layer-key"><Line ink="draft" dash="5 2" /> {t('draw.key_drawings')}</i>
    case 'rings': return <i className="layer-key"><Line ink="ring" /> {t('draw.key_rings')}</i>
    case 'cover': return <i className="layer-key">{[0, 1, 2, 3, 4].map((n) => <b key={n} className={`swatch cover-${n}${n > 2 ? ' missed' : ''}`} />)}</i>
    case 'areas': return <i className="layer-key"><Line ink="area" dash="4 3" /> {t('draw.key_areas')}</i>
    case 'premises': return <i className="layer-key">{t('draw.key_premises')}</i>
    case 'stations': return <i className="layer-key">{t('draw.key_stations')}</i>
    case 'labels': return <i className="layer-key">{t('draw.key_labels')}</i>
  }
}

const Line = ({ ink, dash }: { ink: string; dash?: string }) => (
  <svg viewBox="0 0 24 8" width="24" height="8" aria-hidden="true"><path d="M1 4H23" stroke={`var(--${ink})`} strokeWidth="2.4" strokeDasharray={dash} fill="none" /></svg>
)
