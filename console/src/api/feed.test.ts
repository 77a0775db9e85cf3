import { expect, test } from 'vitest'
import { createFeed, deadMs, type Source } from './feed'

/** A line to the server that a test speaks on. */
function line() {
  const opened: { url: string; closed: boolean; say: (name: string, data?: string, id?: string) => void }[] = []
  const told: string[] = []
  let waiting: { ms: number; work: () => void }[] = []
  const feed = createFeed({
    source: (url): Source => {
      const on = new Map<string, (e: { data?: string; lastEventId?: string }) => void>()
      const one = { url, closed: false, say: (name: string, data = '', id = '') => on.get(name)?.({ data, lastEventId: id }) }
      opened.push(one)
      return { addEventListener: (name, listen) => void on.set(name, listen), close: () => { one.closed = true } }
    },
    tell: (name, data) => told.push(`${name} ${data}`.trim()),
    later: (ms, work) => void waiting.push({ ms, work }),
  })
  const run = (which: (ms: number) => boolean) => {
    const due = waiting.filter((w) => which(w.ms))
    waiting = waiting.filter((w) => !which(w.ms))
    for (const w of due) w.work()
  }
  return { feed, opened, told, retry: () => run((ms) => ms < deadMs), silence: () => run((ms) => ms === deadMs) }
}

test('many windows open one stream', () => {
  const { feed, opened } = line()
  feed.open(10)
  feed.open(12)
  expect(opened.map((o) => o.url)).toEqual(['/api/v1/stream?after=10'])
})

test('after a break it goes on from the last change that it told', () => {
  const { feed, opened, told, retry } = line()
  feed.open(10)
  opened[0]?.say('rows', 'a', '17')
  opened[0]?.say('error')
  expect(opened[0]?.closed).toBe(true)
  opened[0]?.say('rows', 'late', '18') // What an abandoned line still says counts for nothing.
  retry()
  expect(opened[1]?.url).toBe('/api/v1/stream?after=17')
  expect(told).toEqual(['rows a'])
})

test('a connection that only is silent is given up, and one that speaks is kept', () => {
  const { feed, opened, silence } = line()
  feed.open(10)
  opened[0]?.say('rows', 'a', '17')
  silence()
  expect(opened).toHaveLength(1)
  silence() // Nothing was said in all this time.
  expect(opened.map((o) => [o.url, o.closed])).toEqual([['/api/v1/stream?after=10', true], ['/api/v1/stream?after=17', false]])
  feed.close()
  silence()
  expect(opened).toHaveLength(2)
})

test('what the server cannot go on from waits for fresh lists', () => {
  const { feed, opened, told, retry } = line()
  feed.open(10)
  opened[0]?.say('gone', '{}')
  retry()
  expect(opened).toHaveLength(1)
  expect(told).toEqual(['gone {}'])
  feed.open(40)
  expect(opened[1]?.url).toBe('/api/v1/stream?after=40')
})

test('when the last window has gone nothing is opened again', () => {
  const { feed, opened, retry } = line()
  feed.open(10)
  opened[0]?.say('error')
  feed.close()
  retry()
  expect(opened).toHaveLength(1)
})
