import type { Names, Reason, Recommendation } from './types'

/**
 * The recommendation, with what plans, cover and jurisdiction add to it. Every added field may be missing: a centre without
 * plans, without cover or with an older server is still advised.
 */
type Base = Omit<Recommendation, 'items' | 'left_out' | 'need' | 'shortfalls'>

export type Need = { what: string; count: number; filled: number; hold?: boolean; card?: string; or?: boolean }

export type Candidate = {
  unit: string
  call_sign: string
  kind: string
  slot?: string
  pick: boolean
  eta_s?: number
  distance_m?: number
  position_age_s: number
  position_state: string
  /** free; soon: free in soon_s seconds; redeployable: at work, proposed and never taken without a person. */
  state?: string
  soon_s?: number
  hold?: boolean
  /** What leaves with it: seconds by which the centre's expected response gets worse, and areas that it would leave empty. */
  cover?: { loss_s: number; voids?: { area: string; class: string }[] | null }
  workload?: { jobs_today: number; busy_s: number }
  reasons: Reason[] | null
}

export type Shortfall = { what: string; count: number; remedy: Reason }

export type Jurisdiction = {
  responsible?: { id: string; name?: Names | string }
  nearest?: { unit: string; call_sign: string; station?: string }
  border?: { id: string; name?: Names | string }[] | null
  rule?: string
}

export type AdviceAnswer = Base & {
  advice?: string
  cards?: { id: string; name?: Names | string }[] | null
  wave?: number
  waves?: number
  need: Need[] | null
  items: Candidate[] | null
  left_out: Candidate[] | null
  shortfalls: Shortfall[] | null
  seats?: { id: string; name?: Names | string }[] | null
  notify?: string[] | null
  partners?: { id: string; name?: Names | string; mode?: string }[] | null
  jurisdiction?: Jurisdiction
}
