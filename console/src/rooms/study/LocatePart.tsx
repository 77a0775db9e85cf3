import { useState } from 'react'
import { useCover } from '../../api/cover'
import { models, useLocate, type Located, type LocateAsk, type Model } from '../../api/study'
import { useText } from '../../i18n/i18n'
import { showOnMap, showTogether } from '../../lib/focus'
import { duration } from '../../lib/time'
import { Failed } from './Failed'

/** Where posts would stand best by four models of the field, and how far today's posts are from that. */
export function LocatePart({ onLocated }: { onLocated: (l: Located) => void }) {
  const { t, name } = useText()
  const classes = useCover(true).data?.classes ?? []
  const locate = useLocate()
  const [ask, setAsk] = useState<LocateAsk>({ model: 'mclp', p: 6, radius_s: 300, busy: 0.3, candidates: 'posts' })
  const set = (change: Partial<LocateAsk>) => setAsk((a) => ({ ...a, ...change }))
  const covers = ask.model === 'mclp' || ask.model === 'mexclp'
  const go = () => {
    const { radius_s, busy, ...rest } = ask
    locate.mutate({ ...rest, ...(covers && radius_s ? { radius_s } : {}), ...(ask.model === 'mexclp' && busy !== undefined ? { busy } : {}) }, { onSuccess: (l) => { onLocated(l); showTogether((l.sites ?? []).map((s) => s.place)) } })
  }
  return (
    <div className="part">
      <form className="study-form" onSubmit={(e) => { e.preventDefault(); if (!locate.isPending) go() }}>
        <label>{t('study.model')}<select value={ask.model} onChange={(e) => set({ model: e.target.value as Model })}>{models.map((m) => <option key={m} value={m}>{t(`study.model.${m}`)}</option>)}</select></label>
        <label>{t('study.p')}<input type="number" min={1} max={100} value={ask.p} onChange={(e) => set({ p: Number(e.target.value) })} /></label>
        {covers && <label>{t('study.radius')}<input type="number" min={30} max={3600} step={30} value={ask.radius_s} onChange={(e) => set({ radius_s: Number(e.target.value) })} /></label>}
        {ask.model === 'mexclp' && <label>{t('study.busy')}<input type="number" min={0} max={0.95} step={0.05} value={ask.busy} onChange={(e) => set({ busy: Number(e.target.value) })} /></label>}
        <label>{t('study.candidates')}<select value={ask.candidates} onChange={(e) => set({ candidates: e.target.value === 'posts' ? 'posts' : 'crossings' })}><option value="posts">{t('study.candidates.posts')}</option><option value="crossings">{t('study.candidates.crossings')}</option></select></label>
        {classes.length > 0 && <label>{t('cover.class')}<select value={ask.class ?? ''} onChange={(e) => set({ class: e.target.value })}><option value="">{t('study.any_class')}</option>{classes.map((c) => <option key={c.id} value={c.id}>{name(c.name, c.id)}</option>)}</select></label>}
        <button type="submit" className="btn go" aria-disabled={locate.isPending}>{t(locate.isPending ? 'study.solving' : 'study.solve')}</button>
      </form>
      <p className="hint">{t(`study.model.${ask.model}_help`)}</p>
      <Failed cause={locate.error} />
      {locate.data && !locate.isPending && <Answer answer={locate.data} />}
    </div>
  )
}

function Answer({ answer: a }: { answer: Located }) {
  const { t, name, word } = useText()
  const figure = figureOf(a)
  const proof = a.proven ? t('study.proven') : t('study.gap', { percent: Math.round(a.gap * 1000) / 10 })
  return (
    <section aria-label={t('study.answer')}>
      <table className="figures">
        <caption className="h">{t('study.answer')} · {t('rec.computed', { ms: Math.round(a.computed_ms) })}</caption>
        <thead><tr><th>{t('study.figure')}</th><th>{t('study.proposed')} ({a.sites?.length ?? 0})</th><th>{t('study.today')} ({a.today.sites?.length ?? 0})</th></tr></thead>
        <tbody>
          <tr><th scope="row">{word('study.value.', a.model)}</th><td><b>{figure(a.value)}</b></td><td>{figure(a.today.value)}</td></tr>
          <tr><th scope="row">{t('study.covered')}</th><td>{percent(a.covered)}</td><td>{percent(a.today.covered)}</td></tr>
        </tbody>
      </table>
      <p className={a.proven ? 'hint good' : 'hint soon'}>{a.proven ? '✓ ' : '! '}{proof}</p>
      <h2 className="h"><span>{t('study.sites')}</span><span>{a.sites?.length ?? 0}</span><span className="end">◆ {t('study.proposed')} · □ {t('study.today')}</span></h2>
      <ul>
        {(a.sites ?? []).map((s) => (
          <li key={s.id} className="cover-row"><span aria-hidden="true">◆</span><button type="button" className="link" onClick={() => showOnMap(s.place, 15)}>{name(s.name, s.id)}</button><span className="dim end">{t('study.serves', { calls: Math.round(s.serves * 100) / 100 })}</span></li>
        ))}
      </ul>
    </section>
  )
}

const percent = (share: number): string => `${Math.round(share * 1000) / 10}%`

/** The value in its unit: a share, or seconds. */
const figureOf = (a: Located) => (v: number): string =>
  a.unit === 's' ? duration(Math.round(v)) : percent(v)
