import { useEffect } from 'react'
import { board } from '../api/connection'
import type { Board } from '../api/live'
import { untaken } from './duress'
import { listenForHand, play, type Sound } from '../lib/sounds'

// An alarm that somebody has taken up is his; it is not said again.
const danger = (b: Board): string[] => untaken(b.units).map((u) => u.id)
const ringing = (b: Board): string[] => [...b.calls.values()].filter((c) => c.state === 'ringing').map((c) => c.id)
const urgent = (b: Board): string[] => [...b.incidents.values()].filter((i) => i.priority === 'P1' && i.queue === 'to_dispatch').map((i) => i.id)
const late = (b: Board): string[] => [...b.incidents.values()].filter((i) => i.late === true || i.deadlines?.some((d) => d.passed)).map((i) => i.id)
const alarms = (b: Board): string[] => [...b.alarms.values()].filter((a) => a.state === 'raised').map((a) => a.id)

const heard: readonly [Sound, (b: Board) => string[]][] = [['duress', danger], ['call', ringing], ['p1', urgent], ['alert', alarms], ['late', late]]

/** What is new between two boards and has a sound: the most urgent one of them, for two at once are a noise. */
export function soundFor(before: Board, now: Board): Sound | undefined {
  for (const [sound, of] of heard) {
    const was = new Set(of(before))
    if (of(now).some((id) => !was.has(id))) return sound
  }
  return undefined
}

/** Danger is said again after so many milliseconds, until somebody takes it up: often in its first minute. */
export const againMs = (sinceMs: number): number => (sinceMs < 60_000 ? 3000 : 15_000)

/** Says aloud what happens on the board, in one window of the person only. */
export function useSounds(): void {
  useEffect(() => {
    let stopped = false
    let letGo = () => undefined as void
    let timer: ReturnType<typeof setTimeout> | undefined
    const follow = () => {
      let before = board.get()
      let began = 0
      const again = () => {
        clearTimeout(timer)
        if (danger(board.get()).length === 0) return void (began = 0)
        began ||= performance.now()
        timer = setTimeout(() => { if (danger(board.get()).length > 0) play('duress'); again() }, againMs(performance.now() - began))
      }
      return board.subscribe(() => {
        const now = board.get()
        const sound = before.asOf === 0 ? undefined : soundFor(before, now) // What stands there at the beginning is not new.
        const first = before.asOf === 0 && danger(now).length > 0
        before = now
        if (first) play('duress')
        else if (sound) play(sound)
        if (began === 0) again()
      })
    }
    const lock = navigator.locks as LockManager | undefined
    if (lock) void lock.request('shuniu.loud', () => new Promise<void>((done) => {
      if (stopped) return done()
      const end = follow()
      letGo = () => { end(); done() }
    }))
    else letGo = follow()
    const deaf = listenForHand()
    return () => {
      stopped = true
      clearTimeout(timer)
      letGo()
      deaf()
    }
  }, [])
}
