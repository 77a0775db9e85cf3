/**
 * Tells a value on at most once in so many milliseconds. The first goes on at once; of those that come within the time only
 * the newest does, when the time is over. Unlike waiting until the value stands still, it goes on while changes never cease.
 */
export function createPace<T>(everyMs: number, tell: (value: T) => void): { next: (value: T) => void; end: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined
  let waiting: { value: T } | undefined
  const rest = () => {
    timer = setTimeout(() => {
      timer = undefined
      const due = waiting
      waiting = undefined
      if (due) pass(due.value)
    }, everyMs)
  }
  const pass = (value: T) => {
    rest()
    tell(value)
  }
  return {
    next: (value) => {
      if (timer === undefined) pass(value)
      else waiting = { value }
    },
    end: () => {
      clearTimeout(timer)
      timer = undefined
      waiting = undefined
    },
  }
}
