import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { renderToString } from 'react-dom/server'
import { afterEach, expect, test } from 'vitest'
import { board } from '../../api/connection'
import { emptyBoard, type Board } from '../../api/live'
import type { CallRow } from '../../api/types'
import { past } from '../../lib/past'
import { CallsNow, CallStrip } from './CallStrip'
import { unentered } from './use-queue'

const rings = (number: string): Board => ({ ...emptyBoard, calls: new Map([[number, { id: number, number, state: 'ringing', arrived: '2030-05-01T14:00:00Z' } as CallRow]]) })
const drawn = (what: React.ReactNode): string => renderToString(<QueryClientProvider client={new QueryClient()}>{what}</QueryClientProvider>)

afterEach(() => {
  past.set(undefined)
  board.set(emptyBoard)
})

test('who rings now can be answered over the past, and says that it is now; who rang then is only shown', () => {
  board.set(rings('222'))
  past.set({ at: Date.parse('2030-05-01T14:00:30Z'), board: rings('111'), placed: false, owed: [], filings: new Map() })
  const [now, then] = [drawn(<CallsNow />), drawn(<CallStrip calls={unentered(past.get()?.board.calls.values() ?? [])} />)]
  expect(now).toContain('222')
  expect(now).toContain('now-mark')
  expect(now).not.toContain('aria-disabled')
  expect(then).toContain('111')
  expect(then).toContain('0:30')
  expect(then).toMatch(/aria-disabled="true" title="[^"]*Esc/)
  past.set(undefined)
  expect(drawn(<CallStrip calls={unentered(board.get().calls.values())} />)).not.toMatch(/aria-disabled|now-mark/)
})
