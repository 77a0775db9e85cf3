import { unanswered, type Answer } from '../../api/client'

type Wiring<T> = {
  /** Asks what a line would do; does nothing. Throws when it was stopped. */
  ask: (line: string, stop: AbortSignal) => Promise<Answer<T>>
  /** Told what came back for the line that was looked at last. */
  tell: (told: Answer<T>) => void
  /** Milliseconds that a line must stand still before it is asked about. */
  settleMs: number
  /** Milliseconds until it is asked about again when nobody answered. */
  againMs: number
}

export type Preview = {
  /** The line changed: whatever was asked before is of no use any more. */
  look: (line: string) => void
  /** Asks and tells nothing more until the next look. */
  stop: () => void
}

/** What a line would do, said while it is typed. It asks until it is answered: nobody types a line again to be told. */
export function createPreview<T>({ ask, tell, settleMs, againMs }: Wiring<T>): Preview {
  let asked = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  const stop = () => {
    clearTimeout(timer)
    asked.abort()
  }
  const later = (line: string, ms: number) => {
    timer = setTimeout(() => void now(line), ms)
  }
  const now = async (line: string) => {
    const mine = new AbortController()
    asked = mine
    let told: Answer<T>
    try {
      told = await ask(line, mine.signal)
    } catch {
      return // Overtaken by the next key press.
    }
    if (mine.signal.aborted) return
    tell(told)
    if (!told.ok && unanswered(told.problem)) later(line, againMs)
  }
  return {
    look: (line) => {
      stop()
      if (line.trim() !== '') later(line, settleMs)
    },
    stop,
  }
}
