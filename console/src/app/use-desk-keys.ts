import { useEffect, useEffectEvent } from 'react'
import { openAlerts } from '../lib/commander'
import { arranging, takeLayout } from '../lib/desk'
import { closePanel, focus, openCallForm, queueTab, sheet, turnPanel } from '../lib/focus'
import { composing, covered, pressed, writing } from '../lib/keys'
import { layers, turnLayer } from '../lib/layers'
import { presets } from '../lib/layout'
import { tabs } from '../rooms/queue/use-queue'
import { panels, type Panel } from './panels'

/** Opens a panel by its key, and closes it by the same. */
export function turn(panel: Panel): void {
  if (panel.id === 'call') {
    sheet.set('')
    openCallForm()
  } else if (panel.place === 'over') sheet.set((id) => (id === panel.id ? '' : panel.id))
  else turnPanel(panel.id)
}

/** Esc closes one thing: the panel in hand, else the card of a unit. Whether there was one. */
function closeOne(): boolean {
  const { form, unit } = focus.get()
  if (form !== 'none' && (form === 'call' || unit === '')) closePanel()
  else if (unit !== '') focus.set((f) => ({ ...f, unit: '' }))
  else return false
  return true
}

/** What can have the keyboard, in the order in which it is tried. */
const ableToFocus = '[tabindex="0"], input, select, textarea, button, a[href], canvas'

/** The part that the keyboard was taken to last: what stood there may have gone since, and the keyboard is then nobody's. */
let lastPart: Element | undefined

/** The parts of the screen: the bar, each panel as it is read, what lies over them while it is there, the command line. */
const parts = '.top, .stand, .phone-bar, .unit-card, .duress-watch, .command'

/** Takes the keyboard to the next part of the screen. */
function toPart(step: 1 | -1): void {
  const all = [...document.querySelectorAll<HTMLElement>(parts)].filter((e) => e.checkVisibility())
  const held = all.findIndex((e) => e.contains(document.activeElement))
  const now = held === -1 && document.activeElement === document.body ? all.findIndex((e) => e === lastPart) : held
  const next = all[now === -1 && step === -1 ? all.length - 1 : (now + step + all.length) % all.length]
  if (!next) return
  lastPart = next
  // A button that is off or out of sight does not take it: then the one after it, and in a part without any the part itself.
  for (const e of next.querySelectorAll<HTMLElement>(ableToFocus)) {
    e.focus()
    if (document.activeElement === e) return
  }
  next.tabIndex = -1
  next.focus()
}

/** The step of a key that walks from part to part. It is heard before all others: lists and fields have arrows of their own. */
const walk = (e: KeyboardEvent): 1 | -1 | undefined => (!e.altKey || !e.shiftKey || e.ctrlKey || e.metaKey ? undefined : e.key === 'ArrowDown' ? 1 : e.key === 'ArrowUp' ? -1 : undefined)

function onDeskKey(e: KeyboardEvent, toCommand: () => void): boolean {
  const tab = e.altKey && !e.shiftKey && /^[1-9]$/.test(e.key) ? tabs[Number(e.key) - 1] : undefined
  if (e.key === 'Escape' && covered()) return false // The sheet closes itself.
  const preset = presets.find((_, n) => pressed(e, `Alt+Shift+${n + 1}`))
  const panel = panels.find((p) => p.key !== undefined && pressed(e, p.key))
  if (panel) turn(panel)
  else if (pressed(e, 'F6')) openAlerts()
  else if (e.key === 'F8') {
    if (sheet.get() !== 'past') sheet.set('') // Whoever looks back may look up more by a line.
    toCommand()
  } else if (tab) queueTab.set(tab)
  else if (preset) takeLayout(preset)
  else if (pressed(e, 'Alt+Shift+0')) arranging.set((on) => !on)
  else if (pressed(e, 'Alt+8')) turnLayer('rings', !layers.get().shown.has('rings'))
  else if (pressed(e, 'Alt+7')) turnLayer('cover', !layers.get().shown.has('cover'))
  else if (pressed(e, 'Alt+6')) location.assign('/study')
  else if (writing(e.target) || e.ctrlKey || e.altKey || e.metaKey) return false
  else if (e.key === '/' || e.key === '、') toCommand()
  else return e.key === 'Escape' && closeOne()
  return true
}

/** The keys of the desk. Each panel's own key stands in the list of panels. */
export function useDeskKeys(toCommand: () => void): void {
  const onKey = useEffectEvent((e: KeyboardEvent) => {
    if (!composing(e) && onDeskKey(e, toCommand)) e.preventDefault()
  })
  useEffect(() => {
    const listen = (e: KeyboardEvent) => onKey(e)
    const go = (e: KeyboardEvent) => {
      const step = walk(e)
      if (!step || composing(e) || document.querySelector('dialog[open]')) return
      e.preventDefault()
      e.stopPropagation()
      toPart(step)
    }
    // A button that was clicked with the mouse gives the keyboard back: Enter then means the incident, not the button.
    const letGo = (e: MouseEvent) => {
      const held = document.activeElement
      if (e.detail > 0 && held instanceof HTMLButtonElement && !held.closest('dialog')) held.blur()
    }
    window.addEventListener('keydown', go, true)
    window.addEventListener('keydown', listen)
    window.addEventListener('click', letGo)
    return () => {
      window.removeEventListener('keydown', go, true)
      window.removeEventListener('keydown', listen)
      window.removeEventListener('click', letGo)
    }
  }, [])
}
