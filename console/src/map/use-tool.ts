import { useEffect, useEffectEvent } from 'react'
import type { DrawOrder } from '../api/drawings'
import { board } from '../api/connection'
import type { Sent } from '../api/queue'
import { language, text } from '../i18n/i18n'
import { notify, type Point } from '../lib/focus'
import { composing, covered, writing } from '../lib/keys'
import { uuid7 } from '../lib/uuid7'
import { aboutIncident, tell } from '../ui/tell'
import type { TheMap } from './MapView'
import { closes, endTool, least, putCorner, single, takeBack, tool, type Tool } from './tool'

const nearPx = 9

/** Units that are named by call sign or id, with spaces or commas between; the words that name nobody. */
export function unitsNamed(words: string): { units: string[]; unknown: string[] } {
  const all = [...board.get().units.values()]
  const units: string[] = []
  const unknown: string[] = []
  for (const w of words.split(/[\s,，、]+/).filter(Boolean)) {
    const found = all.find((u) => u.call_sign.toLowerCase() === w.toLowerCase() || u.id.toLowerCase() === w.toLowerCase())
    if (found) units.push(found.id)
    else unknown.push(w)
  }
  return { units: [...new Set(units)], unknown }
}

/** What is sent for what was put down. */
export function orderOf(t: Tool, id: string, units: readonly string[]): DrawOrder {
  const at = t.corners.map((p) => [p.lon, p.lat])
  const label = t.label.trim()
  const geometry: DrawOrder['geometry'] = single(t) ? { type: 'Point', coordinates: at[0] } : closes(t) ? { type: 'Polygon', coordinates: [[...at, at[0]]] } : { type: 'LineString', coordinates: at }
  return { id, kind: t.kind, geometry, ...(label === '' ? {} : { label }), ...(units.length === 0 ? {} : { units }) }
}

// A drawing has an id of its own and stands beside others: it is right whatever happened meanwhile.
const mark = (incident: string, verb: 'draw' | 'undraw', order: DrawOrder, undo?: () => void): Promise<Sent<unknown>> => {
  const lang = language.get()
  const kind = text(lang, `draw.kind.${order.kind}`)
  const number = board.get().incidents.get(incident)?.number ?? ''
  const drawn = verb === 'draw'
  return tell(
    aboutIncident({ id: incident }, verb, drawn ? order : { id: order.id }, `#${number} ${drawn ? text(lang, 'draw.saved', { kind }) : text(lang, 'draw.taken', { kind })}`),
    text(lang, drawn ? 'draw.saved' : 'draw.taken', { kind }), undo,
  )
}

/** Draws something, with a way back in the tray. What was refused stays in hand. */
export async function saveDrawing(incident: string, t: Tool): Promise<boolean> {
  const { units, unknown } = unitsNamed(t.units)
  if (unknown.length > 0) {
    notify(text(language.get(), 'draw.no_units', { units: unknown.join(' ') }), 'bad')
    return false
  }
  const order = orderOf(t, uuid7(), units)
  return (await mark(incident, 'draw', order, () => void takeAway(incident, order))).state !== 'refused'
}

/** Takes a drawing away, with a way back in the tray: it is drawn again as it was. */
export async function takeAway(incident: string, order: DrawOrder): Promise<void> {
  await mark(incident, 'undraw', order, () => void mark(incident, 'draw', order))
}

/** Whether Enter there means that the drawing is complete: on the map, in the bar's fields, or nowhere in particular; not on a button, and not on a place that is still to be looked up. */
function finishes(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return true
  if (target.closest('.map-box')) return true
  if (target instanceof HTMLInputElement && target.closest('.tool-bar')) return !(target.classList.contains('corner-field') && target.value.trim() !== '')
  return !writing(target) && !(target instanceof HTMLButtonElement) && target.closest('[role=listbox], [role=option]') === null
}

/** What hands do with the tool: a click puts a corner down, one on the last corner ends it; Space, Enter, Backspace and Esc do it by keys. */
export function useTool(map: TheMap | undefined, held: Tool | undefined, incident: string) {
  const save = async () => {
    const t = tool.get()
    if (!t || t.name !== 'draw' || t.corners.length < least(t)) return
    tool.set({ ...t, corners: [] }) // The next one can be begun at once.
    if (await saveDrawing(incident, t)) {
      tool.set((now) => now && (now.label === t.label ? { ...now, label: '', units: '' } : now))
    } else tool.set((now) => now && (now.corners.length === 0 ? { ...now, corners: t.corners } : now))
  }
  const put = (at: Point) => {
    const t = tool.get()
    if (!t) return
    const last = t.corners.at(-1)
    if (last && map && !single(t) && t.name !== 'way') {
      const [a, b] = [map.project([last.lon, last.lat]), map.project([at.lon, at.lat])]
      if (Math.hypot(a.x - b.x, a.y - b.y) < nearPx) {
        if (t.name === 'draw') void save()
        return
      }
    }
    if (t.name === 'draw' && t.kind === 'text' && t.label.trim() === '') {
      document.querySelector<HTMLElement>('.tool-bar .label')?.focus() // Its words first.
      putCorner(at)
      return
    }
    putCorner(at)
    if (single(t)) void save()
  }
  const onKey = useEffectEvent((e: KeyboardEvent) => {
    if (composing(e) || covered()) return
    const onMap = e.target instanceof Element && e.target.closest('.map-box') !== null
    if (e.key === 'Escape') endTool()
    else if (onMap && e.key === ' ' && map) {
      const c = map.getCenter()
      put({ lon: c.lng, lat: c.lat })
    } else if (onMap && e.key === 'Backspace') takeBack()
    else if (e.key === 'Enter' && !e.ctrlKey && finishes(e.target)) void save()
    else return
    e.preventDefault()
    e.stopPropagation()
  })
  useEffect(() => {
    if (!held) return
    const listen = (e: KeyboardEvent) => onKey(e)
    window.addEventListener('keydown', listen, true)
    return () => window.removeEventListener('keydown', listen, true)
  }, [held !== undefined]) // oxlint-disable-line react/exhaustive-deps -- what is put down is no new tool
  return { put, save: () => void save() }
}
