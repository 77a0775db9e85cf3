import { useMemo, type CSSProperties, type WheelEvent } from 'react'
import { useBoard, useBoardRead, useNow } from '../../api/hooks'
import type { UnitRow } from '../../api/types'
import { useText } from '../../i18n/i18n'
import { focus } from '../../lib/focus'
import { useStore } from '../../lib/store'
import { duration, ms, shortAge } from '../../lib/time'
import { lookOf, Shape, useUnitWord } from '../../ui/marks'
import { groupByStation } from './group'

/** Every unit by its station: what it is doing and how old its position is. */
export function UnitBoard() {
  const { t, name } = useText()
  const { units } = useBoard()
  const wasRead = useBoardRead()
  const groups = useMemo(() => groupByStation(units.values()), [units])
  // The board goes on to the right; a mouse wheel turns the other way.
  const onWheel = (e: WheelEvent) => {
    if (Math.abs(e.deltaY) > Math.abs(e.deltaX)) e.currentTarget.scrollLeft += e.deltaY
  }
  return (
    <section className="panel units" aria-label={t('unit.board')} onWheel={onWheel}>
      {groups.length === 0 && <p className="hint">{t(wasRead ? 'unit.empty' : 'unit.unread')}</p>}
      {groups.map((g) => (
        <div key={g.id} className="station" style={{ '--units': g.units.length, '--chip': `${chipWidth(g.units)}px` } as CSSProperties}>
          <h2>
            <span title={name(g.name, g.id)}>{name(g.name, g.id) || t('unit.other_station')}</span>
            <i>{t('unit.free_of', { free: g.units.filter((u) => u.state === 'available' && u.dispatchable).length, all: g.units.filter((u) => u.dispatchable).length })}</i>
          </h2>
          <ul>{g.units.map((u) => <UnitChip key={u.id} unit={u} />)}</ul>
        </div>
      ))}
    </section>
  )
}

// A column holds the longest call sign and its age.
const chipWidth = (units: readonly UnitRow[]): number => 50 + 8 * Math.max(3, ...units.map((u) => u.call_sign.length))

function UnitChip({ unit }: { unit: UnitRow }) {
  const { t, name } = useText()
  const { unit: selected } = useStore(focus)
  const now = useNow()
  const say = useUnitWord()
  const look = lookOf(unit)
  const stale = unit.position !== undefined && unit.position.state !== 'trusted'
  const age = unit.position ? shortAge((now - ms(unit.position.at)) / 1000) : '—'
  const aside = look === 'duress' ? t('unit.duress_short')
    : look === 'sign' ? duration((now - ms(unit.stage_since ?? unit.since)) / 1000)
    : unit.incident_number ? `#${unit.incident_number}`
    : look === 'out' ? say(unit) : age
  return (
    <li>
      <button
        type="button"
        draggable
        onDragStart={(e) => e.dataTransfer.setData('text/unit', unit.id)}
        className={`chip look-${look}${stale ? ' stale' : ''}`}
        aria-pressed={unit.id === selected}
        aria-label={t('unit.named', { unit: unit.call_sign, kind: name(unit.kind_name, unit.kind), state: say(unit) })}
        title={[unit.call_sign, name(unit.kind_name, unit.kind), say(unit), unit.standby && t('standby.at', { place: name(unit.standby.name, t('cover.somewhere')) }), age].filter(Boolean).join(' · ')}
        onClick={() => focus.set((f) => ({ ...f, unit: f.unit === unit.id ? '' : unit.id }))}
      >
        <Shape look={look} />
        <b>{unit.call_sign}</b>
        {unit.standby && <span className="lost">{t('standby.short')}</span>}
        {unit.flags?.out_of_contact && <span className="lost">{t('unit.out_of_contact')}</span>}
        <em>{aside}</em>
      </button>
    </li>
  )
}
