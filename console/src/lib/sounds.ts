import { createStore } from './store'

/** What the desk says aloud. Each has a twin on the screen: nobody must hear to know. */
export const kinds = ['call', 'p1', 'alert', 'duress', 'late'] as const
export type Sound = (typeof kinds)[number]

/** One tone: hertz (to another one, when it slides), when it begins and how long it lasts in seconds, loudness 0 to 1. */
export type Tone = { hz: number; to?: number; at: number; s: number; loud: number; wave: OscillatorType }

const row = (hz: readonly number[], every: number, s: number, loud: number, wave: OscillatorType): Tone[] => hz.map((h, n) => ({ hz: h, at: n * every, s, loud, wave }))

/** The tones of each sound. No two begin alike, and none is louder than an officer in danger. */
export const scores: Readonly<Record<Sound, readonly Tone[]>> = {
  call: row([880, 660, 880, 660], 0.16, 0.14, 0.5, 'sine'),
  p1: row([1047, 1047, 1047], 0.14, 0.09, 0.6, 'triangle'),
  alert: row([740, 988], 0.22, 0.2, 0.6, 'triangle'),
  duress: [0, 0.45, 0.9].map((at) => ({ hz: 600, to: 1500, at, s: 0.4, loud: 1, wave: 'sawtooth' as const })),
  late: row([330], 0, 0.35, 0.4, 'sine'),
}

export type Settings = {
  /** Everything but danger is silent. It stands in the bar as long as it is so. */
  muted: boolean
  off: ReadonlySet<Sound>
  /** Loudness of each, 0 to 1. */
  volume: Readonly<Record<Sound, number>>
}

const key = 'shuniu.sounds'
const usual: Settings = { muted: false, off: new Set(), volume: { call: 0.7, p1: 0.8, alert: 0.8, duress: 1, late: 0.6 } }
/** Danger is never softer than this, 0 to 1. */
export const duressLeast = 0.5

/** The settings that a seat remembers; the usual ones for whatever makes no sense. */
export function settingsFrom(remembered: string | null): Settings {
  try {
    const held = JSON.parse(remembered ?? '') as Partial<Record<keyof Settings, unknown>>
    const volume = (held.volume ?? {}) as Partial<Record<Sound, unknown>>
    const level = (k: Sound) => (typeof volume[k] === 'number' && volume[k] >= 0 && volume[k] <= 1 ? volume[k] : usual.volume[k])
    return {
      muted: held.muted === true,
      off: new Set(kinds.filter((k) => Array.isArray(held.off) && held.off.includes(k))),
      volume: Object.fromEntries(kinds.map((k) => [k, level(k)])) as Record<Sound, number>,
    }
  } catch {
    return usual
  }
}

/** How this seat wants to hear. */
export const sounds = createStore<Settings>(settingsFrom(typeof localStorage === 'undefined' ? null : localStorage.getItem(key)))

/** Changes the settings and remembers them. */
export function setSounds(part: Partial<Settings>): void {
  sounds.set((s) => ({ ...s, ...part }))
  const s = sounds.get()
  localStorage.setItem(key, JSON.stringify({ muted: s.muted, off: [...s.off], volume: s.volume }))
}

/** How loud a sound is now, 0 to 1. Neither mute nor a switch silences danger. */
export function loudness(s: Settings, sound: Sound): number {
  if (sound === 'duress') return Math.max(duressLeast, s.volume.duress)
  return s.muted || s.off.has(sound) ? 0 : s.volume[sound]
}

/** What was said last, and when (performance.now): the twin on the screen. */
export const heardLast = createStore<{ sound: Sound; at: number; n: number } | undefined>(undefined)
/** Whether the browser lets the page be heard: not before the first key or click on it. */
export const audible = createStore(true)

let context: AudioContext | undefined
let count = 0

/** Says something aloud, and shows that it did. Whoever has turned it off still sees it. */
export function play(sound: Sound): void {
  heardLast.set({ sound, at: performance.now(), n: ++count })
  const loud = loudness(sounds.get(), sound)
  if (loud === 0 || typeof AudioContext === 'undefined') return
  context ??= new AudioContext()
  const c = context
  if (c.state === 'suspended') {
    audible.set(false)
    void c.resume().then(() => audible.set(c.state === 'running'))
    return
  }
  audible.set(true)
  for (const tone of scores[sound]) {
    const from = c.currentTime + tone.at
    const oscillator = new OscillatorNode(c, { type: tone.wave, frequency: tone.hz })
    if (tone.to !== undefined) oscillator.frequency.linearRampToValueAtTime(tone.to, from + tone.s)
    const gain = new GainNode(c, { gain: 0 })
    gain.gain.setValueAtTime(0, from)
    gain.gain.linearRampToValueAtTime(tone.loud * loud * 0.3, from + 0.01) // Full scale hurts in a headset.
    gain.gain.setValueAtTime(tone.loud * loud * 0.3, from + tone.s - 0.02)
    gain.gain.linearRampToValueAtTime(0, from + tone.s)
    oscillator.connect(gain).connect(c.destination)
    oscillator.start(from)
    oscillator.stop(from + tone.s)
  }
}

/** Lets the page be heard after the first key or click, as browsers demand. */
export function listenForHand(): () => void {
  const wake = () => {
    if (typeof AudioContext === 'undefined') return
    context ??= new AudioContext()
    const c = context
    void c.resume().then(() => audible.set(c.state === 'running'))
  }
  for (const what of ['pointerdown', 'keydown'] as const) window.addEventListener(what, wake, { once: true })
  return () => {
    for (const what of ['pointerdown', 'keydown'] as const) window.removeEventListener(what, wake)
  }
}
