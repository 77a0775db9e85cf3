import { useEffect, useState } from 'react'
import { flushSync } from 'react-dom'
import { openIncident } from '../../lib/focus'
import { createWalk } from '../../lib/walk'

/**
 * Steps through the queue by arrows. `cursor` is the row that is marked: the open incident, or the one that a step has come to
 * and that is about to be opened. Before any other key or a click means anything, that one is open.
 */
export function useWalk(incident: string): { cursor: string; step: (id: string, at: number) => void } {
  const [marked, mark] = useState('')
  const [walk] = useState(() => createWalk(openIncident, mark))
  useEffect(() => walk.drop(), [walk, incident])
  useEffect(() => {
    const arrive = (e: Event) => {
      if (walk.marked() === '' || (e instanceof KeyboardEvent && (e.key === 'ArrowDown' || e.key === 'ArrowUp'))) return
      flushSync(walk.arrive) // The keys of the panel belong to what it shows.
    }
    window.addEventListener('keydown', arrive, true)
    window.addEventListener('pointerdown', arrive, true)
    return () => {
      window.removeEventListener('keydown', arrive, true)
      window.removeEventListener('pointerdown', arrive, true)
      walk.drop()
    }
  }, [walk])
  return { cursor: marked === '' ? incident : marked, step: walk.step }
}
