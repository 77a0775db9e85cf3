import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { closeBrowser, closeSeats, Seat, Shaky } from './driver'

let centre: Shaky

type Call = { id: string; state: string; speaking?: boolean; held?: string; holder?: { seat?: string }; asked?: { seat?: string }; back?: { result: string }; conference?: unknown[]; direction: string }

const call = async (id: string): Promise<Call> => {
  const found = (await centre.ask<{ items: Call[] }>('/calls?state=all')).items.find((c) => c.id === id)
  if (!found) throw new Error(`there is no call ${id}`)
  return found
}

const rings = async (number: string): Promise<string> => (await centre.tell<{ id: string }>('/calls', { number, line: '110-1' })).id

/** A screen at one of the seats of the demonstration; its map is on another. */
const sit = (persona: string): Promise<Seat> => Seat.open(centre, { persona, map: false })

const bar = (seat: Seat) => seat.part('本席通话')
const form = (seat: Seat) => seat.page.getByRole('form', { name: '新警情表' })
const words = (seat: Seat) => seat.page.getByRole('textbox', { name: '报警内容' })

/** Does something, and waits until the server has kept the form that is on the screen. */
async function kept(seat: Seat, what: string): Promise<void> {
  await seat.page.waitForResponse(async (r) => r.url().includes('/api/v1/drafts/') && r.ok() && (r.request().postData() ?? '').includes(what))
}

beforeAll(async () => {
  centre = await Shaky.start()
})

afterEach(closeSeats)
afterAll(async () => {
  await closeBrowser()
  await centre.stop()
})

test('a call is typed, the browser dies, and another browser of the seat goes on', async () => {
  const id = await rings('13900001111')
  const seat = await sit('call-taker')
  await seat.page.getByRole('button', { name: '接听 13900001111' }).waitFor()
  await seat.press('F4')
  await form(seat).waitFor()
  expect(await seat.page.getByRole('textbox', { name: '来电号码' }).inputValue()).toBe('13900001111')
  await seat.sees(bar(seat), '通话中')
  await words(seat).focus()
  const stored = kept(seat, '两人持刀')
  await seat.type('两人持刀')
  await stored
  await seat.dies()

  const again = await sit('call-taker')
  await form(again).waitFor()
  expect(await words(again).inputValue()).toBe('两人持刀')
  expect((await call(id)).holder?.seat).toBe('02')
})

test('another seat asks for the call, is told no, asks again, and takes it with the draft when the grace is over', async () => {
  const id = (await centre.ask<{ items: Call[] }>('/calls')).items.find((c) => c.holder?.seat === '02')?.id ?? ''
  const first = await sit('call-taker')
  const second = await sit('dispatcher')
  await second.page.getByRole('button', { name: '接管 13900001111' }).press('Enter')
  await first.sees(bar(first), /11 席请求接管/)
  await second.sees(bar(second), /等 02 席答复/)
  await first.page.getByRole('button', { name: '保留' }).press('Enter')
  await second.sees(bar(second).or(second.part('警情队列')).last(), /02 席在通话/)
  expect((await call(id)).asked).toBeUndefined()

  await second.page.getByRole('button', { name: '接管 13900001111' }).press('Enter')
  await first.sees(bar(first), /11 席请求接管/)
  await bar(second).getByRole('button', { name: '接管' }).press('Enter') // It appears when the grace is over.
  await form(second).waitFor()
  expect(await words(second).inputValue()).toBe('两人持刀')
  expect((await call(id)).holder?.seat).toBe('11')
  await first.sees(first.part('警情队列'), /11 席在通话/)

  // What the second seat goes on to type is the call's, and is stored with it once.
  await words(second).focus()
  await second.press('End')
  await second.type('，往江边跑')
  await second.press('Enter')
  await second.page.getByText(/已存 #\d+/).first().waitFor()
  expect((await call(id)).state).toBe('attached')
  const left = async () => ((await (await fetch(`${centre.url}/api/v1/drafts`, { headers: { 'X-Demo-Persona': 'dispatcher' } })).json()) as { items: unknown[] }).items.length
  await expect.poll(left).toBe(0)
})

test('hold, three-way and hang up', async () => {
  const seat = await sit('dispatcher')
  const row = bar(seat).getByRole('listitem', { name: '通话 13900001111' })
  const id = (await centre.ask<{ items: Call[] }>('/calls')).items.find((c) => c.speaking)?.id ?? ''
  await row.waitFor()
  await seat.press('Shift+F4')
  await seat.sees(bar(seat), '保持中')
  await seat.press('F4')
  await seat.sees(bar(seat), '通话中')
  await row.getByRole('button', { name: '三方' }).press('Enter')
  await row.getByRole('form', { name: '三方' }).getByRole('button').first().press('Enter')
  await seat.sees(bar(seat), /^三方：/)
  expect((await call(id)).conference?.length).toBe(1)
  await row.getByRole('button', { name: '请其退出' }).press('Enter')
  await row.getByText(/^三方：/).waitFor({ state: 'detached' })
  await row.getByRole('button', { name: '挂断' }).press('Enter')
  await row.waitFor({ state: 'detached' })
  expect((await call(id)).speaking ?? false).toBe(false)
})

test('a caller who gave up is called back', async () => {
  const id = await rings('13900002222')
  await centre.tell(`/calls/${id}/abandon`, {})
  const seat = await sit('dispatcher')
  await bar(seat).getByText(/^待回拨/).press('Enter')
  await bar(seat).getByRole('listitem', { name: '通话 13900002222' }).getByRole('button', { name: '回拨' }).press('Enter')
  await seat.sees(bar(seat), '正在呼叫')
  const made = (await centre.ask<{ items: Call[] }>('/calls')).items.find((c) => c.direction === 'out')
  expect(made).toBeDefined()
  await centre.tell(`/calls/${made?.id ?? ''}/answer`, {}) // The other side picks up.
  await seat.sees(bar(seat), '通话中')
  expect((await call(id)).back?.result).toBe('reached')
  await seat.page.getByText(/^待回拨/).waitFor({ state: 'detached' })
  expect(seat.mishaps).toEqual([])
})
