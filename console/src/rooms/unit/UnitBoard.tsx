import { memo, useLayoutEffect, useRef, useState, type CSSProperties, type RefObject } from 'react'
import { useBoardRead, useClockText, useConfig, useUnits } from '../../api/hooks'
import type { UnitRow } from '../../api/types'
import { useText } from '../../i18n/i18n'
import { focus } from '../../lib/focus'
import { keepChoice, keptChoice } from '../../lib/kept-choice'
import { openMenu } from '../../lib/menu'
import { carry } from '../../lib/sending'
import { useOf } from '../../lib/store'
import { clockTime, fullTime, ms } from '../../lib/time'
import { lookOf, Shape, useUnitWord } from '../../ui/marks'
import { groupings, groupUnits, sameGroups, withoutTail, type Group, type Grouping } from './group'
import { packGroups } from './pack-groups'
import { timeInState } from './time-in-state'
import './unit.css'

/** Every unit by its station, its kind, its state or its beat: what it is doing, and since when. The board never goes sideways. */
export function UnitBoard() {
  const { t, name, lang } = useText()
  const units = useUnits()
  const sceneS = useConfig().data?.scene_s ?? Infinity
  const wasRead = useBoardRead()
  const [by, setBy] = useState<Grouping>(() => keptChoice('units-by', groupings) ?? 'station')
  const groups = useGroups(units, by)
  const choose = (next: Grouping) => {
    keepChoice('units-by', next)
    setBy(next)
  }
  const scroll = useRef<HTMLDivElement>(null)
  const room = useRoom(scroll)
  const stacks = packGroups(groups.map((g) => g.units.length), room.height / lineHeight, (room.width + columnGap) / (chipWidth(groups, lang) + columnGap))
  const words = (g: Group): string => (by === 'state' ? t(`disp.group.${g.id as 'free'}`) : name(g.name, g.id) || t(by === 'beat' ? 'disp.no_beat' : 'unit.other_station'))
  const short = (g: Group): string => (by === 'station' ? withoutTail(words(g), t('unit.station_tail')) : words(g))
  return (
    <section className="panel units" aria-label={t('unit.board')}>
      <div className="units-by" role="radiogroup" aria-label={t('disp.by')}>
        {groupings.map((g) => <button key={g} type="button" role="radio" aria-checked={g === by} onClick={() => choose(g)}>{t(`disp.by.${g}`)}</button>)}
      </div>
      <div ref={scroll} className="scroll">
        {groups.length === 0 && <p className="hint">{t(wasRead ? 'unit.empty' : 'unit.unread')}</p>}
        <div className="unit-flow" style={{ '--columns': stacks.reduce((sum, s) => sum + s.columns, 0) } as CSSProperties}>
          {stacks.map((s) => (
            <div key={groups[s.blocks[0]?.group ?? 0]?.id} className="unit-stack" style={{ gridColumn: `span ${s.columns}` }}>
              {s.blocks.map((b) => {
                const g = groups[b.group] as Group
                return (
                  <div key={g.id} className="unit-group" role="group" aria-label={words(g)}>
                    <GroupHead words={words(g)} short={short(g)} group={g} units={units} all={by === 'state'} />
                    <div className="chips" style={{ '--columns': b.columns, '--lines': b.lines } as CSSProperties}>
                      {g.units.map((u) => <UnitChip key={u.id} unit={units.get(u.id) ?? u} sceneS={sceneS} />)}
                    </div>
                  </div>
                )
              })}
            </div>
          ))}
        </div>
      </div>
    </section>
  )
}

// As unit.css has them, in pixels: a chip or a heading with the gap below it, and what parts two columns.
const lineHeight = 18
const columnGap = 6

/** What the panel has room for, without the padding of the board; measured again when the panel is drawn larger or smaller. */
function useRoom(of: RefObject<HTMLElement | null>): { width: number; height: number } {
  const [room, setRoom] = useState({ width: 0, height: 0 })
  useLayoutEffect(() => {
    const box = of.current
    if (!box) return undefined
    const measure = () => setRoom((r) => (r.width === box.clientWidth - 12 && r.height === box.clientHeight - 2 ? r : { width: box.clientWidth - 12, height: box.clientHeight - 2 }))
    measure()
    const watch = new ResizeObserver(measure)
    watch.observe(box)
    return () => watch.disconnect()
  }, [of])
  return room
}

/** The groups, sorted anew only when somebody has come, gone or changed groups: a position sorts nothing. */
function useGroups(units: ReadonlyMap<string, UnitRow>, by: Grouping): Group[] {
  const [held, setHeld] = useState(() => ({ units, by, groups: groupUnits(units.values(), by) }))
  if (held.by === by && sameGroups(held.units, units, by)) return held.groups
  const next = { units, by, groups: groupUnits(units.values(), by) }
  setHeld(next)
  return next.groups
}

/** The name of a group, and how many of it can be sent; of those that send nobody, nothing. */
function GroupHead({ words, short, group, units, all }: { words: string; short: string; group: Group; units: ReadonlyMap<string, UnitRow>; all: boolean }) {
  const { t } = useText()
  const able = group.units.filter((u) => u.dispatchable)
  const free = able.filter((u) => units.get(u.id)?.state === 'available').length
  const count = all ? String(group.units.length) : able.length > 0 ? `${free}/${able.length}` : ''
  return <h2><span title={words}>{short}</span>{count !== '' && <i title={all ? '' : t('unit.free_of', { free, all: able.length })}>{count}</i>}</h2>
}

// A column holds the longest call sign and its time, whose words are longer in English.
const chipWidth = (groups: readonly Group[], lang: string): number => (lang === 'en' ? 96 : 86) + 8 * Math.max(3, ...groups.map((g) => Math.max(...g.units.map((u) => u.call_sign.length))))

/** One unit. It is drawn again when its row says something else, not when it moves; its time is drawn alone. */
const UnitChip = memo(function UnitChip({ unit, sceneS }: { unit: UnitRow; sceneS: number }) {
  const { t, name } = useText()
  const selected = useOf(focus, (f) => f.unit === unit.id)
  const say = useUnitWord()
  const look = lookOf(unit)
  const words = () => [unit.call_sign, name(unit.kind_name, unit.kind), say(unit), unit.incident_number && `#${unit.incident_number}`, unit.standby && t('standby.at', { place: name(unit.standby.name, t('cover.somewhere')) }), fullTime(ms(unit.stage_since ?? unit.since))].filter(Boolean).join(' · ')
  return (
    <button
      type="button"
      draggable
      onDragStart={(e) => carry(e, unit.id)}
      onContextMenu={(e) => openMenu({ kind: 'unit', id: unit.id }, e)}
      className={`chip look-${look}${stale(unit) ? ' stale' : ''}`}
      aria-pressed={selected}
      aria-label={t('unit.named', { unit: unit.call_sign, kind: name(unit.kind_name, unit.kind), state: [say(unit), unit.incident_number && `#${unit.incident_number}`].filter(Boolean).join(' '), since: clockTime(ms(unit.stage_since ?? unit.since)) })}
      onPointerEnter={(e) => { e.currentTarget.title = words() }} // Worked out for whoever points at it, not for hundreds with each second.
      onClick={() => focus.set((f) => ({ ...f, unit: f.unit === unit.id ? '' : unit.id }))}
    >
      <Shape look={look} />
      <b>{unit.call_sign}</b>
      {(unit.stack?.length ?? 0) > 1 && <span className="lost">{t('disp.chip_stack', { count: (unit.stack?.length ?? 1) - 1 })}</span>}
      {unit.standby && <span className="lost">{t('standby.short')}</span>}
      {unit.flags?.out_of_contact && <span className="lost">{t('unit.out_of_contact')}</span>}
      {look === 'out' ? <em>{say(unit)}</em> : !unit.flags?.out_of_contact && <ChipTime unit={unit} sceneS={sceneS} />}
    </button>
  )
}, (a, b) => a.sceneS === b.sceneS && shownAlike(a.unit, b.unit))

/** How long it has been so, by what that means. The only part of a chip that goes with the clock. */
function ChipTime({ unit, sceneS }: { unit: UnitRow; sceneS: number }) {
  const { t } = useText()
  const [tone, time] = split(useClockText((now) => {
    const x = timeInState(unit, now, sceneS)
    return `${x.tone}|${x.key === '' ? x.time : t(`disp.time.${x.key}`, { time: x.time })}`
  }))
  return <em className={tone}>{time}</em>
}

const split = (state: string): [string, string] => {
  const n = state.indexOf('|')
  return [state.slice(0, n), state.slice(n + 1)]
}

const stale = (u: UnitRow): boolean => u.position !== undefined && u.position.state !== 'trusted'

// A position changes once a second; only whether it can be trusted is shown here.
const shownAlike = (a: UnitRow, b: UnitRow): boolean => a === b || (a.seq === b.seq && a.id === b.id && stale(a) === stale(b) && ms(a.since) === ms(b.since))
