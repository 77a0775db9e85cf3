import type { Candidate } from '../../api/advice'
import type { Reason } from '../../api/types'

export type Chip = { code: string; params: Readonly<Record<string, unknown>>; tone: 'plain' | 'caution' | 'danger' }

/** Reasons that stand in columns or chips of their own. */
const said = new Set(['street_time', 'cover_cost', 'leaves_void', 'workload', 'stays_back'])

/** What a candidate costs and how it stands, as chips in the order in which they matter. */
export function chipsOf(c: Candidate): Chip[] {
  const chips: Chip[] = []
  const add = (code: string, params: Chip['params'] = {}, tone: Chip['tone'] = 'plain') => chips.push({ code, params, tone })
  if (c.state === 'soon') add('soon', { time_s: c.soon_s ?? 0 }, 'caution')
  if (c.state === 'redeployable') add('redeployable', {}, 'caution')
  if (c.hold) add('hold')
  for (const v of c.cover?.voids ?? []) add('void', { org: v.area, class: v.class }, 'danger')
  const loss = c.cover ? Math.round(c.cover.loss_s * 10) / 10 : 0
  if (loss >= 0.1) add('cover', { s: loss >= 10 ? Math.round(loss) : loss }, loss >= 10 ? 'caution' : 'plain')
  if (c.workload && c.workload.jobs_today > 0) add('workload', { jobs: c.workload.jobs_today, minutes: Math.round(c.workload.busy_s / 60) })
  return chips
}

/** The reasons in words that neither a chip nor a column says already. */
export const otherReasons = (reasons: readonly Reason[] | null | undefined): Reason[] =>
  (reasons ?? []).filter((r) => !said.has(r.code ?? ''))
