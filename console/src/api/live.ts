import type { AlarmRow, CallRow, Changes, IncidentRow, OrderRow, PositionsEvent, RowsEvent, UnitRow } from './types'

/** What the room sees: the rows as of one change of the journal. Nothing in it is worked out here. */
export type Board = {
  asOf: number
  incidents: ReadonlyMap<string, IncidentRow>
  units: ReadonlyMap<string, UnitRow>
  calls: ReadonlyMap<string, CallRow>
  alarms: ReadonlyMap<string, AlarmRow>
  orders: ReadonlyMap<string, OrderRow>
}

export const emptyBoard: Board = { asOf: 0, incidents: new Map(), units: new Map(), calls: new Map(), alarms: new Map(), orders: new Map() }

type Row = { id: string; seq: number }
type List<R> = { as_of: number; items: R[] | null }

/**
 * A board from its lists. They were read one after another, so the board is as old as the oldest of them; the
 * stream is followed from there and rows that are already newer are kept.
 */
export function fromLists(incidents: List<IncidentRow>, units: List<UnitRow>, calls: List<CallRow>, alarms: List<AlarmRow>, orders: List<OrderRow>): Board {
  return {
    asOf: Math.min(incidents.as_of, units.as_of, calls.as_of, alarms.as_of, orders.as_of),
    incidents: byId(incidents.items),
    units: byId(units.items),
    calls: byId(calls.items),
    alarms: byId(alarms.items),
    orders: byId(orders.items),
  }
}

/**
 * Takes changed rows into the board. Returns 'gap' when a change was missed: the caller must fetch a fresh snapshot
 * rather than show a dispatcher half a truth. An event that begins before the board is no gap: its rows are whole, as of
 * its end.
 */
export function fold(board: Board, e: RowsEvent): Board | 'gap' {
  if (e.seq <= board.asOf) return board // a replay after reconnecting
  if (e.prev > board.asOf) return 'gap'
  return {
    asOf: e.seq,
    incidents: replace(board.incidents, e.incidents, e.seq),
    units: replace(board.units, e.units, e.seq),
    calls: replace(board.calls, e.calls, e.seq),
    alarms: replace(board.alarms, e.alarms, e.seq),
    orders: replace(board.orders, e.orders, e.seq),
  }
}

/** Moves units to their newest positions. A fix for a unit that is not on the board is dropped. */
export function foldPositions(board: Board, e: PositionsEvent): Board {
  const units = new Map(board.units)
  let changed = false
  for (const { unit, ...position } of e.items ?? []) {
    const row = units.get(unit)
    if (!row || (row.position && Date.parse(row.position.at) > Date.parse(position.at))) continue
    units.set(unit, { ...row, position })
    changed = true
  }
  return changed ? { ...board, units } : board
}

function byId<R extends Row>(rows: R[] | null): Map<string, R> {
  return new Map((rows ?? []).map((row) => [row.id, row]))
}

function replace<R extends Row>(rows: ReadonlyMap<string, R>, changes: Changes<R> | undefined, seq: number): ReadonlyMap<string, R> {
  const upsert = changes?.upsert ?? []
  const remove = changes?.remove ?? []
  if (upsert.length === 0 && remove.length === 0) return rows
  const next = new Map(rows)
  for (const id of remove) {
    const held = next.get(id)
    if (held && held.seq <= seq) next.delete(id)
  }
  for (const row of upsert) {
    const held = next.get(row.id)
    if (!held || held.seq <= row.seq) next.set(row.id, row)
  }
  return next
}
