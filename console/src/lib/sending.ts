import { openIncident } from './focus'
import { createStore } from './store'

/**
 * Units that somebody wants to send to one incident, before they are sent: dropped there, chosen from a menu, or refused
 * because somebody else was quicker (`lost`). The panel of the incident shows what sending them would leave uncovered.
 */
export type Wish = { incident: string; units: readonly string[]; lost?: boolean }

export const wish = createStore<Wish | undefined>(undefined)

/** Opens an incident and asks whether these units shall go there. Nobody is sent by it. */
export function askToSend(incident: string, units: readonly string[], lost = false): void {
  if (units.length === 0) return
  openIncident(incident)
  wish.set({ incident, units: [...new Set(units)], ...(lost ? { lost } : {}) })
}

/** What a dragged unit is called while it is dragged. */
const unitType = 'text/unit'

type Dragged = { dataTransfer: DataTransfer | null }

/** Begins to drag a unit: `onDragStart={(e) => carry(e, unit.id)}`. */
export function carry(e: Dragged, unit: string): void {
  e.dataTransfer?.setData(unitType, unit)
  if (e.dataTransfer) e.dataTransfer.effectAllowed = 'copy'
}

/** Whether what is dragged is a unit. Only then may it be dropped: `onDragOver={(e) => carries(e) && e.preventDefault()}`. */
export const carries = (e: Dragged): boolean => e.dataTransfer?.types.includes(unitType) === true

/** Drops the dragged unit on an incident: row, panel or mark of the map. False if something else was dragged. */
export function dropOn(incident: string, e: Dragged & { preventDefault: () => void }): boolean {
  const unit = e.dataTransfer?.getData(unitType) ?? ''
  if (unit === '' || incident === '') return false
  e.preventDefault()
  askToSend(incident, [unit])
  return true
}

/** What somebody asks of an incident's panel from outside of it: to arm what is recommended, or to list who is near. */
export const quick = createStore<{ incident: string; what: 'arm' | 'near' } | undefined>(undefined)

/** Opens an incident and asks its panel for something. */
export function askPanel(incident: string, what: 'arm' | 'near'): void {
  openIncident(incident)
  quick.set({ incident, what })
}
