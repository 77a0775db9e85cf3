import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { Centre, closeBrowser, closeSeats, Seat } from './driver'

type Unit = { id: string; call_sign: string; station?: string; kind: string; state: string; dispatchable: boolean; position?: { lon: number; lat: number }; standby?: { place: { lon: number; lat: number } } }
type Recommendation = { wave: number; shortfalls: { what: string }[] }
type Cover = { ready: boolean; areas: { org: string; class: string; state: string }[]; moves: { id: string; unit: string }[] }

const open: Centre[] = []
afterEach(async () => {
  await closeSeats()
  for (const centre of open.splice(0)) await centre.stop()
})
afterAll(closeBrowser)

async function start(city: 'town' | 'yunze', speed: number): Promise<Centre> {
  const centre = await Centre.start(city, speed)
  open.push(centre)
  return centre
}

async function until(what: string, ask: () => Promise<boolean>, seconds = 90): Promise<void> {
  const end = Date.now() + seconds * 1000
  while (!(await ask())) {
    if (Date.now() > end) throw new Error(`not within ${seconds} s: ${what}`)
    await new Promise((next) => setTimeout(next, 250))
  }
}

const units = async (centre: Centre): Promise<Unit[]> => (await centre.ask<{ items: Unit[] }>('/units')).items

/** Takes units away as a break does. */
async function away(centre: Centre, which: (u: Unit) => boolean): Promise<string[]> {
  const gone = (await units(centre)).filter((u) => u.dispatchable && u.state === 'available' && which(u)).map((u) => u.id)
  for (const id of gone) await centre.tell(`/units/${id}/status`, { to: 'unavailable', reason: 'meal' })
  return gone
}

/** A stabbing in the middle of the town. */
const stabbing = async (centre: Centre): Promise<string> =>
  (await centre.tell<{ id: string }>('/incidents', { place: { lon: 118.4018, lat: 31.2001, address: '汀兰步行街12号' }, type: 'knife', priority: 'P1', tags: ['knife'], narrative: '一人持刀', source: 'phone' })).id

/** A seat that opens an incident by its address, as a reload does. */
async function opened(centre: Centre, id: string): Promise<Seat> {
  const seat = await Seat.open(centre, { incident: id })
  await seat.page.getByRole('region', { name: '推荐' }).getByRole('checkbox', { checked: true }).first().waitFor()
  return seat
}

describe('who should go', () => {
  test('a need that nobody fills is said with its remedy, the next wave asks for more, and the choice is kept', async () => {
    const centre = await start('town', 1)
    await away(centre, (u) => u.kind === 'assault')
    const id = await stabbing(centre)
    const seat = await opened(centre, id)
    const rec = seat.page.getByRole('region', { name: '推荐' })
    await seat.sees(rec, /缺 特警/)
    await seat.sees(rec, /近\(持械\) \d\/\d/)
    await seat.sees(rec, /第 1\/\d 波/)
    await seat.sees(rec, /管辖/)

    await seat.press('e')
    await until('the next wave is in force', async () => (await centre.ask<Recommendation>(`/incidents/${id}/recommendation`)).wave === 2)
    await seat.sees(rec, /第 2\/\d 波/)
    await seat.sees(seat.story(), /启动第 2 波/)

    seat.presses = 0
    await seat.press('Enter', 'Enter')
    expect(seat.presses, 'key presses to send').toBe(2)
    await until('units were sent', async () => (await centre.ask<{ assignments: unknown[] }>(`/incidents/${id}`)).assignments.length > 0)
    await seat.sees(seat.story(), /按推荐派/)
    await seat.picture('recommendation-sent-zh-dark')
    expect(seat.mishaps).toEqual([])
  })

  test('rings are drawn for the open incident and remembered on the seat', async () => {
    const centre = await start('town', 1)
    const id = await stabbing(centre)
    const seat = await opened(centre, id)
    const drawn = seat.page.waitForResponse((r) => r.url().includes('/api/v1/rings?incident='))
    await seat.press('Alt+8')
    const rings = (await (await drawn).json()) as { features: { properties: { minutes: number } }[] }
    expect(rings.features.map((f) => f.properties.minutes)).toEqual([1, 3, 5])
    await seat.page.getByRole('group', { name: '1-3-5 分钟圈' }).waitFor()
    await seat.comesBack(centre)
    await seat.page.getByRole('group', { name: '1-3-5 分钟圈' }).waitFor()
    await seat.press('Alt+8')
    await seat.page.getByRole('group', { name: '1-3-5 分钟圈' }).waitFor({ state: 'detached' })
    expect(seat.mishaps).toEqual([])
  })
})

describe('cover', () => {
  test('an area that stands empty raises an alarm, a person sees it and moves a unit up, which drives there', async () => {
    const centre = await start('yunze', 10)
    await until('the cover is known', async () => (await centre.ask<Cover>('/cover')).ready)
    const seat = await Seat.open(centre)
    // One station's own crews, and the patrols but for a few: somewhere nobody comes in time any more.
    const gone = await away(centre, (u) => u.station === 'st2' || (u.kind === 'patrol_car' && Number(u.id) > 103))
    expect(gone.length).toBeGreaterThan(2)
    const bar = seat.page.getByLabel('总览')
    await seat.sees(bar, /\d 处空档/)

    seat.presses = 0
    await seat.press('Alt+9')
    const panel = seat.page.getByRole('region', { name: '覆盖', exact: true })
    await panel.waitFor()
    await seat.sees(panel, /从不计入/) // What officers began themselves.
    const seen = panel.getByRole('button', { name: '知悉' })
    for (let n = await seen.count(); n > 0; n = await seen.count()) {
      await seen.first().press('Enter')
      await until('one less waits to be seen', async () => (await seen.count()) < n)
    }
    await seat.sees(bar, /已知悉/)

    const up = panel.getByRole('button', { name: /^调 .+ 去 / }).first()
    await up.waitFor()
    const sign = /^调 (\S+) 去/.exec((await up.getAttribute('aria-label')) ?? '')?.[1] ?? ''
    const before = (await units(centre)).find((u) => u.call_sign === sign)
    await up.press('Enter')
    await until('the unit has its order', async () => (await units(centre)).some((u) => u.call_sign === sign && u.standby !== undefined))
    await seat.sees(panel.getByRole('region', { name: '在备勤点' }), sign)
    await seat.picture('cover-moved-zh-dark')
    const at = (u: Unit | undefined) => JSON.stringify(u?.position ? [u.position.lon.toFixed(4), u.position.lat.toFixed(4)] : [])
    await until('it drives', async () => at((await units(centre)).find((u) => u.call_sign === sign)) !== at(before), 180)

    await panel.getByRole('region', { name: '在备勤点' }).getByRole('button', { name: '结束备勤' }).first().press('Enter')
    await until('it is free of its order', async () => (await units(centre)).every((u) => u.call_sign !== sign || u.standby === undefined))
    await seat.press('Escape')
    await panel.waitFor({ state: 'detached' })
    expect(seat.mishaps).toEqual([])
  })
})
