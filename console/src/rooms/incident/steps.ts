import type { IncidentRow } from '../../api/types'

/** The steps that people speak of, in their order. */
export const stepIds = ['received', 'classified', 'dispatched', 'acknowledged', 'on_scene', 'reported', 'closed'] as const
export type StepState = { id: (typeof stepIds)[number]; at: string | undefined; state: 'done' | 'now' | 'todo' }

/** How far an incident has come, by the moments that its row carries; the first that is not there yet is "now". */
export function stepsOf(row: IncidentRow): StepState[] {
  const at: Record<StepState['id'], string | undefined> = {
    received: row.received,
    classified: row.classified_at,
    dispatched: row.first_dispatch_at,
    acknowledged: row.first_ack_at,
    on_scene: row.first_on_scene_at,
    reported: row.reported_at,
    closed: row.closed_at,
  }
  const next = stepIds.findIndex((id) => at[id] === undefined)
  return stepIds.map((id, n) => ({ id, at: at[id], state: at[id] !== undefined ? 'done' : n === next ? 'now' : 'todo' }))
}
