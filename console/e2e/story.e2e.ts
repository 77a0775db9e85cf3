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

describe('the last hour', () => {
  test('the room is shown as it was, nothing can be done in it, and Esc is the present', async () => {
    const row = await receive('争吵声')
    const clock = async () => Date.parse((await centre.ask<{ clock: string }>('/session')).clock)
    const before = await clock()
    await until('some seconds have passed', async () => (await clock()) > before + 3000)
    await centre.tell(`/incidents/${row.id}/invalid`, { reason: '误报' })
    const seat = await opened(row)
    const panel = seat.page.getByRole('region', { name: `警情 #${row.number}` })
    await seat.sees(panel, '无效警情')
    await seat.press('Alt+Shift+H')
    const bar = seat.part('回看一小时')
    const slider = bar.getByRole('slider').and(seat.page.locator(':enabled')) // Until the range is known nobody can move it.
    await slider.waitFor()
    await slider.evaluate((e, at) => {
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(e, String(at))
      e.dispatchEvent(new Event('input', { bubbles: true }))
    }, Math.floor(before / 1000) + 1)
    const sign = seat.page.getByRole('status').filter({ hasText: '过去' })
    await sign.waitFor()
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
    const clock = Date.parse((await centre.ask<{ clock: string }>('/session')).clock)
    const at = new Date(clock - 25 * 60_000)
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
