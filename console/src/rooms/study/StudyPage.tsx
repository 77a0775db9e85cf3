import { useEffect, useEffectEvent, useMemo, useState } from 'react'
import type { FeatureCollection } from 'geojson'
import { useStudyDemand, type Located, type Site } from '../../api/study'
import { useConfig } from '../../api/hooks'
import { nameIn, useText } from '../../i18n/i18n'
import { composing, writing } from '../../lib/keys'
import { DemandPart } from './DemandPart'
import { FairPart } from './FairPart'
import { demandFeatures, siteFeatures } from './figures'
import { LoadPart } from './LoadPart'
import { LocatePart } from './LocatePart'
import { StudyMap } from './StudyMap'
import { WhatIfPart } from './WhatIfPart'
import './study.css'

const parts = ['demand', 'locate', 'load', 'whatif', 'fair'] as const
type Part = (typeof parts)[number]

const partOf = (address: string): Part => parts.find((p) => p === new URLSearchParams(address).get('part')) ?? 'demand'
const none: FeatureCollection = { type: 'FeatureCollection', features: [] }

/** What the centre could do with its units and posts, reckoned on callers' own calls. Nothing here changes the running world. */
export function StudyPage({ theme }: { theme: string }) {
  const { t, lang } = useText()
  const [part, setPart] = useState<Part>(() => partOf(location.search))
  const [located, setLocated] = useState<Located>()
  const [moves, setMoves] = useState<FeatureCollection>(none)
  const config = useConfig().data
  const demand = useStudyDemand()
  const cells = useMemo(() => demandFeatures(demand.data?.cells), [demand.data])
  const posts = config?.posts
  const sites = useMemo(() => {
    const today: Site[] = located?.today?.sites ?? (posts ?? []).flatMap((p) => (p.place ? [{ id: p.id, name: p.name, place: p.place }] : []))
    return siteFeatures(part === 'locate' || part === 'whatif' ? today : [], part === 'locate' ? (located?.sites ?? []) : [], (s) => nameIn(lang, s.name, s.id))
  }, [located, posts, part, lang])
  const show = (next: Part) => {
    setPart(next)
    const url = new URL(location.href)
    url.searchParams.set('part', next)
    history.replaceState(null, '', url)
  }
  const onKey = useEffectEvent((e: KeyboardEvent) => {
    const next = e.altKey && !composing(e) && !writing(e.target) ? parts[Number(/^Digit([1-5])$/.exec(e.code)?.[1] ?? 0) - 1] : undefined
    if (!next) return
    e.preventDefault()
    show(next)
  })
  useEffect(() => {
    const listen = (e: KeyboardEvent) => onKey(e)
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [])
  return (
    <>
      <section className="panel study" aria-label={t('study.title')}>
        <div className="tabs" role="tablist" aria-label={t('study.title')}>
          {parts.map((p, n) => <button key={p} id={`tab-${p}`} type="button" role="tab" aria-selected={p === part} aria-controls="study-part" title={`${t(`study.${p}_help`)} Alt ${n + 1}`} onClick={() => show(p)}>{t(`study.${p}`)}</button>)}
          <a className="filter" href="/">{t('study.back')}</a>
        </div>
        <div className="scroll" role="tabpanel" id="study-part" aria-labelledby={`tab-${part}`}>
          <p className="hint">{t(`study.${part}_help`)}</p>
          {part === 'demand' && <DemandPart demand={demand} />}
          {part === 'locate' && <LocatePart onLocated={setLocated} />}
          {part === 'load' && <LoadPart />}
          {part === 'whatif' && <WhatIfPart onMoves={setMoves} />}
          {part === 'fair' && <FairPart />}
          {part !== 'demand' && <Rests demand={demand.data} />}
        </div>
      </section>
      <StudyMap theme={theme} cells={cells} sites={sites} moves={part === 'whatif' ? moves : none} />
    </>
  )
}

/** On which calls every figure here rests. */
function Rests({ demand: d }: { demand: ReturnType<typeof useStudyDemand>['data'] }) {
  const { t, word } = useText()
  if (!d) return null
  return <p className="hint rests">{t('study.rests', { source: word('demand.source.', d.source), calls: d.calls })} {t(d.note === 'officers_unsaid' ? 'demand.officers_unsaid' : 'demand.officers_never', { left: d.officer_left_out })}</p>
}
