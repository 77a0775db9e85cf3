import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { closeBrowser, closeSeats, Seat, Shaky } from './driver'

/** The story of an incident: files, the last hour, paper. */

type Row = { id: string; number: number; phase: string; card?: string; happened: string; file_count?: number }
let centre: Shaky

beforeAll(async () => { centre = await Shaky.start() })
afterEach(closeSeats)
afterAll(async () => {
  await closeBrowser()
  await centre.stop()
})

async function until<T>(what: string, ask: () => Promise<T | undefined | false>): Promise<T> {
  for (let n = 0; n < 300; n++) {
    const got = await ask()
    if (got) return got
    await new Promise((next) => setTimeout(next, 100))
  }
  throw new Error(`${what} never came`)
}

const receive = async (narrative: string): Promise<Row> => {
  const told = await centre.tell<{ id: string }>('/incidents', { narrative, type: 'theft', place: { lon: 118.5, lat: 31.5, address: '汀兰路 12 号' } })
  return centre.ask<Row>(`/incidents/${told.id}`)
}

async function opened(row: Row): Promise<Seat> {
  const seat = await Seat.open(centre, { incident: row.id })
  await seat.page.getByRole('region', { name: `警情 #${row.number}` }).waitFor()
  return seat
}

/** Lets files fall into the part of the panel that takes them, as from a folder of the seat. */
const drop = (seat: Seat, name: string, kind: 'picture' | 'page') =>
  seat.part('附件').evaluate(async (part, [called, what]) => {
    const canvas = document.createElement('canvas')
    canvas.width = canvas.height = 40
    canvas.getContext('2d')?.fillRect(3, 3, 20, 20)
    const blob = what === 'picture' ? await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png')) : new Blob(['<html><script>1</script></html>'])
    const data = new DataTransfer()
    data.items.add(new File([blob ?? ''], called ?? ''))
    part.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: data }))
  }, [name, kind])

describe('files of an incident', () => {
  test('a photo is dropped, shown in the panel and in the story, and withdrawn; a page that is called a photo is refused', async () => {
    const row = await receive('卷闸门被撬')
    const seat = await opened(row)
    const files = seat.part('附件')
    await drop(seat, '门口.jpg', 'picture')
    await files.getByRole('link', { name: '看 门口.jpg' }).getByRole('img').waitFor()
    await until('the picture is drawn', () => files.getByRole('img').evaluate((img) => (img as HTMLImageElement).naturalWidth === 40))
    await seat.sees(files, /png ·/) // What it is was found in it; its name lies.
    await seat.sees(seat.story(), /附件 png/)
    await drop(seat, '假的.jpg', 'page')
    await seat.sees(seat.page.locator('.top'), /这种文件不收/)
    expect((await centre.ask<Row>(`/incidents/${row.id}`)).file_count).toBe(1)
    await drop(seat, '又一次.png', 'picture')
    await seat.sees(seat.page.locator('.top'), /已在附件里/)

    await files.getByRole('button', { name: '撤回' }).press('Enter')
    await seat.type('拍错了门')
    await seat.press('Enter')
    await seat.sees(files, /已撤回/)
    await files.getByRole('img').waitFor({ state: 'detached' })
    await seat.sees(seat.story(), /拍错了门/)
    await seat.story().getByRole('button', { name: '附件' }).press('Enter')
    expect(await seat.story().getByRole('listitem').count()).toBe(2)
    await seat.picture('story-files-zh-dark')
  })
})

type Unit = { id: string; call_sign: string; state: string; dispatchable?: boolean; flags: { duress?: { acked_by?: string } } }
type Room = { incidents: (Row & { queue: string; late?: boolean; deadlines?: { passed?: boolean }[] | null })[]; units: Unit[] }

const clock = async () => Date.parse((await centre.ask<{ clock: string }>('/session')).clock)
const seconds = async (n: number) => {
  const from = await clock()
  await until(`${n} seconds have passed`, async () => (await clock()) > from + n * 1000)
}
const roomAt = (at: number) => centre.ask<Room>(`/past?at=${new Date(at).toISOString()}`)

/** Opens the hour, if it is not open, and moves its slider to a moment. Gives the sign that says that this is the past. */
async function lookBack(seat: Seat, at: number) {
  const bar = seat.part('回看一小时')
  if (!(await bar.isVisible())) await seat.press('Alt+Shift+H')
  const slider = bar.getByRole('slider').and(seat.page.locator(':enabled')) // Until the range is known nobody can move it.
  await slider.waitFor()
  await until('the hour reaches so far', async () => Number(await slider.getAttribute('max')) > at / 1000) // It is asked for every ten seconds.
  await slider.evaluate((e, to) => {
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(e, String(to))
    e.dispatchEvent(new Event('input', { bubbles: true }))
  }, at / 1000)
  const sign = seat.page.getByRole('status').filter({ hasText: `过去 ${wall(at)}` })
  await sign.waitFor()
  return sign
}

/** A time as the desk says it. */
const wall = (at: number): string => new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit', timeZone: 'Asia/Shanghai' }).format(at)

/** What the top bar counts, and what it must count in a room. */
const counted = async (seat: Seat) => (await seat.page.locator('.top .count').allTextContents()).map((x) => x.replaceAll(/\s/g, '')).filter((x) => /^(待派|在处|超时|可派)/.test(x))
function counts({ incidents, units }: Room): string[] {
  const waiting = incidents.filter((i) => i.queue === 'to_dispatch').length
  const able = units.filter((u) => u.dispatchable)
  return [`待派${waiting}`, `在处${incidents.length - waiting}`, `超时${incidents.filter((i) => i.late || i.deadlines?.some((d) => d.passed)).length}`, `可派${able.filter((u) => u.state === 'available').length}/${able.length}`]
}
test('a record is printed black on white from the dark theme, and says in words that it is a demonstration', async () => {
  const row = await receive('围墙被翻')
  const seat = await opened(row)
  await seat.page.evaluate(() => window.dispatchEvent(new Event('beforeprint')))
  await seat.page.emulateMedia({ media: 'print' })
  const record = seat.page.locator('.record')
  await seat.sees(record, '非实战：演示')
  await seat.sees(record, '围墙被翻')
  expect(await record.evaluate((e) => [getComputedStyle(e).backgroundColor, getComputedStyle(e).color])).toEqual(['rgb(255, 255, 255)', 'rgb(0, 0, 0)'])
  const inset = record.locator('.inset svg')
  await inset.waitFor()
  expect(await inset.evaluate((e) => [getComputedStyle(e).backgroundColor, ...[...e.querySelectorAll('text')].map((x) => getComputedStyle(x).fill)])).toEqual(['rgb(255, 255, 255)', 'rgb(0, 0, 0)'])
  await seat.picture('story-record-zh-dark')
})

describe('the last hour', () => {
  test('the room is shown as it was, nothing can be done in it, and Esc is the present', async () => {
    const row = await receive('争吵声')
    const before = await clock()
    await seconds(3)
    await centre.tell(`/incidents/${row.id}/invalid`, { reason: '误报' })
    const seat = await opened(row)
    const panel = seat.page.getByRole('region', { name: `警情 #${row.number}` })
    await seat.sees(panel, '无效警情')
    const sign = await lookBack(seat, (Math.floor(before / 1000) + 1) * 1000)
    await seat.sees(panel, '已定级')
    await seat.sees(panel.getByRole('button', { name: /^定级/ }).and(seat.page.locator('[aria-disabled=true]')), '定级')
    await seat.press('n') // The key of a note: it says why not.
    expect(await seat.page.getByRole('form', { name: '记事' }).count()).toBe(0)
    expect(await seat.story().getByText('误报').count()).toBe(0)
    await seat.picture('story-past-zh-dark')
    await seat.press('Escape')
    await sign.waitFor({ state: 'detached' })
    await seat.sees(panel, '无效警情')
    expect(seat.mishaps).toEqual([])
  })

  test('queue, units, counts, time limits and clock all show one moment, of before an incident and before a unit was sent', async () => {
    const first = await receive('先到的一起')
    const unit = (await centre.ask<{ items: Unit[] }>('/units')).items.find((u) => u.state === 'available' && u.dispatchable)
    if (!unit) throw new Error('nobody is free')
    const seat = await opened(first)
    await seconds(2)
    const before = Math.floor((await clock()) / 1000) * 1000
    await seconds(2)
    const later = await receive('后到的一起')
    await centre.tell(`/incidents/${first.id}/dispatch`, { units: [unit.id] })
    const owed = (Math.floor((await clock()) / 1000) + 1) * 1000
    const chip = seat.part('警力').getByRole('button', { name: new RegExp(`^${unit.call_sign} `) })
    const owing = seat.part('警情队列').getByRole('option', { name: new RegExp(`^${unit.call_sign}.*#${first.number}$`) })
    const tab = seat.part('警情队列').getByRole('tab', { name: /^待派/ })
    const limits = seat.part('警情队列').getByRole('button', { name: /时限/ })
    const sent = chip.and(seat.page.getByRole('button', { name: new RegExp(`#${first.number}`) }))
    const free = chip.and(seat.page.getByRole('button', { name: / 可派，自 / }))

    await seat.row(later.number).waitFor()
    await sent.waitFor()
    await until('it is past', async () => (await clock()) > owed)
    await lookBack(seat, owed) // Its crew may have signed by now. It had not then.
    await limits.press('Enter')
    await owing.waitFor()
    await sent.waitFor()
    const sign = await lookBack(seat, before)
    await free.waitFor()
    await owing.waitFor({ state: 'detached' })
    await limits.press('Enter')
    await seat.row(first.number).waitFor()
    expect(await seat.row(later.number).count(), 'it had not been reported yet').toBe(0)
    const then = await roomAt(before)
    expect(then.incidents.map((i) => i.id)).toContain(first.id)
    expect(then.incidents.map((i) => i.id)).not.toContain(later.id)
    await until('the top bar counts what was', async () => (await counted(seat)).join() === counts(then).join())
    expect(await tab.textContent()).toBe(`待派 ${then.incidents.filter((i) => i.queue === 'to_dispatch').length}`)
    expect(await seat.page.getByLabel('回看的时刻').and(seat.page.locator('time')).textContent()).toBe(wall(before))

    // The present goes on: it is told beside the past, and changes nothing in it.
    const words = [await chip.getAttribute('aria-label'), ...(await counted(seat))]
    const third = await receive('回看时又到一起')
    const waiting = (await centre.ask<{ items: Room['incidents'] }>('/incidents?state=open&limit=500')).items.filter((i) => i.queue === 'to_dispatch').length
    await seat.sees(sign, new RegExp(`现在：待派 ${waiting} `))
    await seconds(2)
    expect([await chip.getAttribute('aria-label'), ...(await counted(seat))]).toEqual(words)
    expect(await seat.row(third.number).count()).toBe(0)
    expect(await seat.page.getByLabel('回看的时刻').and(seat.page.locator('time')).textContent()).toBe(wall(before))
    await seat.picture('story-past-one-moment-zh-dark')

    await seat.press('Escape')
    await sign.waitFor({ state: 'detached' })
    await seat.row(later.number).waitFor()
    await seat.row(third.number).waitFor()
    await sent.waitFor()
    expect(await seat.page.getByLabel('世界时钟').textContent()).not.toBe(wall(before))
    expect(seat.mishaps).toEqual([])
  })

  test('over the past a line may look and call for help; a duress takes the screen, and is taken up', async () => {
    const row = await receive('回看时的命令')
    const unit = (await centre.ask<{ items: Unit[] }>('/units')).items.find((u) => u.state === 'available' && u.dispatchable)
    if (!unit) throw new Error('nobody is free')
    await seconds(2)
    const before = Math.floor((await clock()) / 1000) * 1000
    await seconds(1)
    const seat = await Seat.open(centre)
    const sign = await lookBack(seat, before)
    const effect = seat.part('命令行').getByRole('status')

    await seat.press('F8')
    await seat.type(`${row.number} 记 跑了一人`)
    await seat.sees(effect, /这是过去/)
    await seat.execute()
    await seat.sees(effect, /按 Esc 回到现在/)
    expect(await seat.command().inputValue(), 'the line stays').toBe(`${row.number} 记 跑了一人`)
    await seat.command().fill(String(row.number))
    await seat.execute()
    await seat.page.getByRole('region', { name: `警情 #${row.number}` }).waitFor()

    await seat.press('F8')
    await seat.type(`遇险 ${unit.call_sign}`)
    await seat.execute()
    const watch = seat.page.getByRole('alertdialog', { name: '有人遇险' })
    await watch.waitFor()
    expect(await seat.page.locator('.duress-frame').count()).toBe(1)
    expect(await seat.page.locator('.past-frame').evaluate((e) => getComputedStyle(e).borderTopWidth), 'the frame of the past gives way').toBe('0px')
    expect(await sign.isVisible(), 'it is still the past').toBe(true)
    expect(await watch.evaluate((e) => {
      const r = e.getBoundingClientRect()
      return [r.top + 6, r.top + r.height / 2, r.bottom - 6].every((y) => e.contains(document.elementFromPoint(r.left + r.width / 2, y)))
    }), 'nothing lies over it').toBe(true)
    expect(await seat.part('警力').getByRole('button', { name: new RegExp(`^${unit.call_sign} .*遇险`) }).count(), 'the board is of then').toBe(0)
    await seat.picture('story-past-duress-zh-dark')
    await watch.getByRole('textbox').fill('102 赶去')
    await watch.getByRole('textbox').press('Enter')
    await watch.waitFor({ state: 'detached' })
    expect((await centre.ask<{ items: Unit[] }>('/units')).items.find((u) => u.id === unit.id)?.flags.duress?.acked_by).toBeDefined()

    await seat.press('Escape')
    await sign.waitFor({ state: 'detached' })
    await seat.part('警力').getByRole('button', { name: new RegExp(`^${unit.call_sign} .*遇险`) }).waitFor()
    await centre.tell(`/units/${unit.id}/duress`, { on: false, text: '人已安全' })
    expect(seat.mishaps).toEqual([])
  })

  test('a window that stands apart shows the same moment, and takes the desk back to the present', async () => {
    const seat = await Seat.open(centre)
    await seconds(1)
    const before = Math.floor((await clock()) / 1000) * 1000
    const units = await seat.page.context().newPage()
    await units.goto(`${centre.url}/?window=units`)
    await units.getByText('实时').waitFor()
    await seat.part('警力').waitFor({ state: 'detached' }) // The desk knows of its window.
    const sign = await lookBack(seat, before)
    const there = units.getByRole('status').filter({ hasText: `过去 ${wall(before)}` })
    await there.waitFor()
    expect(await units.locator('.clock').textContent()).toBe(wall(before))
    await units.keyboard.press('Escape')
    await there.waitFor({ state: 'detached' })
    await sign.waitFor({ state: 'detached' })
    await lookBack(seat, before)
    await there.waitFor()
    await seat.press('Escape')
    await there.waitFor({ state: 'detached' })
    await units.close()
    expect(seat.mishaps).toEqual([])
  })
})

describe('without a server', () => {
  test('the pack prints with numbered cards, and a card is entered with its true time when the server is back', async () => {
    const row = await receive('断网前的警情')
    const seat = await opened(row)
    await seat.page.evaluate(() => {
      const w = window as unknown as { printed: number }
      w.printed = 0
      window.print = () => { w.printed += 1 }
    })
    await until('the seat has card numbers', () => seat.page.evaluate(() => localStorage.getItem('shuniu.paper') !== null))
    await centre.down()
    await seat.page.getByText(/没有答复|已停/).first().waitFor()
    await seat.press('Alt+Shift+P')
    const sheet = seat.page.getByRole('dialog', { name: '应急包' })
    await seat.sees(sheet, /本机留存/)
    await seat.sees(sheet, /断网前的警情/)
    await sheet.getByRole('button', { name: '打印应急包' }).press('Enter')
    await until('it is printed', () => seat.page.evaluate(() => (window as unknown as { printed: number }).printed === 1))
    const numbers = () => seat.page.locator('.print-only .pack-card h2 b').allTextContents()
    const first = await numbers()
    expect(first).toHaveLength(4)
    await sheet.getByRole('button', { name: '打印应急包' }).press('Enter')
    await until('it is printed again', () => seat.page.evaluate(() => (window as unknown as { printed: number }).printed === 2))
    const second = await numbers()
    expect(new Set([...first, ...second]).size, 'no number is printed twice').toBe(8)
    await seat.picture('story-pack-zh-dark')
    await seat.press('Escape')
    await centre.up()
    await seat.page.getByText('实时').waitFor()

    const card = /\d+/.exec(first[0] ?? '')?.[0] ?? ''
    const at = new Date((await clock()) - 25 * 60_000)
    const hhmm = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'Asia/Shanghai' }).format(at)
    await seat.press('Alt+Shift+B')
    const entry = seat.part('补录纸卡')
    await entry.getByLabel('卡号').fill(card)
    await entry.getByLabel('接警时间').fill(hhmm)
    await entry.getByLabel('事由').fill('停电时有人落水')
    await entry.getByRole('button', { name: '补录' }).press('Enter')
    const made = await until('the card is in the journal', async () => (await centre.ask<{ items: Row[] }>('/incidents')).items.find((i) => i.card === card))
    expect(made.happened.slice(0, 16)).toBe(at.toISOString().slice(0, 16))
    await seat.page.getByRole('region', { name: `警情 #${made.number}` }).waitFor()
    await seat.sees(seat.story(), `纸卡 ${card}`)
    await seat.sees(seat.story(), '纸卡补录')
    await seat.sees(seat.story(), /录入/)
    await seat.picture('story-entry-zh-dark')
  })
})
