import type { Config, IncidentRow, Names } from '../../api/types'
import { momentOf } from '../../lib/time'

/** A field of the small form behind a button. */
export type Field =
  | { name: string; as: 'text' | 'long' | 'number'; label: FieldLabel; required?: boolean; focus?: true }
  | { name: string; as: 'choice'; label: FieldLabel; from: 'types' | 'priorities' | 'levels' | 'results' | 'dispositions' | 'partners' | 'report_kinds' | 'seats' | 'tasks'; required?: boolean }
  | { name: string; as: 'many'; label: FieldLabel; from: 'tags' | 'units'; required?: boolean }
  | { name: string; as: 'incident'; label: FieldLabel; required: true }
  | { name: string; as: 'point'; label: FieldLabel }
  | { name: string; as: 'moment'; label: FieldLabel }
  | { name: 'answers'; as: 'answers'; label: FieldLabel; required: true }

export type FieldLabel =
  | 'form.type' | 'form.priority' | 'form.level' | 'form.tags' | 'form.reason' | 'form.text' | 'form.address' | 'form.kind'
  | 'form.result' | 'form.officers' | 'form.people_taken' | 'form.disposition' | 'form.partner' | 'form.incident' | 'form.units'
  | 'form.to' | 'form.point_on_map' | 'intake.scheduled' | 'intake.which_seat' | 'intake.questions'

/** How a button works: its key, what it asks for, and its address where that is not its name. */
export type Verb = { key: string; fields: readonly Field[]; path?: string }

const reason: Field = { name: 'reason', as: 'text', label: 'form.reason', required: true }

/** Every verb of an incident but sending. Which of them may be used now, and why not, only the server knows. */
export const verbs: Readonly<Record<string, Verb>> = {
  classify: { key: 'C', fields: [
    { name: 'type', as: 'choice', label: 'form.type', from: 'types' },
    { name: 'priority', as: 'choice', label: 'form.priority', from: 'priorities' },
    { name: 'level', as: 'choice', label: 'form.level', from: 'levels' },
    { name: 'tags', as: 'many', label: 'form.tags', from: 'tags' },
    { name: 'reason', as: 'text', label: 'form.reason' },
  ] },
  note: { key: 'N', fields: [{ name: 'text', as: 'long', label: 'form.text', required: true }] },
  merge: { key: 'M', fields: [{ name: 'into', as: 'incident', label: 'form.incident', required: true }] },
  with: { key: 'W', fields: [
    { name: 'partner', as: 'choice', label: 'form.partner', from: 'partners', required: true },
    { name: 'text', as: 'text', label: 'form.text' },
  ] },
  feedback: { key: 'F', fields: [
    { name: 'kind', as: 'choice', label: 'form.kind', from: 'report_kinds', required: true },
    { name: 'result', as: 'choice', label: 'form.result', from: 'results' },
    { name: 'text', as: 'long', label: 'form.text', focus: true },
    { name: 'type', as: 'choice', label: 'form.type', from: 'types' },
    { name: 'officers', as: 'number', label: 'form.officers' },
    { name: 'people_taken', as: 'number', label: 'form.people_taken' },
  ] },
  review: { key: 'V', fields: [{ name: 'text', as: 'text', label: 'form.text' }] },
  close: { key: 'X', fields: [{ name: 'disposition', as: 'choice', label: 'form.disposition', from: 'dispositions' }] },
  recall: { key: 'B', fields: [{ name: 'units', as: 'many', label: 'form.units', from: 'units', required: true }, reason] },
  return: { key: 'R', fields: [reason] },
  reopen: { key: 'O', fields: [reason] },
  transfer: { key: 'T', fields: [{ name: 'to', as: 'choice', label: 'form.partner', from: 'partners', required: true }, reason] },
  link: { key: 'L', fields: [{ name: 'to', as: 'incident', label: 'form.incident', required: true }] },
  unlink: { key: 'K', fields: [{ name: 'to', as: 'incident', label: 'form.incident', required: true }] },
  split: { key: 'S', fields: [] },
  locate: { key: 'A', fields: [{ name: 'place', as: 'point', label: 'form.address' }] },
  urge: { key: 'U', fields: [{ name: 'text', as: 'text', label: 'form.text' }] },
  invalid: { key: 'I', fields: [reason] },
  handover: { key: 'H', fields: [{ name: 'to', as: 'text', label: 'form.to', required: true }] },
  follow_up: { key: 'P', fields: [
    { name: 'partner', as: 'choice', label: 'form.partner', from: 'partners', required: true },
    { name: 'text', as: 'text', label: 'form.text' },
  ] },
  answers: { key: 'Q', fields: [{ name: 'answers', as: 'answers', label: 'intake.questions', required: true }] },
  schedule: { key: 'Y', fields: [{ name: 'at', as: 'moment', label: 'intake.scheduled' }] },
  ask_seat: { key: 'J', path: 'ask-seat', fields: [
    { name: 'seat', as: 'choice', label: 'intake.which_seat', from: 'seats', required: true },
    { name: 'text', as: 'text', label: 'form.text' },
  ] },
  seat_takes: { key: '[', path: 'seat-takes', fields: [{ name: 'seat', as: 'choice', label: 'intake.which_seat', from: 'tasks', required: true }] },
  seat_done: { key: ']', path: 'seat-done', fields: [
    { name: 'seat', as: 'choice', label: 'intake.which_seat', from: 'tasks', required: true },
    { name: 'text', as: 'text', label: 'form.text', focus: true },
  ] },
}

/** The address of a verb, under its incident. */
export const pathOf = (verb: string): string => verbs[verb]?.path ?? verb

/** Whether a verb stands beside the large button: always, or because a seat was asked and owes it. */
export const isUpFront = (verb: string, row: Pick<IncidentRow, 'seats'>): boolean =>
  upFront.has(verb) || (owed(row).length > 0 && (verb === 'seat_done' || (verb === 'seat_takes' && owed(row).some((s) => s.state === 'asked'))))

/** What seats of the room still owe it. */
export const owed = (row: Pick<IncidentRow, 'seats'>) => (row.seats ?? []).filter((s) => s.state !== 'done')

/** The verbs that stand beside the large button; the others wait behind "more". */
export const upFront: ReadonlySet<string> = new Set(['classify', 'note', 'merge', 'with', 'feedback', 'review', 'close'])

export type Option = { id: string; name: Names | string }

const levels: readonly Option[] = [
  { id: 'I', name: 'Ⅰ' }, { id: 'II', name: 'Ⅱ' }, { id: 'III', name: 'Ⅲ' }, { id: 'IV', name: 'Ⅳ' },
]

/** What a field may be filled with. */
export function optionsFor(from: string, verb: string, config: Config | undefined, row: IncidentRow): readonly Option[] {
  switch (from) {
    case 'types': return config?.types ?? []
    case 'priorities': return (config?.priorities ?? []).map((p) => ({ id: p.id, name: { zh: `${p.id} ${p.name['zh'] ?? ''}`, en: `${p.id} ${p.name['en'] ?? ''}` } }))
    case 'levels': return levels
    case 'results': return config?.results ?? []
    case 'dispositions': return config?.results ?? []
    case 'tags': return config?.tags ?? []
    case 'partners': return (config?.partners ?? []).filter((p) => p.mode === 'both' || p.mode === (verb === 'transfer' ? 'transfer' : 'with'))
    case 'seats': return config?.seats ?? []
    case 'tasks': return owed(row).filter((s) => verb === 'seat_done' || s.state === 'asked').map((s) => ({ id: s.seat, name: config?.seats?.find((x) => x.id === s.seat)?.name ?? s.seat }))
    case 'units': return (row.assignments ?? []).filter((a) => a.stage !== 'cleared').map((a) => ({ id: a.unit, name: a.call_sign }))
    default: return []
  }
}

/** The body of the request: what was filled in, numbers as numbers, empty fields left out. */
export function bodyOf(verb: string, values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const fields = verbs[verb]?.fields ?? []
  const body: Record<string, unknown> = {}
  for (const field of fields) {
    const value = values[field.name]
    if (value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) continue
    if (field.as === 'answers') {
      const answers = Object.entries(value as Record<string, string>).filter(([, v]) => v.trim() !== '').map(([question, v]) => ({ question, value: v.trim() }))
      if (answers.length > 0) body[field.name] = answers
    } else body[field.name] = field.as === 'number' ? Number(value) : field.as === 'moment' ? new Date(momentOf(String(value))).toISOString() : value
  }
  return body
}

/** The first field that must be filled and is not. */
export const missing = (verb: string, values: Readonly<Record<string, unknown>>): Field | undefined => {
  const body = bodyOf(verb, values)
  return verbs[verb]?.fields.find((f) => 'required' in f && f.required && body[f.name] === undefined)
}
