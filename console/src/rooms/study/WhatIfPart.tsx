import type { FeatureCollection, Position } from 'geojson'
import { useEffect, useMemo, useState } from 'react'
import { useBoard, useConfig } from '../../api/hooks'
import { useStartWhatIf, useWhatIf, type Change, type Outcome, type WhatIf } from '../../api/study'
import { useText } from '../../i18n/i18n'
import { pointing, showOnMap } from '../../lib/focus'
import { duration } from '../../lib/time'
import { Failed } from './Failed'
import { verdict } from './figures'
import { Intervals, type Estimate } from './Intervals'

type Draft = { do: Change['do']; unit: string; kind: string; post: string; place: Change['place'] }
const fresh: Draft = { do: 'add', unit: '', kind: '', post: '', place: undefined }

/** Another fleet against that of today: the same calls are played through twice with the live engine. */
export function WhatIfPart({ onMoves }: { onMoves: (f: FeatureCollection) => void }) {
  const { t, name, problem } = useText()
  const config = useConfig().data
  const { units } = useBoard()
  const [changes, setChanges] = useState<Change[]>([])
  const [draft, setDraft] = useState(fresh)
  const [days, setDays] = useState(7)
  const [seed, setSeed] = useState(1)
  const start = useStartWhatIf()
  const id = start.data?.id ?? ''
  const run = useWhatIf(id)
  const able = useMemo(() => [...units.values()].filter((u) => u.dispatchable).sort((a, b) => a.call_sign.localeCompare(b.call_sign, 'en', { numeric: true })), [units])
  const sign = (unit: string | undefined) => units.get(unit ?? '')?.call_sign ?? unit ?? ''
  const postName = (post: string | undefined) => name(config?.posts.find((p) => p.id === post)?.name, post)
  const words = (c: Change) => t(`study.change.${c.do}`, { unit: c.unit ? sign(c.unit) : name(config?.kinds.find((k) => k.id === c.kind)?.name, c.kind), place: c.post ? postName(c.post) : c.place ? t('study.on_map') : '' })
  useEffect(() => () => pointing.set(undefined), []) // Whoever leaves waits for no click any more.
  useEffect(() => {
    const at = (c: Change): Position | undefined => {
      const place = c.place ?? config?.posts.find((p) => p.id === c.post)?.place
      return place && [place.lon, place.lat]
    }
    onMoves({ type: 'FeatureCollection', features: changes.flatMap((c) => {
      const to = at(c)
      const from = units.get(c.unit ?? '')
      const home = from?.home ?? from?.position
      const label = words(c)
      return [
        ...(to && home && c.do === 'move' ? [{ type: 'Feature' as const, geometry: { type: 'LineString' as const, coordinates: [[home.lon, home.lat], to] }, properties: {} }] : []),
        ...(to ? [{ type: 'Feature' as const, geometry: { type: 'Point' as const, coordinates: to }, properties: { label, bearing: 0 } }] : []),
      ]
    }) })
    // oxlint-disable-next-line react/exhaustive-deps -- drawn anew when the changes do, not with each position of a unit
  }, [changes, config, onMoves])

  const lacking = draft.do === 'add' ? draft.kind === '' || (draft.post === '' && !draft.place) : draft.unit === '' || (draft.do === 'move' && draft.post === '' && !draft.place)
  const take = () => {
    if (lacking) return
    const where = draft.do === 'remove' ? {} : draft.place ? { place: draft.place } : { post: draft.post }
    setChanges([...changes, { do: draft.do, ...(draft.do === 'add' ? { kind: draft.kind } : { unit: draft.unit }), ...where }])
    setDraft({ ...fresh, do: draft.do })
  }
  const running = start.isPending || (id !== '' && (run.data?.state === 'running' || (!run.data && !run.isError)))
  return (
    <div className="part">
      <form className="study-form" aria-label={t('study.changes')} onSubmit={(e) => { e.preventDefault(); take() }}>
        <label>{t('study.do')}<select value={draft.do} onChange={(e) => setDraft({ ...fresh, do: e.target.value as Draft['do'] })}>{(['add', 'move', 'remove'] as const).map((d) => <option key={d} value={d}>{t(`study.do.${d}`)}</option>)}</select></label>
        {draft.do === 'add'
          ? <label>{t('study.kind')}<select value={draft.kind} onChange={(e) => setDraft({ ...draft, kind: e.target.value })}><option value="">{t('form.choose')}</option>{(config?.kinds ?? []).map((k) => <option key={k.id} value={k.id}>{name(k.name, k.id)}</option>)}</select></label>
          : <label>{t('study.unit')}<select value={draft.unit} onChange={(e) => setDraft({ ...draft, unit: e.target.value })}><option value="">{t('form.choose')}</option>{able.map((u) => <option key={u.id} value={u.id}>{u.call_sign} {name(u.kind_name, u.kind)}</option>)}</select></label>}
        {draft.do !== 'remove' && (
          <label>{t('study.where')}<select value={draft.place ? '*' : draft.post} onChange={(e) => setDraft({ ...draft, post: e.target.value, place: undefined })}><option value="">{t('form.choose')}</option>{draft.place && <option value="*">{t('study.on_map')}</option>}{(config?.posts ?? []).map((p) => <option key={p.id} value={p.id}>{name(p.name, p.id)}</option>)}</select></label>
        )}
        {draft.do !== 'remove' && <button type="button" className="btn" onClick={() => pointing.set(() => (place: { lon: number; lat: number }) => { setDraft((d) => ({ ...d, place, post: '' })); showOnMap(place) })}>{t('form.point_on_map')}</button>}
        <button type="submit" className="btn" aria-disabled={lacking} title={lacking ? t('study.change_lacking') : ''}>{t('study.take')}</button>
      </form>
      <h2 className="h"><span>{t('study.changes')}</span><span>{changes.length}</span></h2>
      {changes.length === 0 && <p className="hint">{t('study.no_changes')}</p>}
      <ul>{changes.map((c, n) => <li key={n} className="cover-row"><span>{words(c)}</span><button type="button" className="x" aria-label={t('study.drop', { change: words(c) })} onClick={() => setChanges(changes.filter((_, k) => k !== n))}>×</button></li>)}</ul>
      <form className="study-form" onSubmit={(e) => { e.preventDefault(); if (!running && changes.length > 0) start.mutate({ changes, days, seed }) }}>
        <label>{t('study.days')}<input type="number" min={1} max={31} value={days} onChange={(e) => setDays(Number(e.target.value))} /></label>
        <label>{t('study.seed')}<input type="number" min={0} value={seed} onChange={(e) => setSeed(Number(e.target.value))} /></label>
        <button type="submit" className="btn go" aria-disabled={running || changes.length === 0} title={changes.length === 0 ? t('study.no_changes') : ''}>{t(running ? 'study.playing' : 'study.play')}</button>
      </form>
      <Failed cause={start.error ?? run.error} />
      {run.data?.state === 'failed' && <p className="hint late" role="alert">{run.data.code || run.data.detail ? problem({ status: 500, kind: 'internal', ...(run.data.code ? { code: run.data.code } : {}), detail: run.data.detail ?? '' }) : t('study.failed')}</p>}
      {running && <label className="hint progress">{t('study.playing')} <progress max={1} value={run.data?.progress ?? 0} /> {Math.round(100 * (run.data?.progress ?? 0))}%</label>}
      {run.data?.state === 'done' && <Outcomes run={run.data} />}
    </div>
  )
}

function Outcomes({ run }: { run: WhatIf }) {
  const { t } = useText()
  const { before, after } = run
  if (!before || !after) return null
  const estimate = (o: Outcome, which: 'p50' | 'p90', mark: 'before' | 'after'): Estimate => {
    const mid = o[`${which}_s`]
    const [low = mid, high = mid] = o[`${which}_ci`] ?? []
    return { label: t(`study.${which}.${mark}`), low, mid, high, mark, figure: `${duration(mid)} (${duration(low)}–${duration(high)})` }
  }
  const difference = (which: 'p50_s' | 'p90_s'): Estimate[] => {
    const [low, mid, high] = run.difference?.[which] ?? []
    return low === undefined || mid === undefined || high === undefined ? [] : [{ label: t(which === 'p50_s' ? 'study.p50' : 'study.p90'), low, mid, high, mark: 'difference', figure: t('study.apart', { mid: signed(mid), low: signed(low), high: signed(high) }) }]
  }
  const differences = [...difference('p50_s'), ...difference('p90_s')]
  const percent = (v: number | undefined) => (v === undefined ? '—' : `${Math.round(v * 1000) / 10}%`)
  return (
    <section aria-label={t('study.outcome')}>
      <h2 className="h"><span>{t('study.outcome')}</span>{run.times_real !== undefined && <span className="end">{t('study.times_real', { times: Math.round(run.times_real) })}</span>}</h2>
      <Intervals rows={[estimate(before, 'p50', 'before'), estimate(after, 'p50', 'after'), estimate(before, 'p90', 'before'), estimate(after, 'p90', 'after')]} />
      {differences.length > 0 && (
        <>
          <h2 className="h"><span>{t('study.difference')}</span><span className="end">{t('study.difference_help')}</span></h2>
          <Intervals rows={differences} zero />
          {differences.map((d) => <p key={d.label} className={`hint verdict ${verdict(d.low, d.high)}`}>{t(`study.verdict.${verdict(d.low, d.high)}`, { what: d.label, s: Math.abs(Math.round(d.mid)), low: signed(d.low), high: signed(d.high) })}</p>)}
        </>
      )}
      <table className="figures">
        <thead><tr><th>{t('study.figure')}</th><th>{t('study.before')}</th><th>{t('study.after')}</th></tr></thead>
        <tbody>
          <tr><th scope="row">{t('study.calls')}</th><td>{before.calls}</td><td>{after.calls}</td></tr>
          <tr><th scope="row">{t('study.within')}</th><td>{percent(before.within_share)}</td><td>{percent(after.within_share)}</td></tr>
          <tr><th scope="row">{t('study.km')}</th><td>{before.km === undefined ? '—' : Math.round(before.km)}</td><td>{after.km === undefined ? '—' : Math.round(after.km)}</td></tr>
        </tbody>
      </table>
    </section>
  )
}

const signed = (n: number): string => `${n > 0 ? '+' : n < 0 ? '−' : ''}${Math.abs(Math.round(n))}`
