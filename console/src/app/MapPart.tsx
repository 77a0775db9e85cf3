import { useSession } from '../api/hooks'
import { palette, theme } from '../lib/look'
import { useStore } from '../lib/store'
import { MapPanel } from '../map/MapPanel'

export function MapPart() {
  const look = `${useStore(theme)} ${useStore(palette)}` // The map reads its colours again when either changes.
  return <MapPanel theme={look} attribution={useSession().data?.attribution} />
}
