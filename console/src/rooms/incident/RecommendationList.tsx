import { useState } from 'react'
import type { AdviceAnswer, Need } from '../../api/advice'
import { useBoard } from '../../api/hooks'
import { useText } from '../../i18n/i18n'
import type { Step } from '../../api/types'
import { notify, pick } from '../../lib/focus'
import { duration } from '../../lib/time'
import { Windowed } from '../../ui/Windowed'
import { AdviceAside } from './AdviceAside'
import { arrange } from './arrange'
import { CandidateRow, useChipWord } from './CandidateRow'
import type { useIncidentPanel } from './use-incident-panel'
import { useSlotWord } from './use-slot-word'
import { chipsOf, otherReasons } from './why'

type Props = { panel: ReturnType<typeof useIncidentPanel>; failed: boolean }

/** As many as have a digit. */
const firstItems = 9
/** Fewer once somebody was sent: then the timeline matters more. */
const firstItemsLater = 4

/** Who should go as a set, need by need, and why; who else could; who was left out and why not. Digits and the space bar pick. */
export function RecommendationList({ panel, failed }: Props) {
  const { t, reason } = useText()
  const { units } = useBoard()
  const slot = useSlotWord()
  const [all, setAll] = useState(false)
  const { row, rec, byHand, selected } = panel
  const data = rec.data
  if (!row) return null
  const groups = arrange(data)
  const ordered = groups.flatMap((g) => g.items)
  const first = row.assignments?.length ? firstItemsLater : firstItems
  const shown = new Set(all ? ordered : ordered.filter((i, n) => n < first || (byHand.get(i.unit) ?? i.pick)))
  const digitOf = new Map(ordered.slice(0, 9).map((i, n) => [i, n + 1]))
  const listed = new Set(ordered.map((i) => i.unit))
  const added = selected.filter((u) => !listed.has(u))
  return (
    <section aria-label={t('rec.title')} aria-busy={rec.isFetching}>
      <Head data={data} number={row.number} raise={row.next?.find((s) => s.verb === 'raise_wave')} onRaise={() => void panel.raise()} />
      {!data && <p className="hint">{t(failed ? 'rec.failed' : 'rec.loading')}</p>}
      {data && ordered.length === 0 && <p className="hint">{t('rec.none')}</p>}
      <ul className="rec-list">
        {(data?.shortfalls ?? []).map((s) => (
          <li key={s.what} className="rec short"><span aria-hidden="true">!</span><span className="reasons wide">{t('rec.shortfall', { what: slot(s.what), count: s.count })} {reason(s.remedy)}</span></li>
        ))}
        {(data?.degraded ?? []).map((code) => <li key={code} className="rec short"><span aria-hidden="true">!</span><span className="reasons wide">{reason({ code })}</span></li>)}
      </ul>
      {groups.map((g, n) => (
        <div key={g.need ? `${g.need.what}${n}` : '-'} role="group" aria-label={g.need ? slot(g.need.what) : t('rec.others')}>
          {g.need ? <NeedLine need={g.need} cards={data?.cards} /> : groups.length > 1 && g.items.some((i) => shown.has(i)) && <p className="need">{t('rec.others')}</p>}
          <Windowed items={g.items.filter((i) => shown.has(i))} keyOf={(i) => i.unit} rowPx={52} className="rec-list">
            {(i) => <li><CandidateRow incident={row.id} item={i} on={byHand.get(i.unit) ?? i.pick} digit={digitOf.get(i)} /></li>}
          </Windowed>
        </div>
      ))}
      <Windowed items={added} keyOf={(u) => u} rowPx={28} className="rec-list">
        {(u) => (
          <li>
            <label className="rec on">
              <input type="checkbox" checked aria-label={`${units.get(u)?.call_sign ?? u} ${t('rec.added')}`} onChange={() => pick(row.id, u, false)} />
              <b>{units.get(u)?.call_sign ?? u}</b>
              <span className="reasons">{t('rec.added')}</span>
            </label>
          </li>
        )}
      </Windowed>
      {shown.size < ordered.length && <button type="button" className="btn plain small" onClick={() => setAll(true)}>{t('app.more')} {ordered.length - shown.size}</button>}
      <LeftOut data={data} />
      {data && <AdviceAside data={data} />}
    </section>
  )
}

/** What is recommended by which plans, at which alarm. */
function Head({ data, number, raise, onRaise }: { data: AdviceAnswer | undefined; number: number; raise: Step | undefined; onRaise: () => void }) {
  const { t, name, reason } = useText()
  const cards = (data?.cards ?? []).map((c) => name(c.name, c.id))
  const waves = data?.waves ?? 0
  return (
    <h2 className="h">
      <span title={data?.computed_ms === undefined ? undefined : t('rec.computed', { ms: Math.round(data.computed_ms * 10) / 10 })}>{t('rec.title')}</span>
      {cards.length > 0 && <span>{cards.join(' + ')}</span>}
      {waves > 1 && <span>{t('rec.wave', { wave: data?.wave, waves })}</span>}
      {raise && waves > 1 && <button type="button" className="btn small" aria-disabled={!raise.allowed} aria-keyshortcuts="E" title={raise.allowed ? `${t('rec.raise_help')} › ${t('how.raise_wave', { number })}` : reason(raise)} onClick={() => (raise.allowed ? onRaise() : notify(reason(raise), 'bad'))}>{t('verb.raise_wave')} <kbd>E</kbd></button>}
    </h2>
  )
}

/** One need of the plan: how much of it is met, who asks, and whether it stays back. */
function NeedLine({ need: n, cards }: { need: Need; cards: AdviceAnswer['cards'] | undefined }) {
  const { t, name } = useText()
  const slot = useSlotWord()
  const card = n.card ? name(cards?.find((c) => c.id === n.card)?.name, n.card) : ''
  return (
    <p className={n.filled < n.count ? 'need lacking' : 'need'}>
      <b>{t('rec.filled', { label: slot(n.what), filled: n.filled, count: n.count })}</b>
      {n.for && <span>{t('rec.for', { what: slot(n.for) })}</span>}
      {n.or === true && <em className="tag caution">{t('rec.instead')}</em>}
      {n.hold && <em className="tag">{t('rec.chip.hold')}</em>}
      {card && <span>{t('rec.asked_by', { card })}</span>}
    </p>
  )
}

const leftOutShown = 40

function LeftOut({ data }: { data: AdviceAnswer | undefined }) {
  const { t, reason } = useText()
  const chipWord = useChipWord()
  const out = data?.left_out ?? []
  const rest = (data?.rest ?? []).map(reason).join(' · ')
  if (out.length === 0 && rest === '') return null
  return (
    <details className="left-out">
      <summary>{t('rec.left_out')} {out.length}</summary>
      {rest && <p className="hint">{t('rec.rest', { list: rest })}</p>}
      <ul className="rec-list">
        {out.slice(0, leftOutShown).map((o) => {
          const chips = chipsOf(o)
          const why = [...otherReasons(o.reasons).map(reason), ...chips.filter((c) => c.code !== 'redeployable').map(chipWord)].join(' · ')
          return (
            <li key={o.unit} className="rec off" title={why}>
              <span aria-hidden="true">–</span><b>{o.call_sign}</b>
              <span className="reasons">{why}</span>
              <span>{o.eta_s === undefined ? '' : duration(o.eta_s)}</span><span />
            </li>
          )
        })}
      </ul>
    </details>
  )
}
