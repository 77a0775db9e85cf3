import type { components } from './schema.gen'

/**
 * The rows and answers of /api/v1 under the names that the console uses. They are generated from the contract that
 * the server serves, so a field that the server renames does not compile here. Times are RFC 3339 UTC, coordinates
 * WGS 84 degrees.
 */
type Schemas = components['schemas']

export type Names = Readonly<Record<string, string>>
export type Params = Readonly<Record<string, unknown>>
/** A code for the catalogues with what its sentence needs, and the server's own English sentence. */
export type Reason = { code?: string; params?: Params; text?: string }

export type Step = Schemas['Step']
export type Place = Schemas['Place']
export type Session = Schemas['Session']
export type WorldRun = Schemas['WorldState']
export type Surge = Schemas['Surge']
export type Said = Schemas['Said']
export type Demo = Filled<Schemas['Demo']>
export type TypeInfo = Schemas['Type']
// The server writes an empty list as []; its description allows null for any list.
type Filled<T> = { [K in keyof T]: Exclude<T[K], null> }
export type Config = Filled<Schemas['Config']>
export type Assignment = Schemas['AssignmentMark']
export type IncidentRow = Schemas['IncidentRow']
export type UnitRow = Schemas['PlacedUnit']
/** An alarm about the centre itself; it stands until it is cleared, also when somebody has seen it. */
export type AlarmRow = Schemas['AlarmRow']
/** An order (指令) with all its recipients. */
export type OrderRow = Schemas['OrderRow']
export type RecipientMark = Schemas['RecipientMark']
/** What is late, or has a time, and who owes it. */
export type Debt = Schemas['Debt']
export type Owed = Schemas['Owed']
export type Finding = Schemas['Finding']
export type ReportDraft = Schemas['ReportDraft']
export type Filings = Schemas['Filings']
export type CallRow = Schemas['CallRow']
export type FileMark = Schemas['FileMark']
export type FileTaken = Schemas['FileTaken']
export type Stretch = Schemas['Stretch']
export type PackData = Schemas['Pack']
export type TimelineItem = Schemas['Entry']
export type Recommendation = Schemas['Recommendation']
export type SearchItem = Schemas['Found']
export type SearchAnswer = Schemas['SearchAnswer']
export type NearPlace = Schemas['NearPlace']
export type ReverseAnswer = Schemas['ReverseAnswer']
export type Hints = Filled<Schemas['Hints']>
export type SameHint = Schemas['SameHint']
export type HistoryItem = Schemas['HistoryItem']
export type Question = Schemas['Question']
export type Raise = Schemas['Raise']
export type CommandAnswer = Schemas['CommandAnswer']
export type Completion = Schemas['Completion']
export type CommandVerb = Schemas['Verb']

/** Why a request was refused; status 0 when nobody answered. */
export type Problem = {
  status: number
  kind: string
  code?: string
  params?: Params
  title?: string
  detail?: string
  remedy?: string
  field?: string
  errors?: { location?: string; message?: string }[] | null
  /** With code "changed": what happened since the person looked, the newest last. */
  changes?: readonly Schemas['Changed'][] | null
}

// What the stream sends is not described by OpenAPI: rows as in the lists, by what happened to them.
export type Changes<Row> = { upsert?: Row[] | null; remove?: string[] | null }
export type RowsEvent = {
  seq: number
  prev: number
  incidents?: Changes<IncidentRow>
  units?: Changes<UnitRow>
  calls?: Changes<CallRow>
  alarms?: Changes<AlarmRow>
  orders?: Changes<OrderRow>
  clock?: string
}
export type PositionsEvent = { at: string; items: (Schemas['Position'] & { unit: string })[] | null }
