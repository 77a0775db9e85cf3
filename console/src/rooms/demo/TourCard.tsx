import { useEffect, useEffectEvent, useLayoutEffect, useRef, useState, type RefObject } from 'react'
import { worldRun } from '../../api/connection'
import { useText, type Key } from '../../i18n/i18n'
import { composing } from '../../lib/keys'
import { useStore } from '../../lib/store'
import { duration, ms } from '../../lib/time'
import { overlap, placeCard, type Box } from './place-card'
import { stepOf, targetsOf, type Stage } from './stages'
import { useTour } from './use-tour'

/** What should stay free of the card where that is possible. */
const keepFree = ['.queue', '.incident', '.units', '.command', '.top', '.suggestions', '.unit-card', '.demo-panel', '.paper article', '.map-bar', '.zoom', '.legend']
const lookEveryMs = 150

/** What a stage points at. The card may lie within the map: it is the only place that is free. */
type Target = Box & { open: boolean }

/** The tour of the first minute: a ring around what it speaks of, and a card beside it. It takes the keyboard from nobody. */
export function TourCard() {
  const guide = useTour()
  return guide.on ? <Card guide={guide} /> : null
}

function Card({ guide }: { guide: ReturnType<typeof useTour> }) {
  const { t } = useText()
  const { stage, row, away, end } = guide
  const card = useRef<HTMLDivElement>(null)
  const { rings, at } = usePlaces(away ? undefined : stage, card)
  const words = useWords(guide)
  const button = away ? { words: t('tour.back', { number: row?.number ?? '' }), press: guide.back }
    : stage === 'rings' ? { words: t('queue.answer'), press: () => document.querySelector<HTMLElement>('.call.ringing button')?.click() }
    : stage === 'look' ? { words: t('tour.next'), press: guide.next }
    : stage === 'ended' ? { words: t('tour.again'), press: guide.again }
    : stage === 'done' ? { words: t('tour.finish'), press: end } : undefined
  const ref = useRef<HTMLButtonElement>(null)
  const has = button !== undefined
  useEffect(() => {
    // The keyboard goes to the card's button only while it is nobody's.
    if (has && (document.activeElement === document.body || document.activeElement === null)) ref.current?.focus()
  }, [has, stage, away])
  useEnter(button?.press)
  return (
    <>
      {rings.map((r, n) => <div key={n} className={r.open ? 'tour-ring-open' : 'tour-ring'} style={around(r)} aria-hidden="true">{stage === 'look' && <b>{n + 1}</b>}</div>)}
      <div ref={card} className="tour-card" role="dialog" aria-modal="false" aria-label={t('tour.title')} style={{ left: at.x, top: at.y }}>
        <header>
          <span className="dim">{t('tour.title')} · {t('tour.step', { n: stepOf[stage] })}</span>
          <ol aria-hidden="true">{[1, 2, 3, 4, 5, 6].map((n) => <li key={n} className={n < stepOf[stage] || stage === 'done' ? 'past' : n === stepOf[stage] ? 'now' : ''} />)}</ol>
        </header>
        <div aria-live="polite">
          <h2>{words.title}</h2>
          <p>{words.text}</p>
        </div>
        <div className="btns">
          {button && <button ref={ref} type="button" className="btn go" onClick={button.press}>{button.words} <kbd>⏎</kbd></button>}
          {stage !== 'done' && <button type="button" className="btn plain" onClick={end}>{guide.writing ? t('tour.skip_writing') : <>{t('tour.skip')} <kbd>Esc</kbd></>}</button>}
        </div>
      </div>
    </>
  )
}

/** Enter presses the card's button also when the keyboard is nobody's, and nobody else wanted it. */
function useEnter(press: (() => void) | undefined): void {
  const enter = useEffectEvent((e: KeyboardEvent) => {
    if (!e.defaultPrevented && document.activeElement === document.body) press?.()
  })
  useEffect(() => {
    const listen = (e: KeyboardEvent) => {
      if (e.key === 'Enter' && e.target === document.body && !composing(e)) setTimeout(() => enter(e), 0)
    }
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [])
}

/** The words of a stage, with what is typed and pressed there. */
function useWords({ stage, away, row, example, tookS }: ReturnType<typeof useTour>): { title: string; text: string } {
  const { t } = useText()
  const run = useStore(worldRun)
  const number = row?.number ?? ''
  if (away) return { title: t('tour.away.title', { number }), text: t('tour.away.text', { number }) }
  const units = (row?.assignments ?? []).filter((a) => a.stage !== 'cleared' && !a.recalled).map((a) => a.call_sign).join(' ')
  const text = t(`tour.${stage}.text` as Key, {
    number, units, place: example.place, type: example.type, speed: run?.speed ?? '',
    lived: duration((ms(row?.closed_at) - ms(row?.received)) / 1000), took: tookS === undefined ? '' : duration(tookS),
  })
  return { title: t(`tour.${stage}.title` as Key, { number }), text: run?.paused && stage !== 'done' ? `${text} ${t('tour.paused')}` : text }
}

/** The boxes that a stage points at, and where the card stands; looked at again and again, because the room moves. */
function usePlaces(stage: Stage | undefined, card: RefObject<HTMLDivElement | null>): { rings: readonly Target[]; at: { x: number; y: number } } {
  const [places, setPlaces] = useState<{ rings: readonly Target[]; at: { x: number; y: number } }>({ rings: [], at: { x: -1000, y: 0 } })
  useLayoutEffect(() => {
    const look = () => {
      const box = card.current?.getBoundingClientRect()
      if (!box) return
      const rings = stage === undefined ? [] : targetsOf[stage].map(seen).filter((b) => b !== undefined)
      const about = rings.filter((r) => !r.open)
      const free = [...keepFree.flatMap((s) => [...document.querySelectorAll(s)].map(boxOf)), ...[...document.querySelectorAll('.map')].map(middleOf)]
      const at = placeCard(about, free, { w: box.width, h: box.height }, { w: innerWidth, h: innerHeight })
      setPlaces((before) => (JSON.stringify(before) === JSON.stringify({ rings, at }) ? before : { rings, at }))
    }
    look()
    const timer = setInterval(look, lookEveryMs)
    return () => clearInterval(timer)
  }, [stage, card])
  return places
}

/** The ring lies around a box, and on the screen. */
const around = (r: Box) => {
  const left = Math.max(2, r.x - 4)
  const top = Math.max(2, r.y - 4)
  return { left, top, width: Math.min(innerWidth - 2, r.x + r.w + 4) - left, height: Math.min(innerHeight - 2, r.y + r.h + 4) - top }
}

const boxOf = (e: Element): Box => {
  const r = e.getBoundingClientRect()
  return { x: r.x, y: r.y, w: r.width, h: r.height }
}

const withChoices = (e: Element): Box => {
  const box = boxOf(e)
  const offers = e.closest('.field')?.querySelector('.suggestions')
  if (!offers) return box
  const more = boxOf(offers)
  const x = Math.min(box.x, more.x)
  const y = Math.min(box.y, more.y)
  return { x, y, w: Math.max(box.x + box.w, more.x + more.w) - x, h: Math.max(box.y + box.h, more.y + more.h) - y }
}

/** What the map was moved to: its middle. */
const middleOf = (e: Element): Box => {
  const { x, y, w, h } = boxOf(e)
  return { x: x + w / 4, y: y + h / 4, w: w / 2, h: h / 2 }
}

/** The first of some elements that is on the screen, cut to what its list shows of it. What a field offers belongs to it. */
function seen(selectors: readonly string[]): Target | undefined {
  for (const s of selectors) {
    const e = document.querySelector(s)
    if (!e) continue
    const box = withChoices(e)
    const list = e.parentElement?.closest('.scroll')
    const frame = list ? boxOf(list) : { x: 0, y: 0, w: innerWidth, h: innerHeight }
    if (overlap(box, frame) === 0) continue
    const x = Math.max(box.x, frame.x)
    const y = Math.max(box.y, frame.y)
    return { x, y, w: Math.min(box.x + box.w, frame.x + frame.w) - x, h: Math.min(box.y + box.h, frame.y + frame.h) - y, open: e.matches('.map') }
  }
  return undefined
}
