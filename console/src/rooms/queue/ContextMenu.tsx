import { useEffect } from 'react'
import { useBoard, useCry } from '../../api/hooks'
import type { IncidentRow, UnitRow } from '../../api/types'
import { useText } from '../../i18n/i18n'
import { focus, openIncident, showOnMap } from '../../lib/focus'
import { menu } from '../../lib/menu'
import { askPanel, askToSend } from '../../lib/sending'
import { useStore } from '../../lib/store'
import { usePastOff } from '../../ui/past-off'
import { aboutIncident, aboutUnit, cryFor, tell } from '../../ui/tell'
import './queue.css'
import { Menu, type OpenMenu } from '../../ui/Menu'

type Items = [...OpenMenu['items']]

const close = () => menu.set(undefined)

/** What can be done with the incident or unit under the pointer, or with the one that the keyboard is at. */
export function ContextMenu() {
  const open = useStore(menu)
  const { units, incidents } = useBoard()
  const unit = open?.of.kind === 'unit' ? units.get(open.of.id) : undefined
  const incident = open?.of.kind === 'incident' ? incidents.get(open.of.id) : undefined
  const gone = open !== undefined && !unit && !incident
  useEffect(() => { if (gone) close() }, [gone])
  if (!open) return null
  if (incident) return <IncidentMenu row={incident} at={open} />
  return unit ? <UnitMenu unit={unit} at={open} /> : null
}

type At = { x: number; y: number }

function IncidentMenu({ row, at }: { row: IncidentRow; at: At }) {
  const { t, name, reason } = useText()
  const step = row.next?.find((s) => s.verb === 'dispatch')
  const place = row.place
  const off = step && !step.allowed ? reason(step) : undefined
  const items: Items = [
    { words: t('disp.menu_send'), aside: '⏎⏎', run: () => askPanel(row.id, 'arm'), ...(off ? { refused: off } : {}) },
    { words: t('disp.near'), aside: 'G', run: () => askPanel(row.id, 'near'), ...(off ? { refused: off } : {}) },
    'line',
    { words: t('unit.open_incident', { number: row.number }), run: () => openIncident(row.id) },
  ]
  if (place?.lon !== undefined && place.lat !== undefined) items.push({ words: t('inc.show_on_map'), run: () => showOnMap({ lon: place.lon ?? 0, lat: place.lat ?? 0 }, 15) })
  return <Menu open={{ ...at, title: `#${row.number} ${name(row.type_name, t('queue.no_type'))}`, items }} onClose={close} />
}

/** The words of a crew that stand in its menu, in their order. */
const said = ['acknowledge', 'en_route', 'on_scene', 'clear', 'available', 'heard']
const stages: Record<string, string> = { acknowledge: 'acknowledged', clear: 'cleared' }

function UnitMenu({ unit, at }: { unit: UnitRow; at: At }) {
  const { t, name, word, reason } = useText()
  const { incidents } = useBoard()
  const target = incidents.get(useStore(focus).incident)
  const cry = useCry(unit.id)
  const off = usePastOff()?.title
  const then = off === undefined ? {} : { refused: off }
  const named = (verb: string) => `${unit.call_sign} ${word('verb.', verb)}`
  const items: Items = []
  if (target && unit.dispatchable && unit.incident !== target.id) items.push({ words: t('disp.menu_send_to', { number: target.number }), run: () => askToSend(target.id, [unit.id]), ...then })
  items.push({ words: t('disp.menu_card'), run: () => focus.set((f) => ({ ...f, unit: unit.id })) })
  const p = unit.position
  if (p) items.push({ words: t('unit.center'), run: () => showOnMap(p, 15) })
  if (unit.incident) {
    const id = unit.incident
    items.push({ words: t('unit.open_incident', { number: unit.incident_number }), run: () => openIncident(id) })
    items.push({ words: t('verb.recall'), run: () => void tell(aboutIncident(incidents.get(id) ?? { id }, 'recall', { units: [unit.id], reason: t('verb.recall') }, named('recall')), named('recall')), ...then })
  }
  const words = said.flatMap((verb): Items => {
    const step = unit.next?.find((s) => s.verb === verb)
    if (!step?.allowed) return [] // Seven words that a crew cannot say now help nobody here; its card has them all.
    const run = () => void tell(verb === 'heard' ? aboutUnit(unit, 'heard', {}, named(verb)) : aboutUnit(unit, 'status', { to: stages[verb] ?? verb, ...(unit.incident ? { incident: unit.incident } : {}) }, named(verb)), named(verb))
    return [{ words: word('verb.', verb), run }]
  })
  const press = () => tell(cryFor(unit, named('duress')), named('duress'))
  if (words.length > 0) items.push('line', ...words)
  if (cry) items.push('line', { words: t('verb.duress'), run: () => void press(), ...(cry.allowed ? {} : { refused: reason(cry) }) })
  return <Menu open={{ ...at, title: `${unit.call_sign} ${name(unit.kind_name, unit.kind)}`, items }} onClose={close} />
}
