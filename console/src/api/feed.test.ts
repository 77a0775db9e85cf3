import { expect, test } from 'vitest'
import { createFeed, type Source } from './feed'

/** A line to the server that a test speaks on. */
function line() {
  const opened: { url: string; closed: boolean; say: (name: string, data?: string, id?: string) => void }[] = []
  const told: string[] = []
  const waiting: (() => void)[] = []
  const feed = createFeed({
    source: (url): Source => {
      const on = new Map<string, (e: { data?: string; lastEventId?: string }) => void>()
      const one = { url, closed: false, say: (name: string, data = '', id = '') => on.get(name)?.({ data, lastEventId: id }) }
      opened.push(one)
      return { addEventListener: (name, listen) => void on.set(name, listen), close: () => { one.closed = true } }
    },
    tell: (name, data) => told.push(`${name} ${data}`.trim()),
    later: (_, work) => void waiting.push(work),
  })
  return { feed, opened, told, retry: () => waiting.splice(0).forEach((w) => w()) }
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
