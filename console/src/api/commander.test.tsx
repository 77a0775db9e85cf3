import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { renderToString } from 'react-dom/server'
import { afterEach, expect, test } from 'vitest'
import { past } from '../lib/past'
import { byDebtor, useFilings, useOwed } from './commander'
import { emptyBoard } from './live'
import type { Debt, Filings, IncidentRow, Owed } from './types'

const debt = (what: string): Debt => ({ what, who: { kind: 'room' }, subject: 'incident:i1', due: '2030-05-01T14:00:00Z', late_s: 60 })
const filing = (text: string) => ({ n: 1, kind: 'first', to: 'superior', by: 'p1', at: '2030-05-01T14:00:00Z', seq: 3, text }) as NonNullable<Filings['items']>[number]
const off = { verb: 'follow', allowed: false, code: 'past' }

function Probe() {
  const owed = useOwed(9).data?.items?.map((d) => d.what)
  const filed = useFilings('i1', 9).data
  return <i>{JSON.stringify([owed, filed?.items?.map((f) => f.text), filed?.next])}</i>
}

const drawn = (): unknown => {
  const client = new QueryClient()
  client.setQueryData(['owed', 9], { as_of: 9, clock: '', items: [debt('sign'), debt('alert')] } satisfies Owed)
  client.setQueryData(['filings', 'i1', 9], { as_of: 9, items: [filing('then'), filing('since')], next: [] } satisfies Filings)
  const html = renderToString(<QueryClientProvider client={client}><Probe /></QueryClientProvider>)
  return JSON.parse(html.replaceAll(/<\/?i>/g, '').replaceAll('&quot;', '"'))
}

afterEach(() => past.set(undefined))

test('what is owed and what was filed are of the moment that is shown, and in the past none may be filed', () => {
  expect(drawn()).toEqual([['sign', 'alert'], ['then', 'since'], []])
  const row = { id: 'i1', report: { filed: 1, next: [off] } } as unknown as IncidentRow
  past.set({ at: 0, board: { ...emptyBoard, incidents: new Map([['i1', row]]) }, placed: false, owed: [debt('sign')], filings: new Map([['i1', [filing('then')]]]) })
  expect(drawn()).toEqual([['sign'], ['then'], [off]])
  past.set({ at: 0, board: emptyBoard, placed: false, owed: [], filings: new Map() })
  expect(drawn()).toEqual([[], [], null])
})

test('what a person owes stands with what his seat owes', () => {
  const of = (kind: string, id: string, late_s: number): Debt => ({ ...debt('alert'), who: { kind, id }, late_s })
  const owed = [of('seat', '21', 90), of('unit', '101', 60), of('actor', 'demo-commander', 30), of('actor', 'somebody', 20)]
  const people = [{ id: 'commander', seat: '21' }, { id: 'field' }]
  expect(byDebtor(owed, people).map((g) => [g.who.kind, g.who.id, g.items.length])).toEqual([['seat', '21', 2], ['unit', '101', 1], ['actor', 'somebody', 1]])
  expect(byDebtor(owed).length).toBe(4)
})
