import { useBoard } from '../api/hooks'
import { useText } from '../i18n/i18n'
import { focus, openIncident, showOnMap } from '../lib/focus'
import { Dialog } from '../ui/Dialog'
import { Shape } from '../ui/marks'
import { Age, Since } from '../ui/ticking'

/** Every officer in danger: who, since when, where last seen, on which incident. */
export function DuressList({ onClose }: { onClose: () => void }) {
  const { t, name } = useText()
  const { units } = useBoard()
  const danger = [...units.values()].filter((u) => u.flags?.duress)
  return (
    <Dialog title={t('top.duress_list')} onClose={onClose}>
      {danger.length === 0 && <p className="hint">{t('top.no_duress')}</p>}
      <ul className="duress-list">
        {danger.map((u) => (
          <li key={u.id}>
            <Shape look="duress" /> <b>{u.call_sign}</b> <span>{name(u.kind_name, u.kind)}</span> <Since at={u.flags?.duress?.since} className="late" />
            <span className="dim">{u.position ? <>{t('rec.position', { age: '' })} <Age at={u.position.at} /></> : t('unit.position_none')}</span>
            {u.position && <button type="button" className="btn small" onClick={() => { if (u.position) showOnMap(u.position, 16); focus.set((f) => ({ ...f, unit: u.id })); onClose() }}>{t('unit.center')}</button>}
            {u.incident && <button type="button" className="btn small" onClick={() => { openIncident(u.incident ?? ''); onClose() }}>{t('unit.open_incident', { number: u.incident_number })}</button>}
          </li>
        ))}
      </ul>
    </Dialog>
  )
}
