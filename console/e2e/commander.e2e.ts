import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { Centre, closeBrowser, closeSeats, Seat } from './driver'

type Order = { id: string; number: number; state: string; late: boolean; issued: string; oral?: { by: string; said_at: string; speaker?: string }; to: { kind: string; id: string; signed_at?: string; done_at?: string }[] }
type Filings = { items: { kind: string; text: string; late?: boolean }[] }
type Owed = { items: { what: string; who: { kind: string; id?: string }; number?: number }[] }

let centre: Centre
beforeAll(async () => {
  centre = await Centre.start('town', 1)
})
afterEach(closeSeats)
afterAll(async () => {
  await closeBrowser()
  await centre.stop()
})

async function until(what: string, ask: () => Promise<boolean>, seconds = 60): Promise<void> {
  const end = Date.now() + seconds * 1000
  while (!(await ask())) {
    if (Date.now() > end) throw new Error(`not within ${seconds} s: ${what}`)
    await new Promise((next) => setTimeout(next, 250))
  }
}

/** Speaks as another of the people of the demonstration. */
async function as(who: string, path: string, body: unknown): Promise<{ status: number; code?: string; id?: string; number?: number }> {
  const res = await fetch(`${centre.url}/api/v1${path}`, { method: 'POST', headers: { 'Content-Type': 'application/json', 'X-Demo-Persona': who }, body: JSON.stringify(body) })
  return { status: res.status, ...((await res.json()) as object) }
}

describe('the duty commander', () => {
  test('a knife: the alert is seen by the commander only, reported in time, and ordered upon', async () => {
    const made = await as('call-taker', '/incidents', { place: { lon: 118.4018, lat: 31.2001, address: '汀兰步行街12号' }, type: 'knife', priority: 'P1', narrative: '两名男子持刀追逐', source: 'phone' })
    expect(made.status).toBe(201)
    const seat = await Seat.open(centre, { map: false })
    await seat.sees(seat.page.getByRole('banner').or(seat.page.locator('header.top')), /1 条警示待确认/)

    // Nobody else may say that he has seen it.
    expect((await as('dispatcher', `/incidents/${made.id}/acknowledge`, {})).code).toBe('role')
    seat.presses = 0
    await seat.press('F6')
    const panel = seat.part('指挥长')
    await seat.page.getByRole('button', { name: /确认.*号警的警示：涉刀/ }).and(seat.page.locator(':focus')).waitFor()
    await seat.press('Enter')
    expect(seat.presses, 'key presses to acknowledge').toBe(2)
    await seat.sees(panel, /值班指挥长.*已确认/)

    // The first report is drafted from the facts, edited, and filed before its time.
    await as('dispatcher', `/incidents/${made.id}/dispatch`, { units: ['101'] })
    await seat.page.getByRole('tab', { name: /报送/ }).press('Enter')
    const page = seat.part('紧急信息报送')
    const words = page.getByRole('textbox', { name: /报告正文/ })
    await until('the draft tells who was sent', async () => /两名男子持刀追逐[\s\S]*101/.test(await words.inputValue()))
    expect(await words.inputValue()).toMatch(/【首报】关于汀兰步行街12号[\s\S]*涉刀[\s\S]*后续情况续报/)
    await seat.sees(page, /距时限 \d/)
    await seat.sees(seat.part('依据'), /记录 \d+/)
    await words.focus()
    await seat.page.keyboard.press('Control+End')
    await seat.type(' 已控制一人。')
    await seat.picture('commander-report-zh-dark')
    await page.getByRole('button', { name: '报出' }).press('Enter')
    await seat.sees(seat.part('已报'), /第1报 首报/)
    const filed = (await (await fetch(`${centre.url}/api/v1/incidents/${made.id}/reports`)).json()) as Filings
    expect(filed.items[0]).toMatchObject({ kind: 'first' })
    expect(filed.items[0]?.text).toContain('已控制一人')
    expect(filed.items[0]?.late).toBeUndefined()

    // An order in seconds: to a crew, by the half hour.
    await seat.page.getByRole('tab', { name: /指令/ }).press('Enter')
    await seat.page.getByRole('button', { name: '新指令' }).press('Enter')
    await seat.page.getByRole('textbox', { name: '承办单位' }).and(seat.page.locator(':focus')).waitFor()
    await seat.type('101')
    await seat.press('Tab')
    await seat.type('管控步行街北口')
    await seat.press('Enter')
    const orders = async () => (await centre.ask<{ items: Order[] }>('/orders?state=all')).items
    await until('the order stands', async () => (await orders()).length === 1)
    const order = (await orders())[0]
    const row = seat.page.getByRole('listitem', { name: `${order?.number}号指令` })
    await seat.sees(row, /待签收/)
    expect((await as('field', `/orders/${order?.id}/sign`, {})).status).toBe(200)
    await seat.sees(row, /已签收/)
    await as('field', `/orders/${order?.id}/report`, { text: '已管控' })
    await seat.sees(row, /已反馈，待核查/)
    await seat.sees(row, /已管控/)
    await seat.picture('commander-orders-zh-dark')
    await row.getByRole('button', { name: '核查销号' }).press('Enter')
    await until('it is cleared', async () => (await orders())[0]?.state === 'cleared')
    await row.waitFor({ state: 'detached' })
    expect(seat.mishaps.filter((m) => !m.includes('403'))).toEqual([])
  })

  test('an order by word is written down with its true time, and who owes is listed when it is late', async () => {
    const seat = await Seat.open(centre, { map: false })
    await seat.press('F7')
    await seat.page.getByRole('tab', { name: /指令/ }).press('Enter')
    await seat.page.getByRole('button', { name: '补记口头指令' }).press('Enter')
    await seat.page.getByRole('textbox', { name: '承办单位' }).and(seat.page.locator(':focus')).waitFor()
    await seat.type('汀兰派出所')
    await seat.press('Tab')
    await seat.type('疏散广场群众')
    await seat.page.getByRole('textbox', { name: '何时说的' }).fill('20')
    await seat.press('Enter')
    const oral = async () => (await centre.ask<{ items: Order[] }>('/orders?state=all')).items.find((o) => o.oral)
    await until('it is written down', async () => (await oral()) !== undefined)
    const o = await oral()
    expect(o?.oral?.by).toBe('duty_chief')
    const before = (Date.parse(o?.issued ?? '') - Date.parse(o?.oral?.said_at ?? '')) / 60_000
    expect(before, 'minutes between the word and the writing').toBeGreaterThan(19)
    expect(before).toBeLessThan(21)
    expect(o?.to[0]).toMatchObject({ kind: 'org', id: 'st1' })
    await seat.sees(seat.page.getByRole('listitem', { name: `${o?.number}号指令` }), /口头 · 带班局领导/)

    // An order that must be signed in 30 seconds, by a station that says nothing.
    const due = new Date(Date.parse((await centre.ask<{ clock: string }>('/owed')).clock) + 600_000).toISOString()
    const flash = await as('commander', '/orders', { power: 'direct', urgency: 'flash', to: [{ kind: 'org', id: 'st2' }], text: '封控路口', due })
    expect(flash.status).toBe(201)
    await until('it is late', async () => (await centre.ask<Owed>('/owed')).items.some((i) => i.what === 'order_sign' && i.who.id === 'st2'), 60)
    await seat.page.getByRole('tab', { name: /逾期/ }).press('Enter')
    const owes = seat.part('柳堰派出所')
    await seat.sees(owes, /指令未签收/)
    await seat.picture('commander-owed-zh-dark')
    await owes.getByRole('button', { name: /催办 柳堰派出所/ }).press('Enter')
    await seat.sees(seat.page.getByRole('status'), /已催办 柳堰派出所/)
    expect(seat.mishaps).toEqual([])
  })
})
