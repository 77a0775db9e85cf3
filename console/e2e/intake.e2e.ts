import { afterAll, afterEach, expect, test } from 'vitest'
import { Centre, closeBrowser, closeSeats, Seat } from './driver'

type Row = {
  id: string; number: number; queue: string; received: string; priority?: string; tags?: string[]; urges?: number; scheduled?: string
  answers?: { question: string; value?: string }[]; seats?: { seat: string; state: string }[]; calls: { id: string }[]
}
type CallRow = { id: string; state: string; incident?: string }

let centre: Centre | undefined
afterEach(closeSeats)
afterAll(async () => {
  await centre?.stop()
  await closeBrowser()
})

async function until<T>(what: string, ask: () => Promise<T | undefined | false>): Promise<T> {
  const end = Date.now() + 90_000
  for (;;) {
    const found = await ask()
    if (found) return found
    if (Date.now() > end) throw new Error(`never came: ${what}`)
    await new Promise((next) => setTimeout(next, 150))
  }
}

test('a call, a second one, an urge and a fraud, by the keyboard alone', async () => {
  const hall = (centre = await Centre.start('town', 1))
  const seat = await Seat.open(hall)
  const page = seat.page
  const refused: string[] = []
  page.on('response', (r) => {
    // A draft on its way when its incident is stored comes too late, and is meant to be refused.
    if (r.status() >= 400 && !(r.status() === 409 && r.url().includes('/drafts/'))) refused.push(`${r.status()} ${r.request().method()} ${new URL(r.url()).pathname}`)
  })
  const row = (n: number | string) => hall.ask<Row>(`/incidents/${n}`)
  const form = page.getByRole('form', { name: /^(新警|接警|New)/ }).or(page.getByRole('form')).first()
  const part = (name: string) => page.getByRole('status', { name, exact: true })
  const ring = async (number: string) => {
    const told = await hall.tell<{ id: string }>('/calls', { number })
    await page.getByRole('button', { name: `接听 ${number}` }).press('Enter')
    await form.waitFor()
    await page.getByText(`来电 ${number}`).waitFor()
    return told.id
  }

  // A whole call: place, type by its initials, words, two answers by digits, what they raise, saved.
  const one = await ring('13900000001')
  seat.presses = 1 // It was answered.
  await seat.find(/^地点$/, '汀兰路', /汀兰路/)
  await seat.press('Enter')
  await page.getByText(/^属 /).first().waitFor()
  await seat.find(/^类别$/, 'dj', '殴打他人')
  await seat.press('Enter')
  await seat.type('两个人在饭店门口打起来了，有人拿着菜刀')
  const hints = page.getByRole('status', { name: '听起来像' })
  await seat.sees(hints, /持刀伤人/)
  await seat.sees(hints, /菜刀/)
  await seat.press('Alt+q')
  await seat.press('2') // A knife.
  await seat.sees(page.getByRole('alert'), /P1 涉刀/)
  await seat.picture('intake-questions-zh-dark')
  await seat.press('Alt+r')
  await seat.press('Control+Enter')
  await page.getByRole('region', { name: /^警情 #\d+$/ }).waitFor()
  expect(seat.presses, 'key presses besides the text, with the answer to the telephone').toBeLessThanOrEqual(12)
  const first = await until('the incident of the call', async () => (await hall.ask<{ items: Row[] }>('/incidents')).items.find((i) => i.calls.some((c) => c.id === one)))
  const kept = await row(first.number)
  expect([kept.priority, kept.tags, kept.answers]).toEqual(['P1', ['knife'], [{ question: 'weapon', value: 'knife' }]])

  // A second caller: the same place, other words. The suspicion says why; one key attaches, the tray takes it back.
  const two = await ring('13900000002')
  seat.presses = 1
  await seat.find(/^地点$/, '汀兰路', /汀兰路/)
  await seat.press('Enter')
  await seat.type('打架')
  await seat.sees(part('可能是同一警情'), new RegExp(`#${first.number} `))
  await seat.sees(part('可能是同一警情'), /^\d+%$/) // How likely it is,
  await seat.sees(part('可能是同一警情'), /相距 \d+ 米/) // and why: where,
  await seat.sees(part('可能是同一警情'), /分钟前/) // and when.
  await seat.picture('intake-radar-zh-dark')
  await seat.press('Alt+z')
  expect(seat.presses, 'key presses to attach a second call').toBe(3)
  await until('the call is attached', async () => (await row(first.number)).calls.some((c) => c.id === two))
  await page.getByRole('banner').or(page.locator('header')).getByRole('button', { name: /撤/ }).first().press('Enter')
  await until('it is taken back', async () => !(await row(first.number)).calls.some((c) => c.id === two))
  await page.getByText('来电 13900000002').waitFor()
  expect(await page.getByRole('combobox', { name: '地点' }).inputValue(), 'the form is as it was').toContain('汀兰路')
  await seat.sees(part('可能是同一警情'), new RegExp(`#${first.number} `))
  await page.getByRole('combobox', { name: '类别' }).focus()
  await seat.press('Alt+z')
  await until('attached again', async () => (await row(first.number)).calls.some((c) => c.id === two))

  // The first caller again: he presses. It is said, and one key alerts; his other calls are shown once it is asked for, and that is written down.
  const three = await ring('13900000001')
  await seat.sees(page.getByRole('alert'), new RegExp(`报过 #${first.number}`))
  await seat.press('Alt+y')
  await seat.sees(page.getByRole('list', { name: '90 天来电' }), new RegExp(`#${first.number}`))
  await seat.picture('intake-urge-zh-dark')
  await seat.press('Alt+u')
  await until('the urge is counted', async () => (await row(first.number)).urges === 1)
  expect((await hall.ask<{ items: CallRow[] }>('/calls')).items.find((c) => c.id === three)?.incident ?? first.id).toBe(first.id)

  // Fraud goes first to the seat that stops payments.
  await page.getByRole('combobox', { name: '地点' }).waitFor({ state: 'detached' }) // The form before has gone.
  await seat.press('F2')
  await page.getByRole('combobox', { name: '地点' }).waitFor()
  await seat.type('水厂')
  await page.getByRole('combobox', { name: '类别' }).focus()
  await seat.find(/^类别$/, '刷单', '电信诈骗')
  await seat.press('Enter')
  await seat.sees(page.getByRole('alert'), /先转 .*止付.*再派车/)
  await seat.type('我被骗了，刚转了五万')
  await seat.press('Enter')
  const fraud = await until('the fraud', async () => (await hall.ask<{ items: Row[] }>('/incidents')).items.find((i) => i.seats?.[0]?.seat === '61'))
  expect(fraud.seats?.[0]?.state).toBe('asked')

  // By appointment: outside the queue until its time.
  await page.getByRole('combobox', { name: '地点' }).waitFor({ state: 'detached' }) // The form before has gone.
  await seat.press('F2')
  await page.getByRole('combobox', { name: '地点' }).waitFor()
  await page.getByRole('combobox', { name: '类别' }).focus()
  await seat.find(/^类别$/, '遗失', '遗失物品')
  await seat.press('Enter')
  await page.getByRole('textbox', { name: /^预约处警时间/ }).focus()
  await seat.type('明天 9:30')
  await seat.sees(page.locator('#call-scheduled-as'), /周. 09:30（本中心时间）/)
  await page.getByLabel('报警内容').focus()
  await seat.press('Enter')
  const later = await until('the appointment', async () => (await hall.ask<{ items: Row[] }>('/incidents')).items.find((i) => i.scheduled))
  expect(later.queue).toBe('scheduled')
  expect(new Intl.DateTimeFormat('en-GB', { timeStyle: 'short', timeZone: 'Asia/Shanghai' }).format(Date.parse(later.scheduled ?? ''))).toBe('09:30')
  expect(refused).toEqual([])
  expect(seat.mishaps.filter((m) => !m.includes('409'))).toEqual([])
})
