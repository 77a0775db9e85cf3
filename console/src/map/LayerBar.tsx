import { useText } from '../i18n/i18n'
import { pointing } from '../lib/focus'
import { chooseCover, chooseRings, layers, turnLayer, type Layer } from '../lib/layers'
import { useStore } from '../lib/store'
import { duration } from '../lib/time'
import { bandEnds, missed } from './cover-layer'
import type { useCoverLayers } from './use-cover-layers'

type Props = { shown: ReadonlySet<Layer>; cover: ReturnType<typeof useCoverLayers>; follow: boolean; onFollow: () => void; onHome: () => void }

const switches: readonly Layer[] = ['units', 'incidents', 'areas', 'labels', 'rings', 'cover']
const keysOf: Partial<Record<Layer, string>> = { rings: 'Alt 8', cover: 'Alt 7' }

/** A button for each layer, and under it what the rings and the cover are of. */
export function LayerBar({ shown, cover, follow, onFollow, onHome }: Props) {
  const { t } = useText()
  return (
    <div className="layer-bars">
      <div className="map-bar" role="group" aria-label={t('map.layers')}>
        {switches.map((s) => (
          <button key={s} type="button" aria-pressed={shown.has(s)} title={keysOf[s] ? `${t(`map.${s}_help` as 'map.rings_help')} ${keysOf[s]}` : undefined} aria-keyshortcuts={keysOf[s]?.replace(' ', '+')} onClick={() => turnLayer(s, !shown.has(s))}>{t(`map.${s as 'units'}`)}</button>
        ))}
        <button type="button" aria-pressed={follow} onClick={onFollow}>{t('map.follow')}</button>
        <button type="button" onClick={onHome}>{t('map.home')}</button>
      </div>
      {shown.has('rings') && <RingsBar cover={cover} />}
      {shown.has('cover') && <CoverBar cover={cover} />}
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
