import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { closeBrowser, closeSeats, Seat, Shaky } from './driver'

type Drawing = { kind: string; label?: string; geometry: { type: string; coordinates: unknown } }

const here = { lon: 118.4018, lat: 31.2001 }
const typed = (east: number, north: number): string => `${(here.lon + east).toFixed(5)}, ${(here.lat + north).toFixed(5)}`

let centre: Shaky
let incident: string
let number: number

beforeAll(async () => {
  centre = await Shaky.start()
  const told = await centre.tell<{ id: string; number: number }>('/incidents', { place: { ...here, address: '汀兰步行街12号' }, type: 'robbery', priority: 'P1', narrative: '两人持锤' })
  incident = told.id
  number = told.number
})
afterEach(closeSeats)
afterAll(async () => {
  await closeBrowser()
  await centre.stop()
})

const drawings = async (): Promise<Drawing[]> => (await centre.ask<{ drawings?: Drawing[] }>(`/incidents/${incident}`)).drawings ?? []

/** A seat that has the incident open and its map in hand. */
async function sits(): Promise<Seat> {
  const seat = await Seat.open(centre, { width: 1366, height: 768 }) // A smaller map is drawn sooner where there is no graphics card.
  await seat.row(number).dispatchEvent('click')
  await seat.page.getByRole('region', { name: `警情 #${number}` }).waitFor()
  await seat.page.locator('.map-box[data-gl] canvas').waitFor()
  return seat
}

/** What of ours is on the map, as it is read to whoever does not see it. */
async function reads(seat: Seat): Promise<ReturnType<Seat['part']>> {
  const list = seat.part('在图列表')
  if (!(await list.isVisible())) await seat.page.getByRole('button', { name: '在图列表' }).press('Enter')
  await list.waitFor()
  return list
}

const bar = (seat: Seat) => seat.page.getByRole('group', { name: '标绘', exact: true })

/** Puts a corner down by typing it, and waits until it was taken. */
async function corner(seat: Seat, words: string): Promise<void> {
  const field = seat.page.getByRole('textbox', { name: /地点或坐标/ })
  await field.fill(words)
  await field.press('Enter')
  await seat.page.waitForFunction(() => document.querySelector<HTMLInputElement>('.corner-field')?.value === '')
}

describe('drawing', () => {
  test('what one seat draws by keys, the other sees at once with who drew it, and its map stays where it is; both draw, and either takes back', async () => {
    const [ann, ben] = [await sits(), await sits()]
    const list = await reads(ben)
    await ann.press('Alt+g')
    await bar(ann).getByRole('textbox', { name: /文字/ }).fill('北口')
    await ann.page.locator('.map-box canvas').focus()
    await ann.press('Space')
    await ben.sees(list, '北口')
    await ben.sees(ben.story(), /标绘：围堵点/)
    const [first] = await drawings()
    expect(first).toMatchObject({ kind: 'point', label: '北口', geometry: { type: 'Point' } })

    await bar(ann).getByRole('button', { name: '区域' }).press('Enter')
    await bar(ann).getByRole('textbox', { name: /文字/ }).fill('搜索区')
    for (const [east, north] of [[0.02, 0.01], [0.022, 0.01], [0.022, 0.012]] as const) await corner(ann, typed(east, north)) // Ann asked to look there: her map goes.
    await ann.sees(bar(ann), /3 个点/)
    await bar(ann).getByRole('button', { name: /保存/ }).press('Enter')
    await ben.sees(ben.story(), /标绘：区域/)
    await ann.press('Escape')
    await bar(ann).waitFor({ state: 'detached' })

    // Ben's map has followed nobody: its middle is where Ann's was before she moved.
    await ben.press('Alt+g')
    await bar(ben).getByRole('textbox', { name: /文字/ }).fill('南口')
    await ben.page.locator('.map-box canvas').focus()
    await ben.press('Space')
    await ann.sees(ann.story(), /南口/)
    const all = await drawings()
    expect(all.map((d) => [d.kind, d.label])).toEqual([['point', '北口'], ['area', '搜索区'], ['point', '南口']])
    const at = (d: Drawing | undefined) => (d ? (d.geometry.coordinates as number[]).map((x) => x.toFixed(4)) : [])
    expect(at(all[2])).toEqual(at(first))

    await ben.page.locator('.tray').getByRole('button', { name: /^(撤回|撤销|召回)/ }).first().press('Enter')
    await ann.sees(ann.story(), /撤除标绘：围堵点/)
    expect((await drawings()).map((d) => d.label)).toEqual(['北口', '搜索区'])
    expect([...ann.mishaps, ...ben.mishaps]).toEqual([])
  })

  test('a knot is refused in words, and what was put down stays in hand', async () => {
    const seat = await sits()
    const before = (await drawings()).length
    await seat.press('Alt+g')
    await bar(seat).getByRole('button', { name: '区域' }).press('Enter')
    for (const [east, north] of [[0, 0], [0.002, 0.002], [0.002, 0], [0, 0.002]] as const) await corner(seat, typed(east, north))
    await seat.sees(bar(seat), /4 个点/)
    await bar(seat).getByRole('button', { name: /保存/ }).press('Enter')
    await seat.sees(seat.page.locator('.top'), /边相互交叉/)
    await seat.sees(bar(seat), /4 个点/)
    expect((await drawings()).length).toBe(before)
  })
})

describe('the map', () => {
  test('measures a distance, an area and the way of a car, by typing', async () => {
    const seat = await sits()
    await seat.press('Alt+m')
    const measure = seat.page.getByRole('group', { name: '量测' }).first()
    await corner(seat, typed(0, 0))
    await corner(seat, typed(0.01, 0))
    await seat.sees(measure, /95\d m/)
    await measure.getByRole('button', { name: '面积' }).press('Enter')
    for (const [east, north] of [[0, 0], [0.01, 0], [0.01, 0.01]] as const) await corner(seat, typed(east, north))
    await seat.sees(measure, /5[23]\.\d ha/)
    await measure.getByRole('button', { name: '行车' }).press('Enter')
    await corner(seat, typed(0, 0))
    await corner(seat, typed(0.005, 0.002))
    await seat.sees(measure, /行车 \d+:\d\d/)
    await seat.press('Escape')
    await measure.getByRole('status').waitFor({ state: 'detached' })
  })

  test('remembers its layers over a reload, and says who draws it', async () => {
    const seat = await sits()
    expect(await seat.page.locator('.map-box').getAttribute('data-gl')).toBe('software')
    await seat.press('Alt+l')
    const menu = seat.page.locator('.layer-menu')
    await menu.getByRole('checkbox', { name: /部位/ }).press('Space')
    await menu.getByRole('checkbox', { name: /辖区/ }).press('Space')
    await seat.press('Escape')
    await menu.waitFor({ state: 'detached' })
    await seat.page.reload()
    await seat.page.locator('.map-box[data-gl] canvas').waitFor()
    await seat.press('Alt+l')
    expect(await menu.getByRole('checkbox', { name: /部位/ }).isChecked()).toBe(false)
    expect(await menu.getByRole('checkbox', { name: /辖区/ }).isChecked()).toBe(true)
    expect(await menu.getByRole('checkbox', { name: /警力/ }).isChecked()).toBe(true)
  })

  test('is read as a list, and the right button asks a place what it is and who is near', async () => {
    const seat = await sits()
    const list = await reads(seat)
    await seat.sees(list, /图中：警情 [1-9]\d* · 警力 [1-9]\d*/)
    await list.getByRole('button', { name: /可派|available/ }).first().waitFor()
    await seat.page.locator('.map-box canvas').click({ button: 'right', position: { x: 220, y: 330 }, force: true })
    const menu = seat.page.getByRole('menu', { name: '地图此处' })
    await menu.waitFor()
    await seat.press('ArrowDown', 'Enter')
    await seat.sees(seat.page.getByRole('dialog', { name: '图上详情' }), /附近警力/)
    await seat.page.getByRole('dialog', { name: '图上详情' }).getByRole('button').nth(1).waitFor()
  })
})
