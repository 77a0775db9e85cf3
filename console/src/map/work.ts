import type { TheMap } from './MapView'
import { drawGapMs, type GlKind } from './gl'

const name = 'map-work'
const keptMost = 200
let kept = 0

/** Tells the browser's own list of measures how long the map held the main thread, from a moment until now. Old ones are let go. */
export function tellWork(from: number): void {
  if (++kept > keptMost) {
    performance.clearMeasures(name)
    kept = 0
  }
  performance.measure(name, { start: from, end: performance.now() })
}

/** Does work for the map and tells how long it took. */
export function measured<T>(work: () => T): T {
  const from = performance.now()
  try {
    return work()
  } finally {
    tellWork(from)
  }
}

/**
 * Keeps a map from drawing more often than whoever draws it can, and measures each drawing. A map that somebody moves is
 * drawn at once, as often as it can. Gives what ends it.
 */
export function pace(m: TheMap, kind: GlKind): () => void {
  const plain = m.triggerRepaint.bind(m)
  const gap = drawGapMs[kind]
  let begun = 0
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
  const draw = () => {
    waiting = undefined
    if (!asked) requestAnimationFrame(begin)
    asked = true
    plain()
  }
  const done = () => {
    drawn = performance.now()
    if (begun > 0) tellWork(begun)
    begun = 0
    asked = false
  }
  m.triggerRepaint = () => {
    const wait = m.isMoving() ? 0 : drawn + gap - performance.now()
    if (wait > 0) {
      waiting ??= setTimeout(draw, wait)
      return
    }
    clearTimeout(waiting)
    draw()
  }
  m.on('render', done)
  return () => {
    clearTimeout(waiting)
    m.off('render', done)
  }
}
