import type { Config, IncidentRow } from '../../api/types'

/** A field of the small form behind a button. */
export type Field =
  | { name: string; as: 'text' | 'long' | 'number'; label: FieldLabel; required?: boolean }
  | { name: string; as: 'choice'; label: FieldLabel; from: 'types' | 'priorities' | 'levels' | 'results' | 'dispositions' | 'partners' | 'report_kinds'; required?: boolean }
  | { name: string; as: 'many'; label: FieldLabel; from: 'tags' | 'units' | 'calls'; required?: boolean }
  | { name: string; as: 'incident'; label: FieldLabel; required: true }
  | { name: string; as: 'point'; label: FieldLabel }

export type FieldLabel =
  | 'form.type' | 'form.priority' | 'form.level' | 'form.tags' | 'form.reason' | 'form.text' | 'form.address' | 'form.kind'
  | 'form.result' | 'form.officers' | 'form.people_taken' | 'form.disposition' | 'form.partner' | 'form.incident' | 'form.units'
  | 'form.to' | 'form.calls' | 'form.point_on_map'

/** How a button works: its key, the command that does the same, and what it asks for. */
export type Verb = { key: string; command: string; fields: readonly Field[] }

const reason: Field = { name: 'reason', as: 'text', label: 'form.reason', required: true }

/** Every verb of an incident but sending. Which of them may be used now, and why not, only the server knows. */
export const verbs: Readonly<Record<string, Verb>> = {
  classify: { key: 'C', command: '42 P1', fields: [
    { name: 'type', as: 'choice', label: 'form.type', from: 'types' },
    { name: 'priority', as: 'choice', label: 'form.priority', from: 'priorities' },
    { name: 'level', as: 'choice', label: 'form.level', from: 'levels' },
    { name: 'tags', as: 'many', label: 'form.tags', from: 'tags' },
    { name: 'reason', as: 'text', label: 'form.reason' },
  ] },
  note: { key: 'N', command: '42 记 …', fields: [{ name: 'text', as: 'long', label: 'form.text', required: true }] },
  merge: { key: 'M', command: '合并 42 到 43', fields: [{ name: 'into', as: 'incident', label: 'form.incident', required: true }] },
  with: { key: 'W', command: '联动 42 120 …', fields: [
    { name: 'partner', as: 'choice', label: 'form.partner', from: 'partners', required: true },
    { name: 'text', as: 'text', label: 'form.text' },
  ] },
  feedback: { key: 'F', command: '42 反馈 …', fields: [
    { name: 'kind', as: 'choice', label: 'form.kind', from: 'report_kinds', required: true },
    { name: 'result', as: 'choice', label: 'form.result', from: 'results' },
    { name: 'text', as: 'long', label: 'form.text' },
    { name: 'type', as: 'choice', label: 'form.type', from: 'types' },
    { name: 'officers', as: 'number', label: 'form.officers' },
    { name: 'people_taken', as: 'number', label: 'form.people_taken' },
  ] },
  review: { key: 'V', command: '审核 42', fields: [{ name: 'text', as: 'text', label: 'form.text' }] },
  close: { key: 'X', command: '办结 42', fields: [{ name: 'disposition', as: 'choice', label: 'form.disposition', from: 'dispositions' }] },
  recall: { key: 'B', command: '撤回 101', fields: [{ name: 'units', as: 'many', label: 'form.units', from: 'units', required: true }, reason] },
  return: { key: 'R', command: '退回 42 …', fields: [reason] },
  reopen: { key: 'O', command: '重开 42 …', fields: [reason] },
  transfer: { key: 'T', command: '分流 42 12345', fields: [{ name: 'to', as: 'choice', label: 'form.partner', from: 'partners', required: true }, reason] },
  link: { key: 'L', command: '关联 42 43', fields: [{ name: 'to', as: 'incident', label: 'form.incident', required: true }] },
  unlink: { key: 'K', command: '取消关联 42 43', fields: [{ name: 'to', as: 'incident', label: 'form.incident', required: true }] },
  split: { key: 'S', command: '拆分 42', fields: [{ name: 'calls', as: 'many', label: 'form.calls', from: 'calls' }] },
  locate: { key: 'A', command: '42 地点 …', fields: [{ name: 'place', as: 'point', label: 'form.address' }] },
  urge: { key: 'U', command: '催 42', fields: [{ name: 'text', as: 'text', label: 'form.text' }] },
  invalid: { key: 'I', command: '无效 42 …', fields: [reason] },
  handover: { key: 'H', command: '移交 42 …', fields: [{ name: 'to', as: 'text', label: 'form.to', required: true }] },
  follow_up: { key: 'P', command: '追问 42 120', fields: [
    { name: 'partner', as: 'choice', label: 'form.partner', from: 'partners', required: true },
    { name: 'text', as: 'text', label: 'form.text' },
  ] },
}

/** The verbs that stand beside the large button; the others wait behind "more". */
export const upFront: ReadonlySet<string> = new Set(['classify', 'note', 'merge', 'with', 'feedback', 'review', 'close'])

export type Option = { id: string; name: Config['tags'][number]['name'] }

const levels: readonly Option[] = [
  { id: 'I', name: 'Ⅰ' }, { id: 'II', name: 'Ⅱ' }, { id: 'III', name: 'Ⅲ' }, { id: 'IV', name: 'Ⅳ' },
]

/** What a field may be filled with. */
export function optionsFor(from: string, verb: string, config: Config | undefined, row: IncidentRow): readonly Option[] {
  switch (from) {
    case 'types': return config?.types ?? []
    case 'priorities': return config?.priorities ?? []
    case 'levels': return levels
    case 'results': return config?.results ?? []
    case 'dispositions': return config?.dispositions ?? []
    case 'tags': return config?.tags ?? []
    case 'partners': return (config?.partners ?? []).filter((p) => p.mode === 'both' || p.mode === (verb === 'transfer' ? 'transfer' : 'with'))
    case 'units': return (row.assignments ?? []).filter((a) => a.stage !== 'cleared').map((a) => ({ id: a.unit, name: a.call_sign }))
    case 'calls': return (row.calls ?? []).map((c) => ({ id: c.id, name: c.number_masked ?? c.id.slice(-6) }))
    default: return []
  }
}

/** The body of the request: what was filled in, numbers as numbers, empty fields left out. */
export function bodyOf(verb: string, values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const fields = verbs[verb]?.fields ?? []
  const body: Record<string, unknown> = verb === 'review' ? { ok: true } : {}
  for (const field of fields) {
    const value = values[field.name]
    if (value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) continue
    body[field.name] = field.as === 'number' ? Number(value) : value
  }
  return body
}

/** The first field that must be filled and is not. */
export const missing = (verb: string, values: Readonly<Record<string, unknown>>): Field | undefined => {
  const body = bodyOf(verb, values)
  return verbs[verb]?.fields.find((f) => 'required' in f && f.required && body[f.name] === undefined)
}
