import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { clipped, closeBrowser, InputMethod, Seat, Shaky, Wire } from './driver'

type Incident = { id: string; number: number; narrative?: string; happened?: string; received: string; assignments: { unit: string; stage: string }[] }
type Entry = { type: string; text?: string; happened: string; at: string; params?: { unit?: string; to?: string } }
type Order = { number: number; text?: string; to: { id: string }[] }

// One centre for all, and one seat at a time: a map that nobody looks at still takes a processor.
let centre: Shaky
const seats: Seat[] = []
beforeAll(async () => {
  centre = await Shaky.start()
})
afterEach(async () => {
  for (const seat of seats.splice(0)) await seat.page.context().close()
})
afterAll(async () => {
  await closeBrowser()
  await centre?.stop()
})

async function sit(look: Parameters<typeof Seat.open>[1] = {}): Promise<Seat> {
  const seat = await Seat.open(centre, look)
  seats.push(seat)
  return seat
}

/** Every incident of the room that was told in these words. */
const told = async (words: string): Promise<Incident[]> =>
  (await centre.ask<{ items: Incident[] }>('/incidents?state=open&limit=500')).items.filter((i) => i.narrative?.includes(words))

/** Fills the form of a new call up to the last Enter. */
async function fillIn(seat: Seat, words: string): Promise<void> {
  await seat.press('F2')
  await seat.page.getByLabel('报警内容').fill(words)
  await seat.page.getByLabel('报警内容').focus()
}

describe('an input method', () => {
  test('keeps its Enter, its Esc and its letters: nothing is executed, closed or opened while it composes', async () => {
    const seat = await sit({ map: false })
    const executed: string[] = []
    const quiet = /\/api\/v1\/(hints$|drafts\/)/ // A question and a draft change nothing in the room.
    seat.page.on('request', (r) => {
      if (r.method() === 'POST' && !quiet.test(new URL(r.url()).pathname) && !(r.postData() ?? '').includes('"dry_run":true')) executed.push(`${new URL(r.url()).pathname} ${r.postData()}`)
    })
    const ime = await InputMethod.of(seat)
    const { number } = await centre.tell<Incident>('/incidents', { narrative: '先有一条' })

    // The command line: a note whose words are composed.
    await seat.press('F8')
    const line = seat.page.getByRole('textbox', { name: '命令行' })
    await seat.type(`${number} 记 `)
    await ime.compose('menpai')
    await seat.press('Enter', 'Escape', 'F2', 'F9')
    await ime.taken('Enter')
    expect(await line.inputValue()).toBe(`${number} 记 menpai`)
    expect(await seat.page.getByRole('form').count() + await seat.page.getByRole('dialog').count()).toBe(0)
    await ime.commit('门牌看不清')
    await ime.taken('Enter') // Some input methods tell the key after the commit.
    expect(await line.inputValue()).toBe(`${number} 记 门牌看不清`)
    expect(executed).toEqual([])
    await seat.press('Enter')
    await expect.poll(() => executed.length, { timeout: 5000 }).toBe(1)
    expect(executed[0]).toContain('门牌看不清')

    // The call form: Enter in the narrative saves, Esc closes; neither while composing.
    await fillIn(seat, '两人')
    await seat.press('End')
    await ime.compose('chidao')
    await ime.down('Enter', 13) // The same key as other input methods tell it: only isComposing is set.
    await ime.taken('Enter')
    await seat.press('Escape', 'F8')
    expect(await seat.page.getByLabel('报警内容').inputValue()).toBe('两人chidao')
    await ime.commit('持刀')
    expect(executed).toHaveLength(1)
    await seat.press('Enter')
    await expect.poll(async () => (await told('两人持刀')).length, { timeout: 5000 }).toBe(1)
    expect(seat.mishaps).toEqual([])
  })
})

test('no words are cut in the light theme, in English, on 1366x768', async () => {
  const seat = await sit({ width: 1366, height: 768, theme: 'light', language: 'en' })
  const page = seat.page
  const cut: Record<string, string[]> = {}
  const look = async (state: string) => {
    const words = await clipped(page)
    if (words.length > 0) cut[state] = words
    await seat.picture(`words-${state}-en-light-1366`)
  }
  const { id, number } = await centre.tell<Incident>('/incidents', {
    place: { lon: 118.4018, lat: 31.2001, address: '汀兰步行街12号' }, type: 'knife', priority: 'P1', tags: ['knife'],
    narrative: 'two men are fighting, one has a knife, many people are watching', caller: { name: 'Zhou', number: '19900001234' },
  })
  await centre.tell('/incidents', { place: { lon: 118.4022, lat: 31.2003, address: '汀兰步行街14号' }, narrative: 'people are fighting' })
  const option = page.getByRole('option', { name: new RegExp(`Incident ${number} `) })
  await option.waitFor()
  await look('start')
  await option.click()
  await page.getByRole('checkbox', { checked: true }).first().waitFor()
  await look('open')
  await page.getByRole('button', { name: 'More', exact: true }).first().click()
  const taught = await page.locator('button[title^="› "]').evaluateAll((all) => all.map((b) => (b as HTMLElement).title.slice(2)))
  expect(taught.length).toBeGreaterThan(4)
  for (const text of taught) expect(`${text}: ${(await centre.tell<{ status: string }>('/command', { text: text.replace('43', '5'), dry_run: true })).status}`).toBe(`${text}: preview`)
  for (const [key, form] of [['c', 'Classify'], ['f', 'Report'], ['m', 'Merge'], ['w', 'Act with'], ['a', 'Place']] as const) {
    await seat.press(key)
    await page.getByRole('form', { name: form }).waitFor()
    await look(form)
    await seat.press('Escape')
  }
  await seat.press('F2')
  await page.getByLabel('Place', { exact: true }).waitFor()
  await seat.find(/^Place$/, '汀兰', '汀兰')
  await seat.press('Enter')
  await seat.find(/^Type$/, 'st', /./)
  await look('call')
  await seat.press('Escape', 'Escape', '?') // The list of types first, then the form.
  await page.getByRole('dialog').waitFor()
  await look('keys')
  await seat.press('Escape', 'F8')
  await seat.type(`send 101 102 to ${number}`)
  await page.getByText(/^sends /).waitFor()
  await look('command')
  await page.getByRole('button', { name: /^103 / }).click()
  await look('unit')
  const lines = await page.locator('.panel.units .scroll').evaluate((e) => (e.clientHeight - 2) / 18)
  expect(lines, 'lines that the board of units shows, none of them in part').toBe(Math.round(lines))
  await seat.press('Escape', 'Escape', 'F7')
  for (const tab of ['Overdue', 'Orders', 'Reports', 'Alerts']) {
    await page.getByRole('tab', { name: new RegExp(`^${tab}`) }).press('Enter')
    await look(`commander ${tab}`)
  }
  await seat.press('F7', 'Alt+Shift+B')
  await page.getByRole('region', { name: 'Enter a paper card' }).waitFor()
  await look('entry')
  await seat.press('Alt+Shift+B', 'Alt+Shift+P')
  await page.getByRole('dialog').waitFor()
  await look('pack')
  await seat.press('Escape')
  await centre.tell('/units/107/duress', { on: true })
  await page.getByRole('alert').getByText(/DURESS 107/).waitFor()
  await look('duress')
  centre.standStill()
  await page.getByText(/FROZEN/).waitFor({ timeout: 6000 })
  await look('frozen')
  centre.goOn()
  expect(cut).toEqual({})
  expect(id).not.toBe('')
  expect(seat.mishaps).toEqual([])
})

describe('a call that cannot be stored', () => {
  test('is stored once when only the answer was lost, and when the server said that it was not stored', async () => {
    const seat = await sit({ map: false })
    const keys: string[] = []
    let mode: 'lost' | 'not_stored' | 'open' = 'lost'
    await seat.page.route('**/api/v1/incidents', async (route) => {
      keys.push(route.request().headers()['idempotency-key'] ?? '')
      if (mode === 'open') return route.continue()
      if (mode === 'lost') await route.fetch() // The server stores it; nobody hears of it.
      else return route.fulfill({ status: 503, contentType: 'application/problem+json', body: JSON.stringify({ status: 503, kind: 'unavailable', code: 'not_stored' }) })
      return route.abort('connectionreset')
    })
    const card = seat.page.getByRole('alert', { name: '待补存 1' })

    await fillIn(seat, '窗户里冒烟')
    await seat.press('Enter')
    await seat.sees(card, '待存单 1')
    const [stored] = await told('窗户里冒烟')
    mode = 'open'
    await card.waitFor({ state: 'detached', timeout: 10_000 })
    expect((await told('窗户里冒烟')).map((i) => i.number)).toEqual([stored?.number])
    expect(new Set(keys).size, 'one key for all tries').toBe(1)
    await seat.page.getByRole('status').getByText(`已存 #${stored?.number}`).waitFor({ timeout: 5000 })

    keys.length = 0
    mode = 'not_stored'
    await fillIn(seat, '电梯里有人被困')
    await seat.press('Enter')
    await seat.sees(card, '电梯里有人被困')
    expect(await told('电梯里有人被困')).toEqual([])
    await seat.page.reload() // A reload loses no card.
    await seat.sees(card, '电梯里有人被困')
    mode = 'open'
    await card.waitFor({ state: 'detached', timeout: 10_000 })
    expect(await told('电梯里有人被困')).toHaveLength(1)
    expect(new Set(keys).size).toBe(1)
  })

  test('becomes a numbered paper card while the server is gone, and one incident when it is back', async () => {
    const seat = await sit({ map: false })
    await fillIn(seat, '河边有人落水')
    await centre.down()
    await seat.press('Enter')
    const card = seat.page.getByRole('alert', { name: '待补存 1' })
    await seat.sees(card, '河边有人落水')
    await seat.sees(card, '待存单 1')
    const code = /编号 (\w{6})/.exec(await card.innerText())?.[1] ?? 'no code'
    await seat.page.getByText(/画面已停/).waitFor({ timeout: 8000 })

    // A second one, with the next number, while the first still waits.
    await fillIn(seat, '路灯倒了')
    await seat.press('Enter')
    const both = seat.page.getByRole('alert', { name: '待补存 2' })
    await seat.sees(both, '待存单 2')

    await centre.up()
    await both.or(card).waitFor({ state: 'detached', timeout: 20_000 })
    const found = [...await told('河边有人落水'), ...await told('路灯倒了')]
    expect(found).toHaveLength(2)
    expect(found[0]?.id.endsWith(code), 'the incident has the code of the card').toBe(true)
    await seat.sees(seat.part('警情队列'), /河边有人落水/)
  })
})

describe('a desk whose server is away', () => {
  // A room of its own: of a longer queue only the rows that are looked at are drawn.
  beforeAll(async () => {
    await centre.stop()
    centre = await Shaky.start()
  })
  const timeline = async (number: number) => (await centre.ask<{ items: Entry[] }>(`/incidents/${number}/timeline`)).items
  const arrivals = async (number: number, unit: string) => (await timeline(number)).filter((e) => e.type === 'assignment.stage_changed' && e.params?.unit === unit && e.params.to === 'on_scene')
  const orders = async () => (await centre.ask<{ items: Order[] }>('/orders?state=all')).items.filter((o) => o.text === '管控步行街北口')

  test('opens as it stood, takes what is done, and brings it to the server once, each with its time; who was overtaken chooses', async () => {
    const wire = await Wire.to(centre)
    const place = { lon: 118.4018, lat: 31.2001, address: '汀兰步行街12号' }
    const [first, second] = [await centre.tell<Incident>('/incidents', { priority: 'P2', narrative: '商铺被砸', place }), await centre.tell<Incident>('/incidents', { priority: 'P3', narrative: '车辆刮擦', place })]
    for (const [i, unit] of [[first, '101'], [second, '102']] as const) {
      await centre.tell(`/incidents/${i.id}/dispatch`, { units: [unit] })
      await centre.tell(`/units/${unit}/status`, { to: 'en_route', incident: i.id })
    }
    const seat = await Seat.open(wire)
    seats.push(seat)
    const { page } = seat
    const unsent = (n: number) => page.getByRole('button', { name: new RegExp(`未送出 ${n}( |$)`) }).waitFor()
    const frozen = () => page.getByText(/画面已停/).waitFor()
    await seat.row(first.number).waitFor()
    await seat.keeps(second.id)

    await centre.down()
    await frozen()
    await page.reload() // Nobody is there to give the page.
    await frozen()
    await seat.row(first.number).click()
    await page.getByRole('region', { name: `警情 #${first.number}` }).waitFor()
    await page.getByRole('button', { name: /^101 / }).waitFor()
    await seat.picture('offline-reloaded')
    const [stood = ''] = /\d\d:\d\d$/.exec(await page.getByLabel('世界时钟').innerText()) ?? []
    await seat.press('d', '1')
    await unsent(1)
    await seat.press('F8')
    await page.getByRole('textbox', { name: '命令行' }).fill(`${first.number} 记 后门有人守`)
    await seat.press('Enter')
    await unsent(2)
    await seat.press('F7')
    await page.getByRole('tab', { name: /指令/ }).press('Enter')
    await page.getByRole('button', { name: '新指令' }).press('Enter')
    await page.getByRole('textbox', { name: '承办单位' }).and(page.locator(':focus')).waitFor()
    await seat.type('103')
    await seat.press('Tab')
    await seat.type('管控步行街北口')
    await seat.press('Enter')
    await unsent(3)
    await seat.row(second.number).click()
    await page.getByRole('region', { name: `警情 #${second.number}` }).waitFor()
    await seat.press('d', '1')
    await unsent(4)
    await fillIn(seat, '河边有人落水')
    await seat.press('Enter')
    await seat.sees(page.getByRole('alert', { name: '待补存 1' }), '河边有人落水')
    await unsent(5)

    await page.reload() // What was done is not lost with the page either.
    await unsent(5)
    await seat.sees(page.getByRole('alert', { name: '待补存 1' }), '河边有人落水')
    await page.getByRole('button', { name: /未送出 5/ }).press('Enter')
    const list = page.getByRole('dialog', { name: '未送出' })
    for (const words of ['101 到场', '后门有人守', '管控步行街北口', '102 到场']) await seat.sees(list, new RegExp(words))
    await seat.picture('offline-unsent')
    await seat.press('Escape')

    // The server comes back; before this seat reaches it, somebody else gives 102 other work.
    await wire.cut()
    await centre.up()
    await centre.tell(`/incidents/${second.id}/recall`, { units: ['102'], reason: '改派' })
    await wire.mend()
    await page.getByRole('button', { name: /冲突 1/ }).waitFor()
    await page.getByText('实时').waitFor()
    expect(await told('河边有人落水')).toHaveLength(1)
    const there = await arrivals(first.number, '101')
    expect(there).toHaveLength(1)
    expect(there[0]?.happened, "it happened when it was pressed: a demonstration's clock stands while its server is away").toContain(`:${stood}.`)
    expect((await timeline(first.number)).filter((e) => e.type === 'incident.noted').map((e) => e.text)).toEqual(['后门有人守'])
    expect((await orders()).map((o) => o.to.map((r) => r.id))).toEqual([['103']])
    expect(await arrivals(second.number, '102'), 'what was overtaken is not done').toEqual([])
    await page.getByRole('button', { name: /冲突 1/ }).press('Enter')
    await seat.sees(list, /102 到场/)
    await seat.sees(list, /现在 102/)
    await seat.picture('offline-conflict')
    await list.getByRole('button', { name: '撤下不发' }).press('Enter')
    await page.getByRole('button', { name: /冲突|未送出/ }).waitFor({ state: 'detached' })
    expect((await orders()).length, 'nothing was sent twice').toBe(1)
    await page.context().close()
    await wire.cut()
  })
})
