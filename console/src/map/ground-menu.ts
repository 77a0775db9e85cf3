import type { GeoJSONSource } from './MapView'
import { useText } from '../i18n/i18n'
import { openCallForm, type Point } from '../lib/focus'
import { givenPlace } from '../lib/draft-place'
import { chooseRings, turnLayer } from '../lib/layers'
import type { MenuItem, OpenMenu } from '../ui/Menu'
import type { Card } from './MapCard'
import type { Hit, TheMap } from './MapView'
import { putCorner, tool, turnTool } from './tool'
import { saveDrawing } from './use-tool'

type Asked = {
  t: ReturnType<typeof useText>['t']
  map: TheMap | undefined
  /** The open incident, and why nothing can be drawn for it. */
  open: string
  refused: string
  card: (card: Card) => void
}

/** What can be done with a place of the map: by the right button of the mouse. */
export function groundMenu({ t, map, open, refused, card }: Asked, { at, x, y }: Hit): OpenMenu {
  const box = map?.getContainer().getBoundingClientRect()
  const begin = (name: 'line' | 'way') => {
    tool.set(undefined)
    turnTool(name)
    putCorner(at)
  }
  const items: MenuItem[] = [
    { words: t('draw.menu_new'), aside: 'F2', run: () => newHere(at) },
    { words: t('draw.near'), run: () => card({ of: 'near', x, y, at }) },
    { words: t('draw.here'), run: () => card({ of: 'place', x, y, at }) },
    { words: t('draw.menu_rings'), run: () => { chooseRings({ of: 'point', at }); turnLayer('rings', true) } },
    { words: t('draw.menu_measure'), run: () => begin('line') },
    { words: t('draw.menu_way'), run: () => begin('way') },
    { words: t('draw.menu_point'), ...(refused === '' ? {} : { refused }), run: () => void saveDrawing(open, { name: 'draw', kind: 'point', corners: [at], label: '', units: '' }) },
  ]
  return { x: (box?.left ?? 0) + x, y: (box?.top ?? 0) + y, title: t('draw.menu'), items }
}

/** A new incident at a place: the form opens and takes it. */
function newHere(at: Point): void {
  givenPlace.set(at)
  openCallForm()
}

/** Who stands in a crowd, and how near one must come to see them apart. */
export async function crowdOf(map: TheMap | undefined, { cluster, at, x, y }: Hit): Promise<Card | undefined> {
  const source = cluster && map?.getSource<GeoJSONSource>(cluster.source)
  if (!cluster || !source) return undefined
  try {
    const [leaves, zoom] = await Promise.all([source.getClusterLeaves(cluster.id, 100, 0), source.getClusterExpansionZoom(cluster.id)])
    const ids = leaves.map((f) => String(f.properties?.['id']))
    const [units, incidents] = cluster.source === 'units' ? [ids, []] : [[], ids]
    return { of: 'crowd', x, y, at, units, incidents, closer: zoom }
  } catch {
    return undefined // It has dissolved meanwhile: the map shows what there is now.
  }
}
