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
