import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { Centre, clipped, closeBrowser, closeSeats, Seat } from './driver'

type Incident = { phase: string; stage: string; first_on_scene_at?: string; assignments: { unit: string }[]; commander?: { actor: string }; calls?: { id: string }[]; aside?: unknown[] }
type Demo = { paused: boolean; speed: number; chosen: number; clock: string }

const open: Centre[] = []
afterEach(async () => {
  await closeSeats()
  for (const centre of open.splice(0)) await centre.stop()
})
afterAll(closeBrowser)

async function start(speed: number, city: 'town' | 'yunze' = 'town'): Promise<Centre> {
  const centre = await Centre.start(city, speed, ...(city === 'yunze' ? ['--autopilot', 'recommended'] : []))
  open.push(centre)
  return centre
}

/** Seconds to wait for what a crew does in the hurried world of the tour, on a machine that is far too slow for it. */
const crew = 300
/** Seconds to wait for what a press of a key makes the server do. */
const done = 90

async function until(what: string, ask: () => Promise<boolean>, seconds: number): Promise<void> {
  const end = Date.now() + seconds * 1000
  while (!(await ask())) {
    if (Date.now() > end) throw new Error(`not within ${seconds} s: ${what}`)
    await new Promise((next) => setTimeout(next, 200))
  }
}

describe('the tour of the first minute', () => {
  test('leads a visitor with a keyboard from the first word to the closed incident', async () => {
    const centre = await start(10)
    const seat = await Seat.open(centre, { tour: true })
    const demo = () => centre.ask<Demo>('/demo')
    await seat.guided(/这是一座城的指挥席/)
    await seat.picture('tour-1-look')
    await seat.press('Enter')
    await seat.guided(/按 F2/)
    await seat.picture('tour-2-ring')
    const { id: call } = await centre.tell<{ id: string }>('/calls', { number: '1990000123', line: '110-1' })
    await seat.guided(/按 Enter 接听/)
    await seat.picture('tour-2-rings')
    await seat.press('Enter')
    await seat.guided(/先问在哪里/)
    await until('the world slows down while the visitor writes', async () => (await demo()).speed === 1, done)
    await seat.find(/^地点$/, '汀兰路', /汀兰路/)
    await seat.picture('tour-2-place')
    await seat.press('Enter')
    await seat.guided(/再问什么事/)
    await seat.find(/^类别$/, '打架', /./)
    await seat.picture('tour-2-type')
    await seat.press('Enter')
    await seat.guided(/报警人说了什么/)
    await seat.type('两个人在店门口推搡')
    await seat.press('Enter')

    await seat.guided(/派谁去/)
    const panel = seat.page.getByRole('region', { name: /^警情 #\d+$/ })
    const number = Number(/#(\d+)/.exec((await panel.getAttribute('aria-label')) ?? '')?.[1])
    const incident = () => centre.ask<Incident>(`/incidents/${number}`)
    expect((await incident()).commander?.actor).toBe('demo-commander')
    await seat.page.getByRole('region', { name: '推荐' }).getByRole('checkbox', { checked: true }).first().waitFor()
    await seat.picture('tour-3-send')
    await seat.press('Enter', 'Enter')
    await until('units were sent', async () => (await incident()).assignments.length > 0, done)

    await until('the world is hurried while the crew drives', async () => (await demo()).speed >= 30 || (await incident()).first_on_scene_at !== undefined, done)
    await seat.picture('tour-4-drive')
    await until('the crew is on scene', async () => (await incident()).first_on_scene_at !== undefined, crew)
    await seat.picture('tour-5-work')
    await until('the final feedback is in', async () => (await incident()).phase === 'reported_back', crew)
    await seat.guided(/按 V/)
    await seat.picture('tour-5-review')
    const review = await seat.opens('v', '审核')
    await seat.press('Enter')
    await until('it is reviewed', async () => (await incident()).phase === 'reviewed', done)
    await review.waitFor({ state: 'detached' })

    await until('everybody has left', async () => (await incident()).stage === 'cleared', crew)
    await seat.guided(/按 X/)
    await seat.opens('x', '办结')
    await seat.picture('tour-6-close')
    await seat.press('Enter')
    await until('it is closed', async () => (await incident()).phase === 'closed', done)
    expect((await incident()).calls?.map((c) => c.id), 'the call that rang belongs to the closed incident').toEqual([call])
    await seat.guided(new RegExp(`#${number} 由你接警，由你办结`))
    await until('the world has its own speed again', async () => (await demo()).speed === 10, done)
    await seat.picture('tour-7-done')
    expect(await clipped(seat.page)).toEqual([])

    // Whoever has seen it is not led again.
    await seat.press('Enter')
    await seat.page.getByRole('dialog').waitFor({ state: 'detached' })
    await seat.comesBack(centre)
    expect(await seat.page.getByRole('dialog').count()).toBe(0)
    expect(seat.mishaps).toEqual([])
  })

  test('is skipped with Esc, which first closes what is open, and comes again when it is asked for', async () => {
    const centre = await start(5)
    const seat = await Seat.open(centre, { tour: true, language: 'en' })
    await seat.guided(/A seat that commands a city/)
    await seat.press('F2')
    await seat.guided(/Where is it\?/)
    await seat.press('Escape')
    await seat.guided(/Press F2/)
    await seat.press('Escape')
    await seat.page.getByRole('dialog').waitFor({ state: 'detached' })
    await until('the world has its own speed again', async () => (await centre.ask<Demo>('/demo')).speed === 5, done)
    await seat.comesBack(centre)
    expect(await seat.page.getByRole('dialog').count()).toBe(0)

    await seat.press('Alt+0')
    await seat.panel().getByRole('button', { name: 'Tour again' }).press('Enter')
    await seat.guided(/A seat that commands a city/)
    expect(seat.mishaps).toEqual([])

    // Whoever goes away in the middle leaves the world as he found it.
    await seat.press('F2')
    await until('the world slows down while the visitor writes', async () => (await centre.ask<Demo>('/demo')).speed === 1, done)
    await seat.leaves()
    await until('the world has its own speed again', async () => (await centre.ask<Demo>('/demo')).speed === 5, done)
  })
})

describe('the panel of a demonstration', () => {
  test('pauses and steps the world for every screen, and says what this world cannot do', async () => {
    const centre = await start(5)
    const seat = await Seat.open(centre)
    const other = await Seat.open(centre, { language: 'en', width: 1366, height: 768 })
    const demo = () => centre.ask<Demo>('/demo')
    await seat.press('F8')
    await seat.type('42')
    await seat.press('Alt+0')
    const panel = seat.panel()
    await panel.waitFor()
    await panel.getByRole('button', { name: '暂停' }).press('Enter')
    await seat.sees(panel, '已暂停')
    expect(await demo()).toMatchObject({ paused: true, speed: 0, chosen: 5 })
    await other.page.getByRole('combobox', { name: 'World speed' }).filter({ hasText: 'Paused' }).waitFor()

    const before = Date.parse((await demo()).clock)
    await panel.getByRole('button', { name: '走 60 秒', disabled: false }).press('Enter')
    await until('a minute has passed', async () => Date.parse((await demo()).clock) === before + 60_000, done)
    await panel.getByRole('button', { name: '暴雨' }).press('Enter')
    await seat.sees(panel, /录下来的来电/)
    await seat.picture('demo-panel-zh-dark')
    await panel.getByRole('button', { name: '继续' }).press('Enter')
    await until('time passes again', async () => (await demo()).speed === 5, done)

    await other.press('Alt+0')
    await other.sees(other.panel(), /The world runs ×5/)
    await other.picture('demo-panel-en-dark-1366')
    expect(await clipped(other.page)).toEqual([])
    expect(await clipped(seat.page)).toEqual([])
    await seat.press('Escape')
    await panel.waitFor({ state: 'detached' })
    await seat.type('7')
    expect(await seat.command().inputValue(), 'the keyboard is where it was').toBe('427')
    expect([...seat.mishaps, ...other.mishaps]).toEqual([])
  })
})

describe('an invented city', () => {
  test('rings for whoever looks on, says what is said, and can be stirred', async () => {
    const centre = await start(5, 'yunze')
    const seat = await Seat.open(centre)
    // A telephone rings; the visitor answers it, reads what the caller says, and writes it down. The world waits for him: a
    // page that stands still must not lose the call to a simulated call-taker.
    const rings = async () => (await centre.ask<{ items: { state: string }[] }>('/calls?state=open')).items.some((c) => c.state === 'ringing')
    await until('a telephone rings', async () => {
      if (!(await rings())) return false
      await centre.tell('/demo/pause', {})
      if (await rings()) return true
      await centre.tell('/demo/resume', {})
      return false
    }, crew)
    const answer = seat.page.getByRole('button', { name: /^接听/ }).first()
    await answer.press('Enter')
    const form = seat.page.getByRole('form', { name: '新警情表' })
    await seat.sees(form, '报警人说')
    await seat.page.getByRole('textbox', { name: '报警内容' }).fill('由席位写下')
    await seat.press('Enter')
    const panel = seat.page.getByRole('region', { name: /^警情 #\d+$/ })
    await seat.sees(panel, '由席位写下')
    const number = Number(/#(\d+)/.exec((await panel.getAttribute('aria-label')) ?? '')?.[1])
    const taken = await centre.ask<Incident>(`/incidents/${number}`)
    expect([taken.commander?.actor, taken.aside ?? []]).toEqual(['demo-commander', []]) // The call came with it.
    await centre.tell('/demo/resume', {})

    await seat.press('Alt+0')
    const world = seat.panel()
    await world.getByRole('button', { name: '10 倍', disabled: false }).press('Enter')
    await until('ten times as many call', async () => (await centre.ask<{ surge?: { factor?: number } }>('/demo')).surge?.factor === 10, done)
    const before = (await centre.ask<{ items: unknown[] }>('/incidents?state=open&limit=500')).items.length
    await world.getByRole('button', { name: '开始', disabled: false }).press('Enter')
    await until('more is going on', async () => (await centre.ask<{ items: unknown[] }>('/incidents?state=open&limit=500')).items.length > before + 3, crew)
    await seat.picture('yunze-surge')
    expect(await clipped(seat.page)).toEqual([])
    expect(seat.mishaps).toEqual([])
  })
})
