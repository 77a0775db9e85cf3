import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { closeBrowser, closeSeats, Seat, Shaky } from './driver'

type Point = { lon: number; lat: number }
type Incident = { id: string; number: number; narrative?: string; place?: Partial<Point>; assignments: { unit: string; stage: string }[]; drawings?: { kind: string; geometry: { coordinates: [number, number] } }[] }
type Unit = { id: string; call_sign: string; position?: Point }

let centre: Shaky
beforeAll(async () => {
  centre = await Shaky.start()
})
afterEach(closeSeats)
afterAll(async () => {
  await closeBrowser()
  await centre.stop()
})

const metersADegree = 111_320
const apart = (a: Point, b: Point): number => Math.hypot((a.lon - b.lon) * Math.cos((a.lat * Math.PI) / 180), a.lat - b.lat) * metersADegree
const units = async (): Promise<Unit[]> => (await centre.ask<{ items: Unit[] }>('/units')).items
const made = async (place: Point, narrative = '地图上的警情'): Promise<Incident> => {
  const told = await centre.tell<{ number: number }>('/incidents', { place, type: 'theft', priority: 'P3', narrative })
  return centre.ask<Incident>(`/incidents/${told.number}`)
}
const sent = async (i: Incident): Promise<string[]> => (await centre.ask<Incident>(`/incidents/${i.number}`)).assignments.map((a) => a.unit)

/** A place in the streets with no unit and no premises within a good distance of it. */
async function lonely(n: number): Promise<Point> {
  const premises = (await centre.ask<{ premises: { place: Point }[] }>('/config')).premises.map((p) => p.place)
  const all = [...(await units()).flatMap((u) => u.position ?? []), ...premises, ...(await centre.ask<{ items: Incident[] }>('/incidents?state=open&limit=500')).items.flatMap((i) => (i.place?.lon !== undefined && i.place.lat !== undefined ? [{ lon: i.place.lon, lat: i.place.lat }] : []))]
  const grid = Array.from({ length: 400 }, (_, k) => ({ lon: 118.388 + (k % 20) * 0.0013, lat: 31.19 + Math.floor(k / 20) * 0.001 }))
  const free = grid.map((p) => ({ p, m: Math.min(...all.map((o) => apart(p, o))) })).sort((a, b) => b.m - a.m)
  return free[n]?.p ?? grid[0]!
}

/** A seat that has an incident open, on a small screen: its map is drawn sooner where there is no graphics card. */
async function sits(i?: Incident): Promise<Seat> {
  const seat = await Seat.open(centre, { width: 1366, height: 768, ...(i ? { incident: i.id } : {}) })
  if (i) await seat.page.getByRole('region', { name: `警情 #${i.number}` }).waitFor()
  await seat.page.locator('.map-box[data-gl] canvas').waitFor()
  return seat
}

/** Takes the map to a place by typing it into the tool that measures. */
async function looks(seat: Seat, at: Point): Promise<void> {
  await seat.press('Alt+m')
  const field = seat.page.getByRole('textbox', { name: /地点或坐标/ })
  await field.fill(`${at.lon.toFixed(5)}, ${at.lat.toFixed(5)}`)
  await field.press('Enter')
  await seat.page.waitForFunction(() => document.querySelector<HTMLInputElement>('.corner-field')?.value === '')
  await seat.press('Escape')
  await field.waitFor({ state: 'detached' })
}

/** The sign of an incident stands over its place: so many pixels below the middle of the map, when that is the place. */
const above = -18

const box = (seat: Seat) => seat.page.locator('.send-box')
const card = (seat: Seat) => seat.page.getByRole('dialog', { name: '图上详情' })

/** Opens the card of what stands in the middle: where a program draws the map, what lies there is another thing until the map has come there. */
async function opensCard(seat: Seat, words: string, below = 0): Promise<void> {
  for (let n = 0; n < 20; n++) {
    const { x, y } = await seat.points('mark', 0, below)
    await seat.page.mouse.click(x, y)
    const told = await card(seat).getByText(words).first().waitFor({ timeout: 3000 }).then(() => true, () => false)
    if (told) return
    await seat.press('Escape')
  }
  await seat.sees(card(seat), words)
}

describe('the mark of an incident', () => {
  test('has the menu of its row, takes a unit that is dropped on it, and is opened by a click', async () => {
    const i = await made(await lonely(0))
    const seat = await sits(i)
    await seat.page.getByRole('button', { name: '图上看' }).first().press('Enter')
    const menu = await seat.menuOf(new RegExp(`^#${i.number} `), above)
    await seat.picture('map-menu-incident')
    await menu.getByRole('menuitem', { name: /附近警力/ }).click()
    const near = seat.page.getByRole('group', { name: '附近警力' })
    await near.waitFor()
    await seat.press('Escape')
    await near.waitFor({ state: 'detached' })

    const { x, y } = await seat.points('mark', 0, above)
    const canvas = seat.page.locator('.map-box canvas')
    const frame = await canvas.boundingBox()
    await seat.page.getByRole('button', { name: /^104 / }).dragTo(canvas, { force: true, targetPosition: { x: x - (frame?.x ?? 0), y: y - (frame?.y ?? 0) } })
    await box(seat).getByRole('button', { name: /^派警 104/ }).waitFor()
    expect(await sent(i), 'nobody goes by a drop alone').toEqual([])
    await seat.press('Enter')
    await expect.poll(() => sent(i), { timeout: 60_000 }).toEqual(['104'])

    const other = await made(await lonely(40))
    await seat.row(other.number).click()
    await seat.page.getByRole('region', { name: `警情 #${other.number}` }).waitFor()
    const back = await seat.points('mark', 0, above) // The map follows nobody: the first one still stands in its middle.
    await seat.page.mouse.click(back.x, back.y)
    await seat.page.getByRole('region', { name: `警情 #${i.number}` }).waitFor()
    expect(seat.mishaps).toEqual([])
  })
})

describe('the mark of a unit', () => {
  test('of several that stand in one place none is taken for another; the one in hand has its menu there, which sends it', async () => {
    const i = await made(await lonely(0))
    const seat = await sits(i)
    const place = (await units()).find((u) => u.id === '109')?.position
    const beside = (await units()).filter((u) => u.position && place && apart(u.position, place) < 1).map((u) => u.call_sign)
    expect(beside.length, 'at one station').toBeGreaterThan(2)
    await seat.page.getByRole('button', { name: /^109 / }).click({ button: 'right' })
    await seat.page.getByRole('menuitem', { name: '图上看' }).click()
    // As long as the map is drawn nearer they are still a crowd, which can be parted; those in one place cannot.
    const closer = card(seat).getByRole('button', { name: '放大分开' })
    for (let n = 0; n === 0 || (await closer.count()) > 0; n++) {
      if (n > 0) await seat.press('Escape')
      await card(seat).waitFor({ state: 'detached' })
      await opensCard(seat, `这里有 ${beside.length} 个`)
    }
    for (const sign of beside) await card(seat).getByRole('button', { name: new RegExp(`${sign} `) }).waitFor()
    await seat.picture('map-card-units')
    await card(seat).getByRole('button', { name: /109 / }).click({ button: 'right' }) // Each of them has its menu here, too.
    await seat.page.getByRole('menu', { name: /^109 / }).waitFor()
    await seat.press('Escape')
    await seat.page.getByRole('menu').waitFor({ state: 'detached' })
    expect(await card(seat).isVisible(), 'Esc closes one thing').toBe(true)
    await card(seat).getByRole('button', { name: /109 / }).click()
    await seat.page.getByRole('complementary', { name: '警力 109' }).waitFor()

    const menu = await seat.menuOf(/^109 /) // It is in hand: its mark stands over the others.
    await seat.picture('map-menu-unit')
    await menu.getByRole('menuitem', { name: new RegExp(`派往 #${i.number}`) }).waitFor()
    await seat.press('1')
    await box(seat).locator('.go').waitFor()
    await seat.press('Enter')
    await expect.poll(() => sent(i), { timeout: 60_000 }).toEqual(['109'])
    expect(seat.mishaps).toEqual([])
  })
})

describe('the ground', () => {
  test('has a menu of its own: a new incident is taken there, it is measured from there, rings and a point are drawn there', async () => {
    const i = await made(await lonely(0))
    const seat = await sits(i)
    await seat.page.getByRole('button', { name: '图上看' }).first().press('Enter')
    await seat.points('mark', 0, above)
    const place = i.place as Point
    const [right, below] = [60, 40] // Pixels; at this zoom nothing of ours stands there.
    const menu = await seat.menuAt('ground', right, below)
    expect(await menu.getAttribute('aria-label')).toBe('地图此处')
    await seat.picture('map-menu-ground')
    await seat.press('5')
    const measure = seat.page.getByRole('group', { name: '量测' }).first()
    await measure.waitFor()
    await seat.press('Escape')
    await seat.page.getByRole('textbox', { name: /地点或坐标/ }).waitFor({ state: 'detached' })

    await seat.menuAt('ground', right, below)
    await seat.press('7')
    const drawn = async () => (await centre.ask<Incident>(`/incidents/${i.number}`)).drawings ?? []
    await expect.poll(async () => (await drawn()).map((d) => d.kind), { timeout: 60_000 }).toEqual(['point'])
    const [lon, lat] = (await drawn())[0]?.geometry.coordinates ?? [0, 0]
    expect(lon, 'to the right is east').toBeGreaterThan(place.lon)
    expect(lat, 'below is south').toBeLessThan(place.lat)
    expect(apart({ lon, lat }, place)).toBeLessThan(600)
    await seat.sees(seat.story(), /标绘：围堵点/)

    await seat.menuAt('ground', -right, below)
    await seat.press('4')
    await seat.page.getByRole('group', { name: '1-3-5 分钟圈' }).waitFor()

    await seat.menuAt('ground', -right, -below)
    await seat.press('ArrowUp', 'Home', 'Enter') // The first line, by the arrows.
    await seat.page.getByRole('textbox', { name: '报警内容' }).fill('地图上点出来的')
    await seat.press('Enter')
    const taken = async () => (await centre.ask<{ items: Incident[] }>('/incidents?state=open&limit=500')).items.find((x) => x.narrative === '地图上点出来的')
    await expect.poll(async () => (await taken())?.place?.lon !== undefined, { timeout: 60_000 }).toBe(true)
    const there = (await taken())?.place as Point
    expect([there.lon < place.lon, there.lat > place.lat], 'to the left and above is west and north').toEqual([true, true])
    expect(apart(there, place)).toBeLessThan(600)
    expect(seat.mishaps).toEqual([])
  })

  test('says why nothing can be drawn there while no incident is open', async () => {
    const seat = await sits()
    await looks(seat, await lonely(0))
    const menu = await seat.menuAt('ground', 90, 60)
    const point = menu.getByRole('menuitem', { name: /围堵点/ })
    expect(await point.getAttribute('aria-disabled')).toBe('true')
    await seat.sees(point, /警情/)
    await seat.press('7')
    expect(await menu.isVisible(), 'it does nothing').toBe(true)
    await seat.press('Escape')
    await menu.waitFor({ state: 'detached' })
  })
})

describe('what else stands on it', () => {
  test('key premises tell what is known of them', async () => {
    const { premises } = await centre.ask<{ premises: { id: string; name: { zh: string }; place: Point }[] }>('/config')
    const others = (await units()).flatMap((u) => u.position ?? [])
    const free = premises.map((p) => ({ p, m: Math.min(...others.map((o) => apart(o, p.place))) })).sort((a, b) => b.m - a.m)[0]?.p
    if (!free) throw new Error('the town has no key premises')
    const seat = await sits()
    for (let n = 0; n < 3; n++) await seat.page.getByRole('button', { name: '放大' }).press('Enter') // The map of the whole town goes nowhere.
    await looks(seat, free.place)
    await opensCard(seat, free.name.zh)
    await seat.picture('map-card-premises')
    await seat.press('Escape')
    await card(seat).waitFor({ state: 'detached' })
    expect(seat.mishaps).toEqual([])
  })

  test('a crowd tells who is in it, and opens any of them', async () => {
    const far = { lon: 118.5, lat: 31.5 } // Nobody else is there.
    const all = [await made(far, '一'), await made(far, '二'), await made(far, '三'), await made(far, '四')]
    const seat = await sits()
    await looks(seat, far)
    for (let n = 0; n < 3; n++) await seat.page.getByRole('button', { name: '缩小' }).press('Enter')
    await opensCard(seat, '这里有 4 个', above)
    for (const i of all) await seat.sees(card(seat), `#${i.number}`)
    await seat.picture('map-card-crowd')
    await card(seat).getByRole('button', { name: new RegExp(`#${all[2]?.number} `) }).press('Enter')
    await seat.page.getByRole('region', { name: `警情 #${all[2]?.number}` }).waitFor()
    await card(seat).waitFor({ state: 'detached' })
    expect(seat.mishaps).toEqual([])
  })
})
