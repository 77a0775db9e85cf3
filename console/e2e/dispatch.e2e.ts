import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest'
import { clipped, closeBrowser, closeSeats, Seat, Shaky } from './driver'

type Sent = { id: string; unit: string; call_sign: string; stage: string; primary: boolean; recalled?: boolean }
type Incident = { id: string; number: number; assignments: Sent[]; chased?: { kind: string; unit?: string; times: number }[] }
type Unit = { id: string; call_sign: string; incident?: string; stack: { incident: string }[]; flags: { duress?: { acked_by?: string } } }

let centre: Shaky
beforeAll(async () => {
  centre = await Shaky.start()
})
afterEach(closeSeats)
afterAll(async () => {
  await closeBrowser()
  await centre.stop()
})

const lon = { west: 118.392, east: 118.41 }
const made = async (at: number, type = 'knife'): Promise<Incident> => {
  const told = await centre.tell<{ number: number }>('/incidents', { place: { lon: at, lat: 31.2 }, type, priority: 'P1', narrative: '两人持刀' })
  return centre.ask<Incident>(`/incidents/${told.number}`)
}
const incident = (i: { number: number }) => centre.ask<Incident>(`/incidents/${i.number}`)
const unit = async (id: string): Promise<Unit> => {
  const found = (await centre.ask<{ items: Unit[] }>('/units')).items.find((u) => u.id === id)
  if (!found) throw new Error(`no unit ${id}`)
  return found
}
const working = (i: Incident): string[] => i.assignments.filter((a) => a.stage !== 'cleared').map((a) => a.unit)

async function until(what: string, ask: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 60_000
  while (!(await ask())) {
    if (Date.now() > end) throw new Error(`did not come: ${what}`)
    await new Promise((next) => setTimeout(next, 100))
  }
}

async function opens(seat: Seat, i: Incident): Promise<void> {
  await seat.row(i.number).click()
  await seat.page.getByRole('region', { name: new RegExp(`^(警情|Incident) #${i.number}$`) }).waitFor()
}

/** Waits until the large button names somebody. */
const advised = (seat: Seat) => seat.page.locator('.send').filter({ hasText: /\d{3}/ }).waitFor()
const box = (seat: Seat) => seat.page.locator('.send-box')

test('the recommended set in two keys, the nearest of a kind in two, and on scene in two', async () => {
  const i = await made(lon.west)
  const seat = await Seat.open(centre)
  await opens(seat, i)
  await advised(seat)
  seat.presses = 0
  await seat.press('Enter', 'Enter')
  expect(seat.presses, 'key presses to send').toBe(2)
  await until('units were sent', async () => working(await incident(i)).length > 1)

  seat.presses = 0
  await seat.press('g')
  const near = seat.page.getByRole('group', { name: '附近警力' })
  await near.getByRole('button', { name: /^1 / }).waitFor()
  await seat.press('1')
  await near.locator('li').first().waitFor()
  expect(seat.presses, 'key presses to the nearest of a kind').toBeLessThanOrEqual(3)
  await seat.press('Escape')
  await near.waitFor({ state: 'detached' })

  const first = (await incident(i)).assignments[0]
  await seat.page.getByRole('button', { name: /^到场/ }).first().waitFor()
  seat.presses = 0
  await seat.press('d', '1')
  expect(seat.presses, 'key presses to put a unit on scene').toBe(2)
  await until('a unit is on scene', async () => (await incident(i)).assignments.some((a) => a.stage === 'on_scene'))
  expect(first).toBeDefined()
  expect(seat.mishaps).toEqual([])
})

test('everything that happened to an incident is one key away', async () => {
  const seat = await Seat.open(centre, { map: false })
  const list = seat.page.getByRole('listbox')
  const { number: first } = await made(lon.west)
  await centre.tell(`/incidents/${first}/note`, { text: '先到门口' })
  await centre.tell(`/incidents/${first}/dispatch`, { units: ['101'] })
  await centre.tell('/units/101/status', { to: 'on_scene', incident: (await centre.ask<Incident>(`/incidents/${first}`)).id })
  await centre.tell(`/incidents/${first}/feedback`, { kind: 'first', text: '已见到人' })
  const story = (await centre.ask<{ items: { text?: string }[] }>(`/incidents/${first}/timeline`)).items
  expect(story.length).toBeGreaterThan(5)
  // The row before it is open, as it is for whoever goes down the list.
  await seat.row(first).getByText('101').waitFor()
  const numbers = await list.getByRole('option').evaluateAll((rows) => rows.map((r) => Number(/(\d+)号警/.exec(r.getAttribute('aria-label') ?? '')?.[1])))
  await opens(seat, { number: numbers[numbers.indexOf(first) - 1] ?? 0 } as Incident)
  await list.focus()
  seat.presses = 0
  await seat.press('ArrowDown')
  await seat.page.getByRole('region', { name: `警情 #${first}` }).waitFor()
  await expect.poll(() => seat.story().locator('.timeline > li').count(), { timeout: 60_000 }).toBe(story.length)
  for (const words of ['先到门口', '101', '已见到人', '接警']) await seat.sees(seat.story(), new RegExp(words))
  expect(seat.presses, 'key presses to see all of it').toBe(1)
  expect(seat.mishaps).toEqual([])
})

test('who walks quickly through the queue has the row open that he ends on before his next key means anything', async () => {
  const them: Incident[] = []
  for (let n = 0; n < 4; n++) them.push(await made(lon.west))
  const seat = await Seat.open(centre, { map: false })
  const list = seat.page.getByRole('listbox')
  const numbers = async () => list.getByRole('option').evaluateAll((rows) => rows.map((r) => Number(r.getAttribute('data-number'))))
  await seat.row(them[3]?.number ?? 0).waitFor()
  const all = await numbers()
  const from = Math.min(all.indexOf(them[0]?.number ?? 0), all.length - 4)
  await opens(seat, { number: all[from] ?? 0 } as Incident)
  const ends = all[from + 3] ?? 0
  await list.focus()
  await seat.press('ArrowDown', 'ArrowDown', 'ArrowDown', 'n') // As quick as they come, and nothing is waited for in between.
  await seat.page.getByRole('region', { name: `警情 #${ends}` }).getByRole('form').waitFor()
  expect(await seat.row(ends).getAttribute('aria-selected')).toBe('true')
  expect(seat.mishaps).toEqual([])
})

test('two seats send the same unit at once: one has it, the other is told who has it and takes it away by no Enter', async () => {
  const [a, b] = [await made(lon.east, 'theft'), await made(lon.west, 'theft')]
  const seats = [await Seat.open(centre, { map: false }), await Seat.open(centre, { map: false })] as const // Two maps at once are more than two cores draw without a graphics card.
  const rows = [a, b] as const
  for (const n of [0, 1] as const) {
    await seats[n].page.getByRole('button', { name: /^104 / }).dragTo(seats[n].row(rows[n].number))
    await box(seats[n]).getByRole('button', { name: /^派警 104/ }).waitFor()
  }
  await Promise.all(seats.map((s) => s.press('Enter')))
  await until('one has it', async () => (await unit('104')).incident !== undefined)
  const won = (await unit('104')).incident === a.id ? 0 : 1
  const lost = seats[1 - won as 0 | 1]
  await lost.sees(box(lost), /慢了一步/)
  await lost.sees(box(lost), new RegExp(`已派往 #${rows[won].number}`))
  await lost.sees(box(lost), `改派后 #${rows[won].number} 将无警力`)
  await lost.picture('dispatch-race')
  await lost.press('Enter') // It only closes the box: to reassign has a key of its own.
  await box(lost).waitFor({ state: 'detached' })
  expect([working(await incident(a)), working(await incident(b))].map((u) => u.includes('104'))).toEqual([won === 0, won === 1])
  expect(lost.mishaps.filter((m) => !m.includes('409'))).toEqual([])
})

test('a busy unit that is dropped on another incident: what is left is shown first; it is stacked, turned round, and reassigned', async () => {
  const [a, b, c] = [await made(lon.west, 'theft'), await made(lon.east, 'theft'), await made(lon.east, 'theft')]
  await centre.tell(`/incidents/${a.number}/dispatch`, { units: ['108'] })
  const seat = await Seat.open(centre)
  const chip = seat.page.getByRole('button', { name: /^108 / })
  await chip.dragTo(seat.row(b.number))
  await box(seat).waitFor()
  await seat.sees(box(seat), `改派后 #${a.number} 将无警力`)
  await seat.picture('dispatch-weigh')
  await seat.press('2')
  await until('it waits behind', async () => (await unit('108')).stack.map((s) => s.incident).join() === [a.id, b.id].join())
  await box(seat).waitFor({ state: 'detached' })

  await chip.dragTo(seat.row(c.number))
  await box(seat).waitFor()
  await seat.sees(box(seat), `后面还排 #${b.number}`)
  await seat.press('2')
  await until('two wait behind', async () => (await unit('108')).stack.length === 3)
  await box(seat).waitFor({ state: 'detached' })
  await chip.click()
  const card = seat.page.getByRole('complementary', { name: '警力 108' })
  await card.getByRole('button', { name: `#${c.number} 提前` }).click()
  await until('they have changed places', async () => (await unit('108')).stack.map((s) => s.incident).join() === [a.id, c.id, b.id].join())
  await seat.picture('dispatch-stack')

  await card.getByRole('button', { name: `立刻转去 #${c.number}` }).click()
  await seat.sees(box(seat), `改派后 #${a.number} 将无警力`)
  await seat.press('Enter')
  await until('it has turned to the other', async () => (await unit('108')).incident === c.id)
  expect((await incident(a)).assignments.find((x) => x.unit === '108')?.recalled).toBe(true)
  expect(seat.mishaps).toEqual([])
})

test('the menu of a row and of a unit, by the mouse and by the menu key', async () => {
  const i = await made(lon.west, 'theft')
  const seat = await Seat.open(centre)
  await seat.row(i.number).click({ button: 'right' })
  const menu = seat.page.getByRole('menu')
  await menu.getByRole('menuitem', { name: /附近警力/ }).click()
  await seat.page.getByRole('group', { name: '附近警力' }).waitFor()
  await seat.press('Escape')

  const chip = seat.page.getByRole('button', { name: /^106 / })
  await chip.focus()
  await seat.press('ContextMenu')
  await menu.waitFor()
  await seat.picture('dispatch-menu')
  await menu.getByRole('menuitem', { name: new RegExp(`派往 #${i.number}`) }).waitFor()
  await seat.press('1')
  await box(seat).locator('.go').waitFor() // Nothing goes before it was weighed.
  await seat.press('Enter')
  await until('it was sent', async () => working(await incident(i)).includes('106'))
  expect(seat.mishaps).toEqual([])
})

test('on the list the menu key means the row that is open, and an open menu has the keyboard before all that lies below it', async () => {
  const i = await made(lon.west, 'theft')
  const seat = await Seat.open(centre)
  await opens(seat, i)
  const list = seat.page.getByRole('listbox')
  const menu = seat.page.getByRole('menu', { name: new RegExp(`#${i.number} `) })
  const opensMenu = async () => {
    await list.focus()
    await seat.press('ContextMenu')
    await menu.waitFor()
  }
  await opensMenu()
  await seat.press('Escape')
  await menu.waitFor({ state: 'detached' })
  expect(await list.evaluate((e) => e === document.activeElement), 'the list has the keyboard again').toBe(true)

  // A box that waits for Enter to send lies below the menu: neither the Esc nor the Enter of the menu is the box's.
  await seat.page.getByRole('button', { name: /^109 / }).dragTo(seat.row(i.number))
  await box(seat).locator('.go').waitFor()
  await opensMenu()
  await seat.press('Escape')
  await menu.waitFor({ state: 'detached' })
  expect(await box(seat).isVisible(), 'the box is still there').toBe(true)
  await opensMenu()
  await seat.press('ArrowDown', 'ArrowDown', 'Enter') // It opens the incident, which is open.
  await menu.waitFor({ state: 'detached' })
  expect(await box(seat).isVisible(), 'the box is still there').toBe(true)
  expect(working(await incident(i)), 'nobody was sent').toEqual([])

  // The keyboard was lost to nobody, as when what had it went away: the menu hears its keys all the same, and a key of the desk ends it.
  await opensMenu()
  await seat.page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
  await seat.press('n') // No letter of the incident.
  expect(await seat.page.getByRole('form').count()).toBe(0)
  await seat.press('Escape')
  await menu.waitFor({ state: 'detached' })
  await opensMenu()
  await seat.press('F8')
  await menu.waitFor({ state: 'detached' })
  expect(await seat.command().evaluate((e) => e === document.activeElement), 'the line has the keyboard').toBe(true)
  await seat.press('Escape')
  expect(seat.mishaps).toEqual([])
})

test('what is owed is one letter away, one key presses and one opens', async () => {
  const i = await made(lon.west, 'theft')
  await centre.tell(`/incidents/${i.number}/dispatch`, { units: ['222'], level: 'two', station: 'st2' })
  await centre.tell('/demo/pause', {}) // The desk of the station signs after 15 s, and nothing is owed any more.
  onTestFinished(async () => { await centre.tell('/demo/resume', {}) })
  const seat = await Seat.open(centre)
  await seat.page.keyboard.press('Escape')
  await seat.press('r')
  const list = seat.page.getByRole('listbox', { name: '时限' })
  const row = list.getByRole('option', { name: new RegExp(`#${i.number}$`) }).first()
  await row.waitFor()
  await seat.picture('dispatch-timers')
  await list.focus()
  for (let n = 0; n < 40 && (await row.getAttribute('aria-selected')) !== 'true'; n++) await seat.page.keyboard.press('ArrowDown')
  seat.presses = 0
  await seat.press('c')
  await until('it was pressed for it', async () => ((await incident(i)).chased?.[0]?.times ?? 0) === 1)
  await seat.press('Enter')
  await seat.page.getByRole('region', { name: `警情 #${i.number}` }).waitFor()
  expect(seat.presses, 'one key presses, one opens').toBe(2)
  expect(seat.mishaps).toEqual([])
})

test('an appointment and what is asked of my seat are a filter away, and the seat takes and ends it by its buttons', async () => {
  const told = await centre.tell<{ number: number }>('/incidents', { place: { lon: lon.west, lat: 31.2 }, type: 'theft', priority: 'P3', narrative: '约定明早取证' })
  const asked = await made(lon.east, 'theft')
  const seat = await Seat.open(centre)
  const mine = (await centre.ask<{ seat: string }>('/session')).seat
  const state = async () => (await centre.ask<{ seats?: { seat: string; state: string }[] }>(`/incidents/${asked.number}`)).seats?.find((s) => s.seat === mine)?.state
  await opens(seat, told as Incident)
  await seat.press('y')
  const when = seat.page.getByLabel('预约处警时间')
  await when.fill('2031-05-01T14:00')
  await seat.press('Enter')
  await seat.page.getByRole('button', { name: /^预约 1$/ }).click()
  await seat.sees(seat.row(told.number), '预约 2031-05-01 14:00') // As the clock of the centre will show it, whatever the browser's own zone is.
  expect((await centre.ask<{ scheduled?: string }>(`/incidents/${told.number}`)).scheduled).toBe('2031-05-01T06:00:00Z')
  await seat.picture('dispatch-appointments')

  await centre.tell(`/incidents/${asked.number}/ask-seat`, { seat: mine })
  await seat.page.getByRole('button', { name: /^转本席 1$/ }).click()
  await opens(seat, asked)
  const actions = seat.page.locator('.actions')
  await actions.getByRole('button', { name: /^席位接手/ }).click()
  await seat.press('Enter')
  await until('the seat has taken it', async () => (await state()) === 'taken')
  await actions.getByRole('button', { name: /^席位办毕/ }).click()
  await seat.press('Enter')
  await until('the seat has done it', async () => (await state()) === 'done')
  await seat.page.getByRole('button', { name: /^转本席 0$/ }).waitFor()
  expect(seat.mishaps).toEqual([])
})

test('officers in danger come by themselves, take the keyboard from nobody, and end by a word of what is done', async () => {
  const [seat, other] = [await Seat.open(centre), await Seat.open(centre, { language: 'en', map: false })]
  await seat.press('F8')
  await seat.type('派 10')
  await centre.tell('/units/107/duress', {})
  const watch = seat.page.getByRole('alertdialog', { name: '有人遇险' })
  await watch.waitFor()
  await other.page.getByRole('alertdialog', { name: 'Officers in danger' }).waitFor()
  expect(await seat.page.locator('.duress-frame').count()).toBe(1)
  await seat.type('1')
  expect(await seat.command().inputValue(), 'what was typed meanwhile').toBe('派 101')
  await seat.picture('dispatch-duress')
  await seat.press('Escape', 'Escape')
  expect(await watch.isVisible(), 'Esc does not end it').toBe(true)
  await seat.press('F9')
  await seat.page.getByRole('dialog', { name: '遇险名单' }).getByRole('textbox').waitFor()
  await seat.press('Enter')
  expect((await unit('107')).flags.duress?.acked_by, 'no word, no end').toBeUndefined()
  await seat.type('102 赶去，电台已通')
  await seat.press('Enter')
  await until('it is taken up', async () => (await unit('107')).flags.duress?.acked_by !== undefined)
  await other.page.getByRole('alertdialog').waitFor({ state: 'detached' })
  expect(await seat.page.locator('.duress-frame').count()).toBe(0)
  await centre.tell('/units/107/duress', { on: false, text: '人已安全' })
  expect([...seat.mishaps, ...other.mishaps]).toEqual([])
})

test('the board of units never goes sideways, cuts no word, and remembers its order', async () => {
  for (const language of ['zh', 'en'] as const) {
    const seat = await Seat.open(centre, { width: 1366, height: 768, language, theme: language === 'en' ? 'light' : 'dark' })
    const board = seat.page.locator('.panel.units')
    await board.getByRole('radio').nth(2).click()
    await board.getByRole('group', { name: language === 'en' ? 'Free' : '可派' }).waitFor()
    const sideways = await board.evaluate((e) => [...e.querySelectorAll('*')].concat(e).filter((x) => x.scrollWidth > x.clientWidth + 1 && getComputedStyle(x).overflowX !== 'visible').map((x) => x.className))
    expect(sideways).toEqual([])
    const cut = (await clipped(seat.page)).filter((c) => /chip|unit-|units-by|filters|timer|"h2|<h2/.test(c))
    expect(cut).toEqual([])
    await seat.picture(`dispatch-1366-${language}`)
    await seat.page.reload()
    await seat.page.getByRole('radio', { checked: true, name: language === 'en' ? 'by state' : '按状态' }).waitFor()
    await seat.page.getByRole('radio').first().click()
    await closeSeats()
  }
})
