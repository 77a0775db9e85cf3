import { standing, unseen } from '../api/alarms'
import { useBoard } from '../api/hooks'
import { useText } from '../i18n/i18n'
import { NowMark } from '../ui/NowMark'
import { Since } from '../ui/ticking'

/** Areas that nobody reaches in time. What nobody has seen yet is loud; what was seen stays until it is over. */
export function VoidAlarms({ onOpen }: { onOpen: () => void }) {
  const { t, name } = useText()
  const { alarms } = useBoard()
  const rows = standing(alarms.values())
  const first = rows[0]
  if (!first) return null
  const loud = unseen(rows)
  return (
    <button type="button" className={loud > 0 ? 'void-alarm loud' : 'void-alarm'} role={loud > 0 ? 'alert' : undefined} aria-keyshortcuts="Alt+9" title={`${rows.map((a) => `${name(a.area_name, a.area)} ${name(a.class_name, a.class)}`).join(' · ')} · Alt 9`} onClick={onOpen}>
      <span aria-hidden="true">!</span> <b>{t(loud > 0 ? 'top.voids' : 'top.voids_seen', { count: loud > 0 ? loud : rows.length })}</b> <NowMark />
      {loud > 0 && <span className="kind"> {name(first.area_name, first.area)} {name(first.class_name, first.class)} <Since at={first.raised} /></span>}
    </button>
  )
}
