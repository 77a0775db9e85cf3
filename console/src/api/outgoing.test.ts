import { afterEach, expect, test, vi } from 'vitest'
import { emptyBoard } from './live'
import { past } from '../lib/past'
import { write } from './client'
import { outgoing, send } from './outgoing'

afterEach(() => {
  past.set(undefined)
  vi.unstubAllGlobals()
})

test('while the past is on the screen nothing new is done, and what waited still goes', async () => {
  const sent: string[] = []
  vi.stubGlobal('fetch', async (path: string) => {
    sent.push(path)
    return new Response('{}', { status: 200, headers: { 'Content-Type': 'application/json' } })
  })
  past.set({ at: 0, board: emptyBoard, placed: false, owed: [], filings: new Map() })
  const told = await send({ path: '/incidents/a/note', body: {}, words: 'note' })
  expect(told).toMatchObject({ state: 'refused', problem: { code: 'past' } })
  expect(outgoing.waiting.get()).toEqual([])
  expect((await write('/incidents/a/note', {})).ok).toBe(false)
  expect(sent).toEqual([])
  expect((await write('/incidents/a/note', {}, { late: true })).ok).toBe(true)
  expect((await send({ path: '/incidents', body: {}, words: 'new' })).state).toBe('stored')
  expect(sent).toEqual(['/api/v1/incidents/a/note', '/api/v1/incidents'])
})

// Whatever else a person does goes through send, which keeps it. Each of these is wrong when it comes late, or keeps itself.
const straight: Readonly<Record<string, string>> = {
  'api/client.ts': 'the road itself',
  'api/dispatching.ts': 'a question: what sending would leave uncovered',
  'api/drafts.ts': 'a form in the making, kept here and sent again by itself',
  'api/hints.ts': 'a question',
  'api/study.ts': 'a question: a study',
  'app/TopBar.tsx': 'the speed of a demonstration, and who sits here',
  'rooms/command/use-command.ts': 'a question: what a line would do',
  'rooms/demo/use-demo.ts': 'moves a demonstration now',
  'rooms/incident/IncidentHead.tsx': "holds an incident back from a demonstration's dispatcher, now",
  'rooms/pack/entries.ts': 'paper cards, kept here and sent again by themselves',
  'rooms/pack/paper.ts': 'numbers for paper, asked for in good time',
  'rooms/phone/use-phone.ts': 'a telephone line: it is alive now or never',
  'rooms/queue/CallStrip.tsx': 'a telephone line',
}

test('what a person does is kept until it is stored: only what would be wrong late goes straight to the server', () => {
  const files = import.meta.glob<string>('../**/*.{ts,tsx}', { query: '?raw', import: 'default', eager: true })
  const found = Object.entries(files).filter(([name, code]) => !name.includes('.test.') && !name.endsWith('schema.gen.ts') && /(?<![.\w])write(<[^(]*>)?\(/.test(code)).map(([name]) => name.replace('../', '').replace(/^\.\//, 'api/'))
  expect(found.sort()).toEqual(Object.keys(straight).sort())
})
