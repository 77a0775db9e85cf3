import type { UnitRow } from '../../api/types'
import { duration, ms, shortAge } from '../../lib/time'
import { lookOf } from '../../ui/marks'

/** How long a unit has been so, by what that means: a word of the catalogue, its time, and how loud it is. */
export type TimeInState = { key: 'free' | 'sign' | 'acknowledged' | 'eta' | 'over_eta' | 'going' | 'there' | 'silent' | 'duress' | ''; time: string; tone: '' | 'soon' | 'late' }

/**
 * What the time of a unit's state means at a moment: free since; unsigned for; driving, with when it arrives or how late it
 * is; on scene since, in amber after what is usual (`sceneS`); silent for, when it is to be asked.
 */
export function timeInState(u: UnitRow, now: number, sceneS: number): TimeInState {
  const since = (now - ms(u.stage_since ?? u.since)) / 1000
  const look = lookOf(u)
  if (look === 'duress') return { key: 'duress', time: duration((now - ms(u.flags?.duress?.since)) / 1000), tone: 'late' }
  if (look === 'free') return { key: 'free', time: shortAge(since), tone: '' }
  if (look === 'out') return { key: '', time: shortAge(since), tone: '' }
  if (look === 'sign') return { key: 'sign', time: duration(since), tone: 'soon' }
  const silent = u.silent_at ? (now - ms(u.silent_at)) / 1000 : -1
  if (silent >= 0) return { key: 'silent', time: shortAge((now - ms(u.heard)) / 1000), tone: 'late' }
  if (look === 'there') return { key: 'there', time: shortAge(since), tone: u.stage === 'on_scene' && since > sceneS ? 'soon' : '' }
  const left = u.eta_at ? (ms(u.eta_at) - now) / 1000 : Number.NaN
  if (Number.isFinite(left)) return left >= 0 ? { key: 'eta', time: duration(left), tone: '' } : { key: 'over_eta', time: shortAge(-left), tone: 'soon' }
  return { key: u.stage === 'acknowledged' ? 'acknowledged' : 'going', time: shortAge(since), tone: '' }
}
