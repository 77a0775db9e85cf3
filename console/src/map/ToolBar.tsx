import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import { useWay, type DrawKind } from '../api/drawings'
import { findPlaces } from '../api/hooks'
import { useText } from '../i18n/i18n'
import { metresText } from '../lib/distance'
import type { Point } from '../lib/focus'
import { composing } from '../lib/keys'
import { duration } from '../lib/time'
import { useDatums } from '../ui/Coordinates'
import { areaOf, areaText, lengthOf } from './measure'
import { closes, drawKind, endTool, least, single, takeBack, tool, turnTool, type Tool } from './tool'

const kinds: readonly DrawKind[] = ['point', 'post', 'route', 'area', 'text']

/** What the tool in hand says and asks: figures, what is drawn, its words, and corners by typing. */
export function ToolBar({ held, number, onSave, onCorner }: { held: Tool; number: number | undefined; onSave: () => void; onCorner: (at: Point) => void }) {
  const { t } = useText()
  const enough = held.corners.length >= least(held)
  return (
    <div className="layer-bar tool-bar" role="group" aria-label={held.name === 'draw' ? t('draw.draw') : t('draw.measure')}>
      {held.name === 'draw' ? <Kinds held={held} number={number} /> : <Measures held={held} />}
      <CornerField onCorner={onCorner} />
      {held.name === 'draw' && !single(held) && <button type="button" className="btn small go" aria-disabled={!enough} onClick={() => enough && onSave()}>{t('draw.save')} ⏎</button>}
      <button type="button" className="btn small" aria-disabled={held.corners.length === 0} onClick={takeBack}>{t('draw.back')}</button>
      <button type="button" className="btn small" onClick={endTool}>{t('draw.end')} Esc</button>
      <span className="soon" role="status">{hint(t, held, enough)}</span>
    </div>
  )
}

/** What to do next. */
function hint(t: ReturnType<typeof useText>['t'], held: Tool, enough: boolean): string {
  if (single(held)) return held.kind === 'text' && held.label.trim() === '' ? t('draw.hint_text') : t('draw.hint_single')
  return held.name === 'draw' && enough ? t('draw.hint_finish', { count: held.corners.length }) : t('draw.hint_corner')
}

function Kinds({ held, number }: { held: Tool; number: number | undefined }) {
  const { t } = useText()
  return (
    <>
      <b>{t('draw.for', { number: number ?? '' })}</b>
      <div className="map-bar" role="group" aria-label={t('draw.what')}>
        {kinds.map((k) => <button key={k} type="button" aria-pressed={held.kind === k} onClick={() => drawKind(k)}>{t(`draw.kind.${k}`)}</button>)}
      </div>
      <input type="text" className="label" aria-label={t('draw.label')} placeholder={t('draw.label')} maxLength={200} value={held.label} onChange={(e) => tool.set((h) => h && { ...h, label: e.target.value })} />
      {held.kind !== 'text' && <input type="text" className="units-field" aria-label={t('draw.units')} placeholder={t('draw.units')} value={held.units} onChange={(e) => tool.set((h) => h && { ...h, units: e.target.value })} />}
    </>
  )
}

function Measures({ held }: { held: Tool }) {
  const { t } = useText()
  const way = held.name === 'way' ? held.corners : []
  const found = useWay(way[0], way[1])
  const answer = found.data?.features[0]?.properties
  return (
    <>
      <div className="map-bar" role="group" aria-label={t('draw.measure')}>
        {(['line', 'area', 'way'] as const).map((n) => <button key={n} type="button" aria-pressed={held.name === n} onClick={() => { if (held.name !== n) turnTool(n) }}>{t(`draw.tool_${n}`)}</button>)}
      </div>
      <output className="figure">
        {held.name === 'line' && held.corners.length > 1 && metresText(lengthOf(held.corners))}
        {closes(held) && held.corners.length > 2 && `${areaText(areaOf(held.corners))} · ${t('draw.around', { length: metresText(lengthOf([...held.corners, ...held.corners.slice(0, 1)])) })}`}
        {answer && way.length === 2 && t(answer.straight ? 'draw.way_straight' : 'draw.way', { time: duration(answer.eta_s), length: metresText(answer.meters) })}
        {found.isError && t('draw.way_failed')}
      </output>
    </>
  )
}

/** A corner by its name: a place or a pair of coordinates, as the search takes them. */
function CornerField({ onCorner }: { onCorner: (at: Point) => void }) {
  const { t } = useText()
  const frame = useDatums().chosen
  const [text, setText] = useState('')
  const [missed, setMissed] = useState('')
  const asked = useRef('')
  useEffect(() => () => { asked.current = '' }, [])
  const take = async () => {
    const q = text.trim()
    if (q === '') return
    asked.current = q
    const found = (await findPlaces(q, frame, undefined))?.items?.find((i) => i.place !== undefined)
    if (asked.current !== q) return // Something else was typed meanwhile, or the tool was put away.
    setMissed(found ? '' : q)
    if (!found?.place) return
    setText('')
    onCorner(found.place)
  }
  const onKeyDown = (e: KeyboardEvent) => {
    if (composing(e) || e.key !== 'Enter' || text.trim() === '') return
    e.preventDefault()
    e.stopPropagation()
    void take()
  }
  return (
    <>
      <input type="text" className="corner-field" aria-label={t('draw.corner')} placeholder={t('draw.corner')} value={text} onChange={(e) => { setText(e.target.value); setMissed('') }} onKeyDown={onKeyDown} />
      {missed !== '' && <span className="soon" role="status">{t('draw.corner_missed', { text: missed })}</span>}
    </>
  )
}

