import { expect, test, vi } from 'vitest'
import { patience } from './patience'

// Keeps the thread, as a map does that is drawn without a graphics card.
function standStill(ms: number): void {
  const end = performance.now() + ms
  while (performance.now() < end);
}

test('an answer that came while the page stood still is heard before patience ends', async () => {
  await new Promise((go) => setImmediate(go)) // From here on due timers come before the next immediate.
  const { signal, end } = patience(40)
  const answer = new Promise<string>((done, fail) => {
    signal.addEventListener('abort', () => fail(signal.reason as Error))
    setImmediate(() => done('201')) // Behind the timers that are due by then.
  })
  standStill(200)
  await expect(answer).resolves.toBe('201')
  end()
})

test('silence ends, and an answered question is forgotten', () => {
  vi.useFakeTimers()
  try {
    const silent = patience(8000)
    const answered = patience(8000)
    vi.advanceTimersByTime(7999)
    expect(silent.signal.aborted).toBe(false)
    answered.end()
    vi.advanceTimersByTime(1)
    expect(silent.signal.reason).toMatchObject({ name: 'TimeoutError' })
    vi.advanceTimersByTime(60_000)
    expect(answered.signal.aborted).toBe(false)
  } finally {
    vi.useRealTimers()
  }
})
