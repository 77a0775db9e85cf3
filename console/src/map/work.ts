import type { TheMap } from './MapView'
import { drawGapMs, keyGapMs, oldestMs, type GlKind } from './gl'

const name = 'map-work'
const keptMost = 200
let kept = 0

/** What the map holds the main thread for: to take in what has changed, or to draw. */
type Part = 'update' | 'draw'

/** Tells the browser's own list of measures how long the map held the main thread, from a moment until now. Old ones are let go. */
export function tellWork(from: number, part: Part): void {
  if (++kept > keptMost) {
    performance.clearMeasures(name)
    kept = 0
  }
  performance.measure(name, { start: from, end: performance.now(), detail: part })
}

/** Takes in what has changed and tells how long it took. */
export function measured<T>(work: () => T): T {
  const from = performance.now()
  try {
    return work()
  } finally {
    tellWork(from, 'update')
  }
}

/**
 * Keeps a map from drawing more often than whoever draws it can, and from drawing while somebody types; measures each
 * drawing. A map that somebody moves is drawn at once, as often as it can. Gives what ends it.
 */
export function pace(m: TheMap, kind: GlKind): () => void {
  const plain = m.triggerRepaint.bind(m)
  const gap = drawGapMs[kind]
  let begun = 0
  let wanted = 0 // Since when something waits to be drawn; 0 for nothing.
  let typed = -Infinity
  let asked = false
  let drawn = -Infinity
  let waiting: ReturnType<typeof setTimeout> | undefined
  // What is asked for first is called first within a frame: the moment is taken just before the map draws.
  const begin = () => {
    begun = performance.now()
    setTimeout(() => { // The frame is over. If nothing was drawn in it, nothing is to be told of it.
      begun = 0
      asked = false
    })
  }
  // Milliseconds until it may be drawn.
  const wait = () => {
    if (m.isMoving()) return 0
    const now = performance.now()
    return Math.max(drawn + gap - now, Math.min(typed + keyGapMs[kind], wanted + oldestMs) - now)
  }
  const draw = () => {
    waiting = undefined
    wanted = 0
    if (!asked) requestAnimationFrame(begin)
    asked = true
    plain()
  }
  const done = () => {
    drawn = performance.now()
    if (begun > 0) tellWork(begun, 'draw')
    begun = 0
    asked = false
  }
  const due = () => {
    const left = wait()
    if (left > 0) waiting = setTimeout(due, left)
    else draw()
  }
  m.triggerRepaint = () => {
    if (wanted === 0) wanted = performance.now()
    if (waiting !== undefined && wait() > 0) return
    clearTimeout(waiting)
    due()
  }
  const onKey = () => { typed = performance.now() }
  const onMouse = () => { typed = -Infinity } // Whoever takes the mouse types no more.
  m.on('render', done)
  if (keyGapMs[kind] > 0) {
    window.addEventListener('keydown', onKey, true)
    window.addEventListener('pointerdown', onMouse, true)
  }
  return () => {
    window.removeEventListener('keydown', onKey, true)
    window.removeEventListener('pointerdown', onMouse, true)
    clearTimeout(waiting)
    m.off('render', done)
  }
}
