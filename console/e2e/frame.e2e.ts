import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { clipped, closeBrowser, Seat, Shaky, Wire } from './driver'

type Page = Seat['page']

type Incident = { id: string; number: number; seq: number; priority?: string }
type Entry = { type: string; text?: string; happened: string; at: string }

let centre: Shaky
let wire: Wire
const seats: Seat[] = []
beforeAll(async () => {
  centre = await Shaky.start()
  wire = await Wire.to(centre)
})
afterEach(async () => {
  for (const seat of seats.splice(0)) await seat.page.context().close()
})
afterAll(async () => {
  await closeBrowser()
  await wire?.cut()
  await centre?.stop()
})

async function sit(at: { url: string } = centre, look: Parameters<typeof Seat.open>[1] = {}): Promise<Seat> {
  const seat = await Seat.open(at, look)
  seats.push(seat)
  return seat
}

const box = async (page: Page, panel: string) => {
  const found = await page.locator(`.stand[data-panel="${panel}"]`).boundingBox()
  if (!found) throw new Error(`${panel} stands nowhere`)
  return found
}
const soon = { timeout: 60_000 }
const notes = async (number: number) => (await centre.ask<{ items: Entry[] }>(`/incidents/${number}/timeline`)).items.filter((e) => e.type === 'incident.noted').map((e) => e.text ?? '')
const streams = async () => (await centre.ask<{ streams: number }>('/health')).streams

describe('the desk', () => {
  test('panels are resized, moved, closed and found again by the keyboard alone, and a reload keeps them', async () => {
    const seat = await sit()
    const page = seat.page
    const before = await box(page, 'queue')
    await page.getByRole('separator', { name: '左栏宽度' }).focus()
    await seat.press('ArrowRight', 'ArrowRight', 'ArrowRight')
    expect((await box(page, 'queue')).width - before.width).toBe(48)

    await seat.press('Alt+Shift+Digit0') // Arrange: the queue goes to the right of the map, above the incident.
    await page.getByRole('tab', { name: '警情队列' }).focus()
    await seat.press('ArrowRight', 'ArrowRight', 'ArrowUp')
    expect((await box(page, 'queue')).x).toBeGreaterThan((await box(page, 'map')).x)
    await page.getByRole('button', { name: '关闭地图' }).press('Enter')
    await page.locator('.stand[data-panel="map"]').waitFor({ state: 'detached' })
    await seat.press('Alt+Shift+Digit0')

    await page.reload()
    await seat.part('警情队列').waitFor()
    expect(await page.locator('.stand[data-panel="map"]').count()).toBe(0)
    await seat.press('Control+KeyK')
    await page.getByRole('combobox', { name: '找一切' }).waitFor()
    await seat.type('dt') // 地图, by its initials.
    await page.getByRole('option', { name: /地图/ }).first().waitFor()
    await seat.press('Enter')
    await page.locator('.stand[data-panel="map"]').waitFor()

    await seat.press('Alt+Shift+Digit1')
    await page.getByRole('region', { name: '新警情表' }).waitFor() // The call-taker's desk has the form standing.
    await seat.press('Alt+Shift+Digit4')
    await page.getByRole('tab', { name: '警力' }).click()
    await seat.part('警力').waitFor()
    await seat.press('Alt+Shift+Digit2')
    await page.getByRole('button', { name: '桌面' }).press('Enter')
    await page.getByRole('button', { name: '恢复原样' }).press('Enter')
    await seat.press('Escape')
    expect((await box(page, 'queue')).x).toBe(0)
    expect(seat.mishaps.filter((m) => !m.includes('404'))).toEqual([])
  })

  test('a panel in a window of its own looks at the same incident on the same stream, and outlives the desk', async () => {
    const { id, number } = await centre.tell<Incident>('/incidents', { narrative: '两个窗口看同一条' })
    const seat = await sit()
    expect(await streams()).toBe(1)
    await seat.press('Alt+Shift+Digit0')
    const opened = seat.page.waitForEvent('popup')
    await seat.page.locator('.stand[data-panel="incident"]').getByRole('button', { name: '移出窗口' }).press('Enter')
    const second = await opened
    await seat.page.locator('.stand[data-panel="incident"]').waitFor({ state: 'detached' })
    await seat.row(number).click()
    await second.getByRole('region', { name: `警情 #${number}` }).waitFor()
    expect(await streams(), 'one stream for both windows').toBe(1)

    await seat.page.close() // The desk dies; the window hears the next change at once.
    await centre.tell(`/incidents/${id}/note`, { text: '另一窗口照常' })
    await second.getByText('另一窗口照常').waitFor({ timeout: 5000 })
    expect(await streams()).toBe(1)
    await second.close()
  })
})

test('a wire that is cut for ten minutes: reads stay, writes wait, and all is caught up and sent once, in order, with true times', async () => {
  const { id, number } = await centre.tell<Incident>('/incidents', { priority: 'P3', narrative: '断线时的警情' })
  const seat = await sit(wire)
  const page = seat.page
  await page.clock.install()
  await seat.row(number).click()
  await page.getByRole('region', { name: `警情 #${number}` }).waitFor()
  await page.getByRole('button', { name: /^定级/ }).first().waitFor()
  await wire.cut()
  for (const words of ['先记一', '再记二', '又记三']) {
    await seat.press('F8')
    await page.getByRole('textbox', { name: '命令行' }).fill(`${number} 记 ${words}`)
    await seat.press('Enter')
  }
  await page.getByRole('button', { name: /未送出 3/ }).waitFor()
  await page.getByRole('textbox', { name: '命令行' }).blur()
  const form = await seat.opens('c', '定级')
  await form.getByLabel('优先级').selectOption('P1')
  await form.getByLabel('理由').fill('越来越急')
  await form.getByLabel('优先级').press('Enter')
  await page.getByRole('button', { name: /未送出 4/ }).waitFor()
  await seat.press('F2') // Something is being typed, too.
  await page.getByLabel('报警内容').fill('打到一半的字')

  // Meanwhile the centre goes on, and somebody else grades the same incident.
  const sentAt = Date.now()
  await Promise.all(Array.from({ length: 60 }, (_, n) => centre.tell('/incidents', { narrative: `断线期间 ${n}` })))
  await centre.tell(`/incidents/${id}/classify`, { priority: 'P2', reason: '旁人改判' })
  await page.clock.fastForward(600_000)
  await page.getByText(/画面已停 1\d:/).waitFor()
  expect(await seat.row(number).count(), 'what was read stays').toBe(1)

  await centre.down() // And the server itself falls and comes back.
  await centre.up()
  await wire.mend()
  await page.getByRole('button', { name: /冲突 1/ }).waitFor()
  expect(await page.getByLabel('报警内容').inputValue()).toBe('打到一半的字')
  await expect.poll(() => notes(number), soon).toEqual(['先记一', '再记二', '又记三'])
  const told = (await centre.ask<{ items: Entry[] }>(`/incidents/${number}/timeline`)).items.filter((e) => e.type === 'incident.noted')
  for (const e of told) expect(Date.parse(e.happened), 'told with the time at which it was done').toBeLessThanOrEqual(Date.parse(e.at))
  expect(sentAt).toBeGreaterThan(0)
  const open = (await centre.ask<{ items: Incident[] }>('/incidents?state=open&limit=500')).items.length
  await expect.poll(async () => Number(/在处(\d+)/.exec((await page.locator('.top').innerText()).replace(/\s/g, ''))?.[1]) + Number(/待派(\d+)/.exec((await page.locator('.top').innerText()).replace(/\s/g, ''))?.[1]), soon).toBe(open)

  // Both sides, and a choice: nothing was overwritten.
  expect((await centre.ask<Incident>(`/incidents/${id}`)).priority).toBe('P2')
  await page.getByRole('button', { name: /冲突 1/ }).press('Enter')
  const list = page.getByRole('dialog', { name: '未送出' })
  await seat.sees(list, /你的操作/)
  await seat.sees(list, /你看到之后发生的/)
  await seat.picture('conflict')
  await list.getByRole('button', { name: '仍要发送' }).press('Enter')
  await expect.poll(async () => (await centre.ask<Incident>(`/incidents/${id}`)).priority, soon).toBe('P1')
  await page.getByRole('button', { name: /冲突|未送出/ }).waitFor({ state: 'detached' })
})

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
type Found = { violations: { id: string; nodes: { target: string[]; failureSummary?: string }[] }[] }

/** What WCAG 2.2 AA finds against the page as it stands. */
async function faults(page: Page): Promise<string[]> {
  await page.evaluate(axe)
  const found = await page.evaluate(async () => {
    const run = (globalThis as unknown as { axe: { run: (on: Document, o: object) => Promise<unknown> } }).axe
    const all = (await run.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations'] })) as Found
    // Rows of the queue and units of the board say a sentence of their own, number first; nobody calls them by all the words
    // that stand in them. A unit of the board is smaller than 24 px, and the command line and the search do the same.
    const gone = (target = 'none') => document.querySelector(target) === null // Its words changed meanwhile; others stand there in the next state.
    const own = (id: string, on: Element | null) => (id === 'label-content-name-mismatch' && Boolean(on?.closest('.chip, [role=option]'))) || (id === 'target-size' && Boolean(on?.closest('.chip')))
    return { violations: all.violations.map((v) => ({ ...v, nodes: v.nodes.filter((n) => !gone(n.target[0]) && !own(v.id, document.querySelector(n.target[0] ?? 'none'))) })) }
  })
  return found.violations.flatMap((v) => v.nodes.slice(0, 3).map((n) => `${v.id}: ${n.target.join(' ')} ${n.failureSummary?.split('\n')[1] ?? ''}`))
}

test.each([['dark', 'zh'], ['light', 'en']] as const)('everybody can use it: %s, %s', async (theme, language) => {
  const { number } = await centre.tell<Incident>('/incidents', { type: 'knife', priority: 'P1', tags: ['knife'], narrative: '两人持刀', place: { lon: 118.4018, lat: 31.2001, address: '汀兰步行街12号' } })
  const seat = await sit(centre, { theme, language })
  const page = seat.page
  const found: Record<string, string[]> = {}
  const look = async (state: string) => {
    const all = await faults(page)
    if (all.length > 0) found[state] = all
    await seat.picture(`frame-${state}-${theme}`)
  }
  expect(await page.evaluate(() => document.documentElement.lang)).toBe(language === 'zh' ? 'zh-CN' : 'en')
  await look('start')
  await seat.row(number).click()
  await page.getByRole('checkbox', { checked: true }).first().waitFor()
  await look('open')
  await seat.press('F2')
  await page.locator('#call-narrative').waitFor()
  await look('call')
  await seat.press('Escape', 'Escape', 'Control+KeyK')
  await page.getByRole('combobox', { name: /^(找一切|Find anything)$/ }).waitFor()
  await seat.type('10')
  await page.getByRole('listbox', { name: /^(找到的|What was found)$/ }).getByRole('option').first().waitFor()
  await look('search')
  await seat.press('Escape', 'Alt+Shift+Digit0')
  await look('arranging')
  await seat.press('Alt+Shift+Digit0', '?')
  await page.getByRole('dialog').waitFor()
  await look('keys')
  await seat.press('Escape')
  await page.getByRole('button', { name: /^(桌面|Desk)$/ }).press('Enter')
  await page.getByRole('dialog').waitFor()
  await look('desk')
  await seat.press('Escape', 'Alt+Digit9')
  await page.getByRole('region', { name: /^(覆盖|Cover)$/ }).waitFor()
  await look('cover')
  await centre.tell('/units/107/duress', { on: true })
  await page.getByRole('alert').getByText(/107/).waitFor()
  await look('duress')
  await centre.tell('/units/107/duress', { on: false, text: '人已安全' })
  expect(found).toEqual({})
})

test('every part of the screen is reached in a row by the keyboard, there and back, wherever the keyboard is', async () => {
  const { number } = await centre.tell<Incident>('/incidents', { type: 'theft', priority: 'P1', narrative: '走一圈' })
  const seat = await sit(centre)
  const page = seat.page
  await seat.row(number).click()
  await page.getByRole('region', { name: `警情 #${number}` }).waitFor()
  await page.getByRole('button', { name: /^101 / }).press('Enter') // Its card lies over the desk, and is a part, too.
  await page.getByRole('complementary', { name: '警力 101' }).waitFor()
  const part = () => page.evaluate(() => document.activeElement?.closest<HTMLElement>('.stand')?.dataset['panel'] ?? ['top', 'unit-card', 'command'].find((c) => document.activeElement?.closest(`.${c}`)) ?? 'none')
  const walk = async (key: string) => {
    const reached: string[] = []
    for (let n = 0; n < 7; n++) {
      await seat.press(key)
      reached.push(await part())
    }
    return reached
  }
  await seat.press('F8') // The line has arrows of its own, and so has the list: the walk goes on.
  const round = ['top', 'queue', 'map', 'incident', 'units', 'unit-card', 'command']
  expect(await walk('Alt+Shift+ArrowDown')).toEqual(round)
  expect(await walk('Alt+Shift+ArrowUp')).toEqual([...round.slice(0, -1).reverse(), 'command'])
  await page.getByRole('listbox').focus()
  await seat.press('Alt+Shift+ArrowDown')
  expect(await part()).toBe('map')
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur()) // What had the keyboard went away.
  await seat.press('Alt+Shift+ArrowDown')
  expect(await part(), 'it goes on from where it was').toBe('incident')
  await page.getByRole('region', { name: `警情 #${number}` }).waitFor() // The arrow in the list opened no other row.
  expect(seat.mishaps).toEqual([])
})

test('at 200 % on a large screen nothing is lost: the panels stand one below the other', async () => {
  const seat = await sit(centre, { width: 960, height: 540 })
  const page = seat.page
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
  // Each is as large as one can work in, under none of the others, and where one has scrolled to it nothing lies over it.
  const boxes: [string, { x: number; y: number; width: number; height: number }][] = []
  for (const [part, least] of [['警情队列', 250], ['地图', 250], ['警力', 150], ['命令行', 25]] as const) {
    const there = seat.part(part)
    await there.evaluate((e) => e.scrollIntoView({ block: 'center' }))
    const b = (await there.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 }
    expect(b.height, part).toBeGreaterThan(least)
    expect(b.width, part).toBeGreaterThan(900)
    expect(await there.evaluate((e) => {
      const r = e.getBoundingClientRect()
      return [0.2, 0.5, 0.8].map((x) => e.contains(document.elementFromPoint(r.left + r.width * x, r.top + r.height / 2)))
    }), `${part} lies under nothing`).toEqual([true, true, true])
    const down = await page.evaluate(() => document.scrollingElement?.scrollTop ?? 0)
    if (part !== '命令行') boxes.push([part, { ...b, y: b.y + down }]) // The line stays at the lower edge.
  }
  boxes.sort((a, b) => a[1].y - b[1].y)
  for (const [n, [part, b]] of boxes.entries()) {
    const above = boxes[n - 1]?.[1]
    expect(b.y, `${part} begins below what is above it`).toBeGreaterThanOrEqual(above ? above.y + above.height - 1 : 0)
  }
  // At the top of the page the bar ends where the queue begins, and in the middle it leaves most of the screen.
  await page.evaluate(() => document.scrollingElement?.scrollTo(0, 0))
  const bar = await page.locator('.top').boundingBox()
  expect((bar?.y ?? 0) + (bar?.height ?? 999)).toBeLessThanOrEqual(((await seat.part('警情队列').boundingBox())?.y ?? 0) + 1)
  await page.evaluate(() => document.scrollingElement?.scrollTo(0, 400))
  const stays = await page.evaluate(() => [...document.querySelectorAll('.top, .command')].reduce((sum, e) => { const r = e.getBoundingClientRect(); return sum + Math.max(0, Math.min(r.bottom, innerHeight) - Math.max(r.top, 0)) }, 0))
  expect(stays, 'pixels of 540 that the bar and the line keep').toBeLessThan(180)
  expect(await clipped(page)).toEqual([])
  await seat.picture('zoom-200')
})
