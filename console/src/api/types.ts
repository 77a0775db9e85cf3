/** The rows and answers of /api/v1, as the server sends them. Times are RFC 3339 UTC, coordinates WGS 84 degrees. */

export type Names = { zh: string; en: string }
export type Params = Record<string, unknown>
export type Reason = { code?: string; params?: Params; text?: string }
export type Step = { verb: string; allowed: boolean; code?: string; params?: Params; text?: string }
export type Place = { lon?: number; lat?: number; address?: string; street?: string; approx?: boolean }

export type World = 'live' | 'demo' | 'drill' | 'study'

export type Session = {
  actor: string
  role: string
  seat?: string
  centre: string
  centre_name: Names
  world: World
  clock: string
  /** How the world runs, unless it is live. */
  run?: WorldRun
  personas?: { id: string; role: string; name: Names; seat?: string }[]
  attribution?: string
  version?: string
}

/** Speed in world seconds a second; holding is the incident that the visitor of a demonstration has taken. */
export type WorldRun = { speed: number; holding?: string; clock?: string }

export type TypeInfo = {
  id: string
  name: Names
  priority: string
  level?: string
  tags?: string[]
  keywords?: string[]
  category?: string
}
export type NamedItem = { id: string; name: Names | string }
export type Config = {
  as_of: number
  types: TypeInfo[]
  tags: NamedItem[]
  priorities: NamedItem[]
  stations: NamedItem[]
  kinds?: NamedItem[]
  dispositions?: NamedItem[]
  results?: NamedItem[]
  partners: (NamedItem & { mode: string })[]
  unavailable_reasons: NamedItem[]
  bounds?: number[]
  center?: { lon: number; lat: number; zoom: number }
  zoom?: number
  zone?: string
}

export type Assignment = {
  id: string
  unit: string
  call_sign: string
  stage: string
  level?: string
  since: string
  eta_s?: number
  eta_at?: string
  primary?: boolean
  redeployable?: boolean
  recalled?: boolean
}

export type IncidentRow = {
  id: string
  number: number
  seq: number
  world?: string
  phase: string
  returned?: boolean
  reopened?: number
  stage?: string
  queue: string
  type?: string
  type_feedback?: string
  type_name?: Names
  tags?: string[]
  priority?: string
  level?: string
  place?: Place
  narrative?: string
  caller?: { name?: string; number?: string; address?: string }
  masked?: boolean
  aside?: { field: string; why: string }[]
  degraded?: boolean
  calls?: { id: string; number_masked?: string; state: string; arrived: string }[]
  responsible?: { id: string; name: Names; by?: string; border?: { id: string; name: Names }[] }
  commander?: { actor: string; since: string }
  source?: string
  received: string
  happened?: string
  classified_at?: string
  first_dispatch_at?: string
  first_ack_at?: string
  first_en_route_at?: string
  first_on_scene_at?: string
  reported_at?: string
  reviewed_at?: string
  closed_at?: string
  assignments?: Assignment[]
  deadlines?: { kind: string; unit?: string; due?: string; passed?: boolean }[]
  late?: boolean
  links?: { id: string; number: number; kind: string }[]
  partners?: { id: string; mode: string; since: string; follow_up?: string }[]
  urges?: number
  feedback?: { kind: string; result?: string; at: string; by?: string }[]
  needs_final?: boolean
  next?: Step[]
}

export type Position = {
  lon: number
  lat: number
  at: string
  age_s?: number
  speed_kmh?: number
  heading?: number
  state: string
}

export type UnitRow = {
  id: string
  seq: number
  call_sign: string
  kind: string
  kind_name?: Names
  station?: string
  station_name?: Names | string
  state: string
  reason?: string
  stage?: string
  stage_since?: string
  since?: string
  incident?: string
  incident_number?: number
  stack?: { assignment: string; incident: string; number: number; stage: string }[]
  flags?: { duress?: { since: string; by?: string; at?: unknown }; out_of_contact?: string }
  capabilities?: string[]
  officers?: number
  sworn?: number
  position?: Position
  dispatchable: boolean
  eta_s?: number
  next?: Step[]
}

export type CallRow = {
  id: string
  seq: number
  state: string
  arrived: string
  answered_at?: string
  line?: string
  number_masked?: string
  number?: string
  name?: string
  place?: Place
  incident?: string
  incident_number?: number
  answered_by?: string
  next?: Step[]
}

export type TimelineItem = {
  seq: number
  at: string
  happened?: string
  happened_from?: string
  late_entry?: boolean
  actor?: string
  actor_name?: string
  seat?: string
  type: string
  params?: Params
  text?: string
}

export type Recommendation = {
  as_of: number
  need: { what: string; count: number; label?: Names; filled: number }[] | null
  items: {
    unit: string
    call_sign: string
    kind?: string
    slot?: string
    pick: boolean
    eta_s?: number
    distance_m?: number
    position_age_s?: number
    position_state?: string
    reasons?: Reason[] | null
  }[] | null
  left_out: { unit: string; call_sign: string; eta_s?: number; reasons?: Reason[] | null }[] | null
  degraded?: string[]
  shortfalls?: { what: string; count: number; remedy?: Reason }[] | null
  responsible?: { id: string; name: Names | string; by?: string; border?: string[] }
  computed_ms?: number
}

export type SearchItem = {
  kind: string
  id: string
  title: string
  subtitle?: string
  place?: Place
  score?: number
  closed?: boolean
}

export type CommandAnswer = {
  status: 'ok' | 'preview' | 'ambiguous' | 'wrong' | 'incomplete'
  preview?: Reason
  candidates?: { n: number; label: string; text?: string }[]
  remedy?: Reason | string
  show?: { kind: string; id: string }
  nearest?: { unit: string; call_sign: string; eta_s?: number }[]
  seq?: number
}

export type Problem = {
  status: number
  kind: string
  code?: string
  params?: Params
  title?: string
  detail?: string
  remedy?: string
  field?: string
  errors?: { location?: string; message?: string }[]
}

export type Changes<Row> = { upsert?: Row[] | null; remove?: string[] | null }
export type RowsEvent = {
  seq: number
  prev: number
  incidents?: Changes<IncidentRow>
  units?: Changes<UnitRow>
  calls?: Changes<CallRow>
  clock?: string
}
export type PositionsEvent = {
  at: string
  items: { unit: string; lon: number; lat: number; at: string; age_s?: number; heading?: number; speed_kmh?: number; state: string }[]
}
