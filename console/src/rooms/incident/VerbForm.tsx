import { useMemo, useRef, useState, type KeyboardEvent } from 'react'
import { send } from '../../api/outgoing'
import { useBoard, useConfig, useSession } from '../../api/hooks'
import type { IncidentRow, Problem } from '../../api/types'
import { useText } from '../../i18n/i18n'
import { notify, pointing, showOnMap, type Point } from '../../lib/focus'
import { composing } from '../../lib/keys'
import { Coordinates } from '../../ui/Coordinates'
import { near } from './near'
import { AnswerFields } from './AnswerFields'
import { bodyOf, missing, optionsFor, owed, pathOf, verbs, type Field } from './verbs'
import { centreMinute, duration, ms } from '../../lib/time'
import { metresText } from '../../lib/distance'

// What only adds to an incident is right whatever happened meanwhile.
const adds = new Set(['note', 'feedback', 'urge', 'link', 'with', 'answers', 'ask_seat', 'seat_takes', 'seat_done'])

type Props = { row: IncidentRow; verb: string; onDone: () => void }

/** The form behind a button, in the panel itself: nothing is covered. Enter sends it, Esc closes it. */
export function VerbForm({ row, verb, onDone }: Props) {
  const { t, word, problem } = useText()
  const { incidents } = useBoard()
  const me = useSession().data?.actor
  const others = useMemo(() => near(row, incidents.values()), [row, incidents])
  const [changed, setValues] = useState<Record<string, unknown>>(() => starting(verb, row, me))
  // The list shows the nearest one first; what is shown is what Enter takes, also when the list came after the form.
  const [offered, setOffered] = useState(others)
  if (offered.length === 0 && others.length > 0) setOffered(others)
  const asked = verb === 'unlink' ? undefined : verbs[verb]?.fields.find((f) => f.as === 'incident')
  const values: Record<string, unknown> = asked && changed[asked.name] === undefined ? { ...changed, [asked.name]: offered[0]?.row.id } : changed
  const [refused, setRefused] = useState<Problem>()
  const [busy, setBusy] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  const focusAt = Math.max(0, (verbs[verb]?.fields ?? []).findIndex((f) => 'focus' in f))
  const lacking = missing(verb, values)

  const submit = async () => {
    if (lacking || busy) return
    setBusy(true)
    const told = await send({
      path: `/incidents/${row.id}/${pathOf(verb)}`, body: bodyOf(verb, values), words: `#${row.number} ${word('verb.', verb)}`, subject: `incident/${row.id}`,
      ...(verb === 'close' || verb === 'merge' ? { ifSeq: row.seq } : adds.has(verb) ? {} : { seen: row.seq }),
    })
    setBusy(false)
    if (told.state === 'refused') return setRefused(told.problem)
    if (told.state === 'waiting') notify(t('frame.waits', { what: told.item.words }), 'bad')
    else notify(`#${row.number} ${word('did.', verb)}`)
    onDone()
  }
  const onKeyDown = (e: KeyboardEvent) => {
    if (composing(e)) return
    if (e.key === 'Escape') onDone()
    else if (e.key === 'Enter' && !e.shiftKey && !(e.target instanceof HTMLButtonElement)) void submit()
    else return
    e.preventDefault()
    e.stopPropagation()
  }
  return (
    <form ref={form} className="verb-form" aria-label={word('verb.', verb)} onKeyDown={onKeyDown} onSubmit={(e) => { e.preventDefault(); void submit() }}>
      {(verbs[verb]?.fields ?? []).map((f, n) => (
        <FieldInput key={f.name} field={f} verb={verb} row={row} first={n === focusAt} value={values[f.name]} set={(v) => setValues((held) => ({ ...held, [f.name]: v }))} near={offered} />
      ))}
      {refused && <p className="refused" role="alert">{problem(refused)}</p>}
      <div className="btns">
        <button type="submit" className="btn go" autoFocus={verbs[verb]?.fields.length === 0} aria-disabled={Boolean(lacking) || busy} title={lacking ? t(lacking.label) : ''}>
          {word('verb.', verb)} <kbd>⏎</kbd>
        </button>
        <button type="button" className="btn" onClick={onDone}>{t('app.cancel')} <kbd>Esc</kbd></button>
      </div>
    </form>
  )
}

function starting(verb: string, row: IncidentRow, me: string | undefined): Record<string, unknown> {
  if (verb === 'classify') return { type: row.type ?? '', priority: row.priority ?? '', level: row.level ?? '', tags: row.tags ?? [] }
  if (verb === 'feedback') return { kind: !row.feedback?.length ? 'first' : row.returned || row.feedback.every((f) => f.kind !== 'final') ? 'final' : 'supplementary', type: row.type ?? '' }
  if (verb === 'recall') return { units: (row.assignments ?? []).slice(0, 1).map((a) => a.unit) }
  if (verb === 'seat_takes' || verb === 'seat_done') return { seat: owed(row).find((s) => verb === 'seat_done' || s.state === 'asked')?.seat }
  if (verb === 'schedule') return { at: row.scheduled ? centreMinute(ms(row.scheduled)) : '' }
  if (verb === 'unlink') return { to: row.links?.[0]?.id ?? '' }
  if (verb === 'handover' && me !== undefined && me !== row.commander.actor) return { to: me }
  return {}
}

type InputProps = { field: Field; verb: string; row: IncidentRow; first: boolean; value: unknown; set: (v: unknown) => void; near: ReturnType<typeof near> }

function FieldInput({ field, verb, row, first, value, set, near: others }: InputProps) {
  const { t, name, word } = useText()
  const config = useConfig().data
  const id = `f-${verb}-${field.name}`
  const common = { id, autoFocus: first }
  const kinds = ['first', 'supplementary', 'final'].map((k) => ({ id: k, name: word('form.kind.', k) }))
  switch (field.as) {
    case 'text':
    case 'number':
      return <Labelled id={id} label={t(field.label)}><input {...common} type={field.as === 'number' ? 'number' : 'text'} min={0} autoComplete="off" value={String(value ?? '')} onChange={(e) => set(e.target.value)} /></Labelled>
    case 'long':
      return <Labelled id={id} label={t(field.label)}><textarea {...common} rows={3} value={String(value ?? '')} onChange={(e) => set(e.target.value)} /></Labelled>
    case 'choice': {
      const options = field.from === 'report_kinds' ? kinds : optionsFor(field.from, verb, config, row)
      return (
        <Labelled id={id} label={t(field.label)}>
          <select {...common} value={String(value ?? '')} onChange={(e) => set(e.target.value)}>
            <option value="">{t(verb === 'classify' ? 'form.unchanged' : verb === 'close' ? 'form.as_reported' : field.required ? 'form.choose' : 'form.not_given')}</option>
            {options.map((o) => <option key={o.id} value={o.id}>{name(o.name, o.id)}</option>)}
          </select>
        </Labelled>
      )
    }
    case 'many': {
      const held = (value as string[] | undefined) ?? []
      return (
        <fieldset className="many"><legend>{t(field.label)}</legend>
          {optionsFor(field.from, verb, config, row).map((o) => (
            <label key={o.id}><input type="checkbox" checked={held.includes(o.id)} onChange={(e) => set(e.target.checked ? [...held, o.id] : held.filter((h) => h !== o.id))} /> {name(o.name, o.id)}</label>
          ))}
        </fieldset>
      )
    }
    case 'incident': {
      const linked = verb === 'unlink' ? (row.links ?? []).map((l) => ({ id: l.id, words: `#${l.number}` })) : others.map((o) => ({
        id: o.row.id,
        words: [`#${o.row.number}`, name(o.row.type_name, t('queue.no_type')), t('form.near', { distance: o.metres === undefined ? t('queue.no_place') : metresText(o.metres), time: duration(o.seconds) })].join(' · '),
      }))
      return (
        <Labelled id={id} label={t(field.label)} wide>
          <select {...common} value={String(value ?? '')} onChange={(e) => set(e.target.value)}>
            {linked.map((o) => <option key={o.id} value={o.id}>{o.words}</option>)}
          </select>
        </Labelled>
      )
    }
    case 'moment':
      return <Labelled id={id} label={t(field.label)}><input {...common} type="datetime-local" value={String(value ?? '')} onChange={(e) => set(e.target.value)} /></Labelled>
    case 'answers':
      return <AnswerFields row={row} value={(value as Record<string, string> | undefined) ?? {}} set={set} />
    case 'point':
      return <PointField id={id} first={first} value={value as (Point & { address?: string }) | undefined} set={set} />
  }
}

function PointField({ id, first, value, set }: { id: string; first: boolean; value: (Point & { address?: string }) | undefined; set: (v: unknown) => void }) {
  const { t } = useText()
  return (
    <Labelled id={id} label={t('form.address')}>
      <input id={id} autoFocus={first} autoComplete="off" value={value?.address ?? ''} onChange={(e) => set({ ...value, address: e.target.value })} />
      <button type="button" className="btn small" onClick={() => pointing.set(() => (at: Point) => { set({ ...value, ...at }); showOnMap(at) })}>{t('form.point_on_map')}</button>
      {value?.lon !== undefined && <Coordinates at={{ lon: value.lon, lat: value.lat }} />}
    </Labelled>
  )
}

const Labelled = ({ id, label, wide, children }: { id: string; label: string; wide?: boolean; children: React.ReactNode }) => (
  <div className={wide ? 'field wide' : 'field'}><label htmlFor={id}>{label}</label><div>{children}</div></div>
)
