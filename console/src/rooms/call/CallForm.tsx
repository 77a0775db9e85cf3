import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import { write } from '../../api/client'
import { takenNow } from '../../api/connection'
import { useBoard, useConfig, useSaid, useSession } from '../../api/hooks'
import { useText } from '../../i18n/i18n'
import { closeCallForm, focus, notify, openIncident } from '../../lib/focus'
import { composing } from '../../lib/keys'
import { useStore } from '../../lib/store'
import { clockTime } from '../../lib/time'
import { uuid7 } from '../../lib/uuid7'
import { bodyOf, emptyDraft, forgetDraft, keepDraft, loadDraft, type Draft } from './draft'
import { Nearby } from './Nearby'
import { save } from './outbox'
import { PlaceField } from './PlaceField'
import { TypeField } from './TypeField'

/** The form of a new call: place, type, what happened, Enter. Everything may be empty. */
export function CallForm() {
  const { t, name, problem } = useText()
  const demo = useSession().data?.world === 'demo'
  const { call } = useStore(focus)
  const config = useConfig().data
  const said = useSaid(demo ? call?.id : undefined).data
  const from = useBoard().calls.get(call?.id ?? '')?.place
  const near = from?.lon !== undefined && from.lat !== undefined ? { lon: from.lon, lat: from.lat } : undefined
  const [draft, setDraft] = useState<Draft>(() => ({ ...loadDraft(), ...(call?.number ? { number: call.number } : {}), ...(call?.name ? { name: call.name } : {}) }))
  const form = useRef<HTMLFormElement>(null)
  const [busy, setBusy] = useState(false)
  useEffect(() => keepDraft(draft), [draft])
  const change = (part: Partial<Draft>) => setDraft((d) => ({ ...d, ...part }))
  const go = (id: string) => form.current?.querySelector<HTMLElement>(`#${id}`)?.focus()

  const submit = async () => {
    if (busy) return
    setBusy(true)
    const type = name(config?.types.find((x) => x.id === draft.type)?.name, draft.typeText)
    const taken = takenNow(demo)
    const lines = [clockTime(taken ?? Date.now()), draft.placeText, `${draft.priority} ${type}`.trim(), draft.narrative, `${draft.name} ${draft.number}`.trim()].filter(Boolean)
    const told = await save(draft.id, bodyOf(draft, call?.id, taken), lines)
    setBusy(false)
    forgetDraft()
    setDraft(emptyDraft())
    if ('lines' in told) return closeCallForm()
    notify(t('call.saved', { number: told.number }))
    closeCallForm()
    openIncident(told.id)
  }
  const attach = async (incident: string, number: number) => {
    if (!call) return
    const told = await write(`/calls/${call.id}/attach`, { incident }, { key: uuid7() })
    if (!told.ok) return notify(problem(told.problem), 'bad')
    if (draft.narrative) await write(`/incidents/${incident}/note`, { text: draft.narrative })
    forgetDraft()
    notify(t('call.attached', { number }))
    closeCallForm()
    openIncident(incident)
  }
  const onKeyDown = (e: KeyboardEvent) => {
    if (composing(e)) return
    if (e.key === 'Escape') closeCallForm()
    else if (e.key === 'Enter' && (e.ctrlKey || e.target instanceof HTMLTextAreaElement) && !e.shiftKey) void submit()
    else if (e.key === 'Enter' && e.target instanceof HTMLInputElement && e.target.type === 'text') void submit()
    else return
    e.preventDefault()
    e.stopPropagation()
  }
  return (
    <section className="panel incident" aria-label={t('call.form')}>
      <form ref={form} className="call-form" aria-label={t('call.form')} onKeyDown={onKeyDown} onSubmit={(e) => { e.preventDefault(); void submit() }}>
        <h1>{t('call.title')}{call && <span className="dim">{t('call.from', { number: call.number ?? '' })}</span>}</h1>
        {said?.simulated && <p className="said"><span className="dim">{t('call.said')}</span> {said.place || said.words ? <q>{[said.place, said.words].filter(Boolean).join('。')}</q> : t('call.says_nothing')}</p>}
        <PlaceField text={draft.placeText} place={draft.place} near={near} change={change} onNext={() => go('call-type')} />
        <Nearby place={draft.place} call={call?.id} onAttach={(id, number) => void attach(id, number)} />
        <TypeField draft={draft} types={config?.types ?? []} change={change} onNext={() => go('call-narrative')} />
        <fieldset className="many priority-field"><legend>{t('form.priority')}</legend>
          {['P1', 'P2', 'P3', 'P4'].map((p) => (
            <label key={p} className={draft.priority === p ? 'on' : ''}>
              <input type="radio" name="priority" value={p} checked={draft.priority === p} onChange={() => change({ priority: p })} /> {p} <small>{name(config?.priorities.find((x) => x.id === p)?.name).replace(p, '').trim()}</small>
            </label>
          ))}
        </fieldset>
        <div className="field"><label htmlFor="call-narrative">{t('call.narrative')}</label>
          <textarea id="call-narrative" rows={4} placeholder={t('call.narrative_help')} value={draft.narrative} onChange={(e) => change({ narrative: e.target.value })} />
        </div>
        <div className="pair">
          <div className="field"><label htmlFor="call-number">{t('call.number')}</label><input id="call-number" inputMode="tel" autoComplete="off" value={draft.number} onChange={(e) => change({ number: e.target.value })} /></div>
          <div className="field"><label htmlFor="call-name">{t('call.name')}</label><input id="call-name" autoComplete="off" value={draft.name} onChange={(e) => change({ name: e.target.value })} /></div>
        </div>
        <fieldset className="many"><legend>{t('form.tags')}</legend>
          {(config?.tags ?? []).map((g) => (
            <label key={g.id}><input type="checkbox" checked={draft.tags.includes(g.id)} onChange={(e) => change({ tags: e.target.checked ? [...draft.tags, g.id] : draft.tags.filter((x) => x !== g.id) })} /> {name(g.name, g.id)}</label>
          ))}
        </fieldset>
        <div className="btns">
          <button type="submit" className="btn go send" aria-disabled={busy}>{t(busy ? 'call.saving' : 'call.save')} <kbd>⏎</kbd></button>
          <button type="button" className="btn" onClick={() => setDraft(emptyDraft())}>{t('call.clear')}</button>
          <button type="button" className="btn" onClick={closeCallForm}>{t('app.close')} <kbd>Esc</kbd></button>
        </div>
        <p className="hint">{t('call.save_empty')}</p>
      </form>
    </section>
  )
}
