import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { Centre, closeBrowser, closeSeats, hasCity, mustHaveCity, Seat } from './driver'

type Incident = { number: number; phase: string; stage: string; assignments: { unit: string }[] }
type Units = { items: { id: string; position?: { lon: number; lat: number } }[] }
type Story = { items: { type: string; params: { to?: string } }[] }

const open: Centre[] = []
afterEach(async () => {
  await closeSeats()
  for (const centre of open.splice(0)) await centre.stop()
})
afterAll(closeBrowser)

async function start(city: 'town' | 'sf', speed: number): Promise<Centre> {
  const centre = await Centre.start(city, speed)
  open.push(centre)
  return centre
}

/** Takes a call with the keyboard alone and gives its number. */
async function takeCall(seat: Seat, place: string, type: string, words: string): Promise<number> {
  seat.presses = 0
  await seat.press('F2')
  await seat.page.getByLabel(/^(地点|Place)$/).waitFor()
  await seat.find(/^(地点|Place)$/, place, new RegExp(place, 'i'))
  await seat.press('Enter')
  await seat.find(/^(类别|Type)$/, type, /./)
  await seat.press('Enter')
  await seat.type(words)
  await seat.press('Enter')
  const panel = seat.page.getByRole('region', { name: /^(警情|Incident) #\d+$/ })
  await panel.waitFor()
  await seat.sees(panel, words)
  expect(seat.presses, 'key presses besides the typed words').toBeLessThanOrEqual(12)
  return Number(/#(\d+)/.exec((await panel.getAttribute('aria-label')) ?? '')?.[1])
}

/** How fast the world runs in which a whole life is lived. */
const speed = 30
/** Seconds to wait for what takes crews so many minutes of their world, on a machine that is three times too slow for it. */
const world = (minutes: number): number => ((minutes * 60) / speed) * 3 + 30
/** Seconds to wait for what a press of a key makes the server do. */
const done = 90

/** Waits until the server says so; the screen is asked afterwards. */
async function until(what: string, ask: () => Promise<boolean>, seconds: number): Promise<void> {
  const end = Date.now() + seconds * 1000
  while (!(await ask())) {
    if (Date.now() > end) throw new Error(`not within ${seconds} s: ${what}`)
    await new Promise((next) => setTimeout(next, 200))
  }
}

/** From the ringing telephone to the closed incident, on one screen, watched on another. */
async function wholeLife(centre: Centre, city: string, place: string, type: string): Promise<void> {
  const seat = await Seat.open(centre)
  const other = await Seat.open(centre, { language: 'en' })
  const words = `两人持刀 ${Math.random().toString(36).slice(2, 8)}`
  const number = await takeCall(seat, place, type, words)
  const incident = () => centre.ask<Incident>(`/incidents/${number}`)

  // The other screen shows it without being asked.
  await other.row(number).waitFor()

  const picked = seat.page.getByRole('region', { name: '推荐' }).getByRole('checkbox', { checked: true })
  await picked.first().waitFor()
  seat.presses = 0
  await seat.press('Enter', 'Enter')
  expect(seat.presses, 'key presses to send').toBe(2)
  await until('units were sent', async () => (await incident()).assignments.length > 0, done)
  const unit = (await incident()).assignments[0]?.unit ?? ''

  const place0 = await where(centre, unit)
  await until('the unit moves', async () => (await where(centre, unit)) !== place0, world(3)) // Signed, and out of the door.
  await seat.picture(`${city}-driving-zh-dark`)
  await until('the unit is on scene', async () => (await incident()).stage === 'on_scene', world(20))
  await seat.sees(seat.story(), /到场/)

  // A first feedback by hand; the crew's own final one follows.
  const form = await seat.opens('f', '反馈')
  await form.getByRole('textbox').first().fill('现场已控制')
  await seat.press('Enter')
  await form.waitFor({ state: 'detached' })
  await seat.sees(seat.story(), /现场已控制/)
  await until('the final feedback is in', async () => (await incident()).phase === 'reported_back', world(60)) // On the scene, a ride with somebody, the paper.
  await until('every unit is free', async () => ['cleared'].includes((await incident()).stage), world(60))
  const review = await seat.opens('v', '审核')
  await seat.press('Enter')
  await until('it is reviewed', async () => (await incident()).phase === 'reviewed', done)
  await review.waitFor({ state: 'detached' })
  await seat.opens('x', '办结')
  await seat.press('Enter')
  await until('it is closed', async () => (await incident()).phase === 'closed', done)

  // The whole story, in the order in which it happened, in both languages.
  const story = (await centre.ask<Story>(`/incidents/${number}/timeline`)).items.map((e) => (e.params.to ? `${e.type} ${e.params.to}` : e.type))
  const order = [
    'incident.opened', 'incident.classified', 'assignment.dispatched', 'assignment.stage_changed acknowledged', 'assignment.stage_changed en_route',
    'assignment.stage_changed on_scene', 'incident.feedback_given', 'incident.reviewed', 'incident.closed',
  ]
  expect(order.map((t) => story.indexOf(t))).toEqual([...order.map((t) => story.indexOf(t))].sort((a, b) => a - b))
  expect(order.filter((t) => !story.includes(t))).toEqual([])
  for (const text of [/接警/, /定级/, /到场/, /反馈/, /审核/, /办结/]) await seat.sees(seat.story(), text)
  await seat.picture(`${city}-story-zh-dark`)
  await seat.english()
  for (const text of [/taken/i, /graded/i, /there/i, /report/i, /reviewed/i, /closed/i]) await seat.sees(seat.story(), text)
  // The map is drawn again in the other language; the picture waits for its streets.
  await other.row(number).waitFor({ state: 'detached' })
  await other.page.getByRole('application').waitFor()
  await other.picture(`${city}-watched-en-dark`)
  const mishaps = [...seat.mishaps, ...other.mishaps]
  await closeSeats() // Three maps at once are more than two cores draw without a graphics card.
  const light = await Seat.open(centre, { theme: 'light', width: 1366, height: 768 })
  await light.picture(`${city}-queue-zh-light-1366`)
  expect([...mishaps, ...light.mishaps]).toEqual([])
}

async function where(centre: Centre, unit: string): Promise<string> {
  const p = (await centre.ask<Units>('/units')).items.find((u) => u.id === unit)?.position
  return p ? `${p.lon.toFixed(5)},${p.lat.toFixed(5)}` : ''
}

describe('a call, from the first word to the close', () => {
  test('in the town', async () => {
    await wholeLife(await start('town', speed), 'town', '汀兰路', '持刀')
  })

  test.runIf(hasCity || mustHaveCity)('on the streets of San Francisco', async () => {
    await wholeLife(await start('sf', speed), 'sf', 'market', 'structure')
  })
})

describe('the command line', () => {
  test('sends, notes and refuses, and says what would happen first', async () => {
    const centre = await start('town', 5)
    const seat = await Seat.open(centre)
    const number = await takeCall(seat, '柳堰路', '纠纷', '邻居吵架')
    const line = seat.command()
    await seat.press('F8')
    await seat.type(`派 701 去 ${number}`)
    await seat.sees(seat.part('命令行'), /701/)
    await seat.execute()
    expect((await centre.ask<Incident>(`/incidents/${number}`)).assignments).toEqual([])
    await line.fill(`${number} 记 门牌看不清`)
    await seat.execute()
    await seat.sees(seat.story(), /门牌看不清/)
    await line.fill(`派 221 去 ${number}`)
    await seat.execute()
    expect((await centre.ask<Incident>(`/incidents/${number}`)).assignments.map((a) => a.unit)).toEqual(['221'])
    expect(seat.mishaps).toEqual([])
  })

  test('asks again when nobody answered, and takes lines as fast as they are typed', async () => {
    const centre = await start('town', 5)
    const seat = await Seat.open(centre)
    const number = await takeCall(seat, '柳堰路', '纠纷', '楼上漏水')
    const line = seat.command()
    await seat.loses(1)
    await seat.press('F8')
    await seat.type(`派 701 去 ${number}`)
    await seat.sees(seat.part('命令行'), /701/)

    // The second line is typed and executed while the first one still runs; neither is lost, and nothing is wiped.
    await seat.delays(1500)
    await line.fill(`${number} 记 先敲门`)
    await seat.press('Enter')
    await line.fill(`${number} 记 再找物业`)
    await seat.press('Enter')
    await seat.type(' ')
    await seat.sees(seat.story(), /再找物业/)
    await seat.sees(seat.story(), /先敲门/)
    expect(await line.inputValue(), 'what was typed after the last Enter').toBe(`${number} 记 再找物业 `)
    const said = (await centre.ask<Story>(`/incidents/${number}/timeline`)).items.filter((e) => e.type === 'incident.noted')
    expect(said.length, 'notes').toBe(2)
  })
})
