import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { createServer, request, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, type BrowserContext, type CDPSession, chromium, type Locator, type Page } from 'playwright-core'
import { crossedWords, cutWords } from './look.mjs'
import { addressOf, chromiumFlags, chromiumPath } from './start.mjs'

/** The only file that drives a browser. It speaks as a dispatcher would; the journeys say what they want, in words. */

const here = dirname(fileURLToPath(import.meta.url))
const root = resolve(here, '../..')
const binary = process.env['SHUNIU_BIN'] ?? join(root, 'bin/shuniu')
const data = process.env['SHUNIU_DATA'] ?? resolve(root, '../shared/data')

/** Whether the public San Francisco files are here. Where CI runs they must be. */
export const hasCity = existsSync(join(data, 'sf/calls.csv.gz'))
export const mustHaveCity = process.env['CI'] === 'true'

/**
 * How long anything may take to come on a screen, milliseconds. It says nothing about speed: without a graphics card
 * and with two busy cores the map alone was seen to hold a page for 20 s, and this leaves a machine three times slower its time.
 */
const shownWithinMs = 90_000

/** A running demonstration: the real binary, on a port and in a folder of its own. */
export class Centre {
  private constructor(readonly url: string, private readonly process: ChildProcess, private readonly folder: string) {}

  static async start(city: 'town' | 'sf' | 'yunze', speed: number, ...more: string[]): Promise<Centre> {
    const folder = mkdtempSync(join(tmpdir(), 'shuniu-e2e-'))
    const all = more.includes('--autopilot') ? more : ['--autopilot', 'off', ...more]
    const { url, child } = await launch('127.0.0.1:0', folder, '--city', city, '--speed', String(speed), ...all, ...(city === 'sf' ? ['--from', join(data, 'sf')] : []))
    return new Centre(url, child, folder)
  }

  async ask<T>(path: string): Promise<T> {
    const res = await fetch(`${this.url}/api/v1${path}`)
    return (await res.json()) as T
  }

  async tell<T>(path: string, body: unknown): Promise<T> {
    const res = await fetch(`${this.url}/api/v1${path}`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) })
    return (await res.json()) as T
  }

  async stop(): Promise<void> {
    const ended = new Promise((done) => this.process.once('exit', done))
    this.process.kill('SIGTERM')
    await ended
    rmSync(this.folder, { recursive: true, force: true })
  }
}

let browser: Browser | undefined

/** Closes every seat. Their maps draw for as long as they are open and would slow down the next journey. */
export async function closeSeats(): Promise<void> {
  for (const context of browser?.contexts() ?? []) await context.close()
}

export async function closeBrowser(): Promise<void> {
  await browser?.close()
  browser = undefined
}

/** How a seat is found: its screen, what it remembers, who sits there, and what is open. `map: false` is the map on another screen. */
type Look = { width?: number; height?: number; language?: 'zh' | 'en'; theme?: 'dark' | 'light'; tour?: boolean; persona?: string; incident?: string; map?: false }

/** Signs in as a person of the demonstration. */
async function became(context: BrowserContext, centre: { url: string }, persona: string): Promise<void> {
  const told = await context.request.post(`${centre.url}/api/v1/session`, { data: { persona } })
  if (!told.ok()) throw new Error(`nobody is ${persona}: ${told.status()}`)
}

/** What a seat remembers whose map stands on another screen. Where there is no graphics card it has the processor for its journey. */
async function withoutMap(context: BrowserContext, centre: { url: string }): Promise<Record<string, string>> {
  const { seat } = (await (await context.request.get(`${centre.url}/api/v1/session`)).json()) as { seat: string }
  const alone = (panel: string) => [{ panels: [panel], open: panel, share: 1 }]
  const layout = { docks: { left: alone('queue'), middle: alone('incident'), right: [], bottom: alone('units') }, size: {} }
  return { desk: seat, [`desk.${seat}`]: JSON.stringify({ at: 'dispatcher', layouts: { dispatcher: layout } }) }
}

/** A page of any server, to see what the browser keeps of it. */
export class Tab {
  private constructor(private readonly page: Page) {}

  static async open(url: string): Promise<Tab> {
    browser ??= await chromium.launch({ executablePath: chromiumPath, args: [...chromiumFlags] })
    const tab = new Tab(await (await browser.newContext()).newPage())
    await tab.page.goto(url)
    return tab
  }

  title(): Promise<string> {
    return this.page.title()
  }

  async reload(): Promise<void> {
    await this.page.reload()
  }

  /** What a request of the page gets; "nobody" if nobody answers. */
  reads(path: string): Promise<string> {
    return this.page.evaluate((p) => fetch(p).then((r) => r.text(), () => 'nobody'), path)
  }

  /** Waits until one cache is there and no other, and its worker is at work. */
  async keepsOnly(cache: string): Promise<void> {
    const kept = () => this.page.evaluate(async () => `${(await navigator.serviceWorker.getRegistration())?.active?.state} ${(await caches.keys()).join()}`)
    let last = ''
    for (const end = Date.now() + shownWithinMs; (last = await kept()) !== `activated ${cache}`; await new Promise((next) => setTimeout(next, 100))) {
      if (Date.now() > end) throw new Error(`the browser keeps ${last}`)
    }
  }

  /** Lets the browser look for another worker, and waits until that one has come to its end. */
  async update(): Promise<void> {
    await this.page.evaluate(async () => {
      const held = await navigator.serviceWorker.getRegistration()
      const found = new Promise<void>((done) => held?.addEventListener('updatefound', () => {
        const next = held.installing
        next?.addEventListener('statechange', () => { if (next.state !== 'installing') done() })
      }))
      await held?.update().catch(() => undefined)
      await found
    })
  }
}

/** One seat at one screen: its own browser session. */
export class Seat {
  readonly mishaps: string[] = []
  presses = 0

  private constructor(readonly page: Page) {
    page.on('pageerror', (e) => this.mishaps.push(e.message))
    page.on('console', (m) => {
      // A draft that was under way when its incident was stored is refused, which is right, and the browser tells it.
      if (m.type() === 'error' && !(m.text().includes('409') && m.location().url.includes('/drafts/'))) this.mishaps.push(m.text())
    })
  }

  static async open(centre: { url: string }, look: Look = {}): Promise<Seat> {
    browser ??= await chromium.launch({ executablePath: chromiumPath, args: [...chromiumFlags] })
    const context = await browser.newContext({ viewport: { width: look.width ?? 1920, height: look.height ?? 1080 }, reducedMotion: 'reduce' })
    context.setDefaultTimeout(shownWithinMs)
    if (look.persona) await became(context, centre, look.persona)
    const page = await context.newPage()
    const seat = new Seat(page)
    // As a seat remembers it: on a small screen the bar has no room for the button, and a map is drawn once, in its own language.
    const held = { theme: look.theme ?? 'dark', language: look.language ?? 'zh', ...(look.map === false ? await withoutMap(context, centre) : {}) }
    await page.addInitScript((all) => {
      for (const [name, value] of Object.entries(all)) if (localStorage.getItem(`shuniu.${name}`) === null) localStorage.setItem(`shuniu.${name}`, value)
    }, held)
    await page.goto(`${centre.url}/?tour=${look.tour ? 1 : 0}${look.incident ? `&incident=${look.incident}` : ''}`)
    await page.getByRole('region', { name: look.language === 'en' ? 'Incident queue' : '警情队列', exact: true }).waitFor()
    await page.getByText(look.language === 'en' ? /^Live/ : '实时').waitFor()
    return seat
  }

  /** A part of the screen, by its name for a screen reader. */
  part(name: string): Locator {
    return this.page.getByRole('region', { name, exact: true })
  }

  /** By the keyboard, like everything here: a click of the mouse waits for frames, which a busy machine draws seldom. */
  async english(): Promise<void> {
    await this.page.getByRole('button', { name: 'Switch to English' }).press('Enter')
    await this.page.getByRole('region', { name: 'Incident queue' }).or(this.page.getByRole('button', { name: '换成中文' })).first().waitFor()
  }

  /** Presses keys and counts them; what is typed as text is not counted. */
  async press(...keys: string[]): Promise<void> {
    for (const key of keys) {
      this.presses += 1
      await this.page.keyboard.press(key)
    }
  }

  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text)
  }

  /** Types into a field of the call form that has the keyboard, until it offers something with the words. */
  async find(field: RegExp, words: string, offered: string | RegExp): Promise<void> {
    await this.type(words)
    // The field that was left may still show what it offered, and this one what an older word found.
    await this.page.getByRole('combobox', { name: field, expanded: true }).waitFor()
    await this.page.getByRole('form').getByRole('option').filter({ hasText: offered }).last().waitFor()
  }

  /** Opens the form behind a button by its key, once the screen knows that it may be used. */
  async opens(key: string, button: string): Promise<Locator> {
    await this.page.getByRole('button', { name: button, disabled: false }).first().waitFor()
    await this.press(key)
    const form = this.page.getByRole('form', { name: button })
    await form.waitFor()
    return form
  }

  /** The card of the tour, which must not cover what it points at. */
  async guided(words: string | RegExp): Promise<void> {
    const card = this.page.getByRole('dialog', { name: /^(一分钟导览|First minute)$/ })
    await this.sees(card, words)
    const covered = () => this.page.evaluate(() => {
      const box = (e: Element) => e.getBoundingClientRect()
      const c = document.querySelector('.tour-card')
      return c === null ? [] : [...document.querySelectorAll('.tour-ring')].map(box).filter((r) => r.left < box(c).right && r.right > box(c).left && r.top < box(c).bottom && r.bottom > box(c).top)
    })
    for (let look = 0; (await covered()).length > 0; look++) { // What it points at may just have grown; it looks again soon.
      if (look > 50) throw new Error(`the card covers what it speaks of: ${String(words)}`)
      await new Promise((next) => setTimeout(next, 100))
    }
  }

  /** What moves a demonstration's world. */
  panel(): Locator {
    return this.page.getByRole('region', { name: /^(演示台|Demo controls)$/ })
  }

  /** Comes back as a visitor does who was here before. */
  async comesBack(centre: { url: string }): Promise<void> {
    await this.page.goto(centre.url)
    await this.page.getByText(/^(实时|Live)/).waitFor()
  }

  /** Waits until this browser could open the desk without its server: the page is kept, and so is the incident. */
  async keeps(incident: string): Promise<void> {
    const kept = () => this.page.evaluate(async (key) => {
      const worker = await navigator.serviceWorker.getRegistration()
      if (worker?.active?.state !== 'activated' || !(await indexedDB.databases()).some((d) => d.name === 'shuniu.room')) return false
      const db = await new Promise<IDBDatabase>((done) => { const asked = indexedDB.open('shuniu.room'); asked.onsuccess = () => done(asked.result) })
      const found = await new Promise((done) => { const asked = db.transaction('items').objectStore('items').getKey(key); asked.onsuccess = () => done(asked.result) })
      db.close()
      return found !== undefined
    }, `incidents/${incident}`)
    for (const end = Date.now() + shownWithinMs; !(await kept()); await new Promise((next) => setTimeout(next, 250))) {
      if (Date.now() > end) throw new Error(`the browser keeps no desk:\n${this.mishaps.join('\n')}`)
    }
  }

  /** The page dies as in a crash: it has no last word, and nothing that its browser kept is left. */
  async dies(): Promise<void> {
    const cdp = await this.page.context().newCDPSession(this.page)
    const crashed = this.page.waitForEvent('crash')
    void cdp.send('Page.crash').catch(() => undefined) // Nobody is left to answer.
    await crashed
    await this.page.context().close()
  }

  /** Goes to another page. */
  async leaves(): Promise<void> {
    await this.page.goto('about:blank')
  }

  /**
   * Points at the map, so many pixels to the right of its middle and below it, until a mark stands under the pointer, or none:
   * the map shows it by the pointer's own shape. Gives the place in the window.
   */
  async points(at: 'mark' | 'ground', right = 0, below = 0): Promise<{ x: number; y: number }> {
    const canvas = this.page.locator('.map-box canvas')
    const box = await canvas.boundingBox()
    if (!box) throw new Error('there is no map')
    const [x, y] = [box.x + box.width / 2 + right, box.y + box.height / 2 + below]
    const end = Date.now() + shownWithinMs
    for (let n = 0; Date.now() < end; n++) {
      await this.page.mouse.move(x + (n % 2), y)
      await new Promise((next) => setTimeout(next, 100))
      if ((await canvas.evaluate((c) => c.style.cursor)) === (at === 'mark' ? 'pointer' : '')) return { x, y }
    }
    await this.picture(`no-${at}`)
    throw new Error(`no ${at} came under the pointer`)
  }

  /** The menu of what is under the pointer there. */
  async menuAt(at: 'mark' | 'ground', right = 0, below = 0): Promise<Locator> {
    const { x, y } = await this.points(at, right, below)
    await this.page.mouse.click(x, y, { button: 'right' })
    const menu = this.page.getByRole('menu')
    await menu.waitFor()
    return menu
  }

  /** The menu of the mark of that name, once it is drawn above all others in the middle of the map, or so many pixels below that. */
  async menuOf(name: RegExp, below = 0): Promise<Locator> {
    const { x, y } = await this.points('mark', 0, below)
    const menu = this.page.getByRole('menu', { name })
    for (const end = Date.now() + shownWithinMs; Date.now() < end; await this.press('Escape')) {
      await this.page.mouse.click(x, y, { button: 'right' })
      if (await menu.waitFor({ timeout: 2000 }).then(() => true, () => false)) return menu
    }
    throw new Error(`no mark of ${name} lies above the others`)
  }

  /** The line for commands. */
  command(): Locator {
    return this.part('命令行').getByRole('textbox')
  }

  /** Executes what stands in the command line and waits until that was answered. */
  async execute(): Promise<void> {
    const answered = this.page.waitForResponse((r) => r.url().endsWith('/api/v1/command') && !(r.request().postData() ?? '').includes('"dry_run"'), { timeout: shownWithinMs })
    await this.press('Enter')
    await answered
  }

  /** From now on the first so many questions of the command line are lost on their way. */
  async loses(questions: number): Promise<void> {
    let left = questions
    await this.page.route('**/api/v1/command', (route) => (left-- > 0 ? route.abort('connectionreset') : route.continue()))
  }

  /** From now on every command is answered late, after others may have been typed. */
  async delays(ms: number): Promise<void> {
    await this.page.route('**/api/v1/command', async (route) => {
      await new Promise((done) => setTimeout(done, ms))
      await route.continue()
    })
  }

  /** An incident's row in the queue, whatever tab is open. */
  row(number: number): Locator {
    return this.page.getByRole('region', { name: /^(警情队列|Incident queue)$/ }).getByRole('option', { name: new RegExp(`^(Incident ${number}|${number}号警) `) })
  }

  story(): Locator {
    return this.page.getByRole('region', { name: /^(时间线|Timeline)$/ })
  }

  /** Waits for words; when they do not come, says what stood there instead. */
  async sees(where: Locator, text: string | RegExp): Promise<void> {
    try {
      await where.getByText(text).first().waitFor()
    } catch (cause) {
      const stood = await where.first().innerText({ timeout: 1000 }).catch(() => 'nothing')
      const has = await this.page.evaluate(() => document.activeElement?.outerHTML.slice(0, 200) ?? 'nobody')
      throw new Error(`${String(text)} never came. There stood: ${stood}\nThe keyboard was at: ${has}\nThe page said: ${this.mishaps.join('; ')}`, { cause })
    }
  }

  async picture(name: string): Promise<void> {
    const folder = process.env['SHUNIU_SCREENS']
    if (!folder) return
    mkdirSync(folder, { recursive: true })
    await this.page.screenshot({ path: join(folder, `${name}.png`) })
  }
}

/** A centre that goes down as a crashed machine does, stands still, or comes up again on its port and its data. */
export class Shaky {
  private constructor(readonly url: string, private process: ChildProcess, private readonly folder: string) {}

  static async start(): Promise<Shaky> {
    const folder = mkdtempSync(join(tmpdir(), 'shuniu-e2e-'))
    const { url, child } = await launch('127.0.0.1:0', folder, ...quietTown)
    return new Shaky(url, child, folder)
  }

  async ask<T>(path: string): Promise<T> {
    return (await (await fetch(`${this.url}/api/v1${path}`)).json()) as T
  }

  async tell<T>(path: string, body: unknown): Promise<T> {
    const res = await fetch(`${this.url}/api/v1${path}`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) })
    return (await res.json()) as T
  }

  standStill(): void {
    this.process.kill('SIGSTOP')
  }

  goOn(): void {
    this.process.kill('SIGCONT')
  }

  async down(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return
    const ended = new Promise((done) => this.process.once('exit', done))
    this.process.kill('SIGKILL')
    await ended
  }

  async up(): Promise<void> {
    this.process = (await launch(this.url.replace('http://', ''), this.folder, ...quietTown)).child
  }

  async stop(): Promise<void> {
    await this.down()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

async function launch(addr: string, folder: string, ...more: string[]): Promise<{ url: string; child: ChildProcess }> {
  const child = spawn(binary, ['demo', '--addr', addr, '--data', folder, ...more], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  return { url: await addressOf(child), child }
}

/** The town at its own pace, in which nothing happens by itself. */
const quietTown = ['--city', 'town', '--speed', '1', '--autopilot', 'off']

/** The wire between a seat and its centre: it can be cut for one seat while the others go on. */
export class Wire {
  private server: Server | undefined
  private readonly sockets = new Set<Socket>()
  private constructor(private readonly target: URL, private port: number) {}

  static async to(centre: { url: string }): Promise<Wire> {
    const wire = new Wire(new URL(centre.url), 0)
    await wire.mend()
    return wire
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  async mend(): Promise<void> {
    const server = createServer((req, res) => {
      const on = request({ host: this.target.hostname, port: this.target.port, method: req.method, path: req.url, headers: req.headers }, (answer) => {
        res.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(res)
      })
      on.on('error', () => res.destroy())
      res.on('close', () => on.destroy())
      req.pipe(on)
    })
    server.on('connection', (s) => {
      this.sockets.add(s)
      s.on('close', () => this.sockets.delete(s))
    })
    await new Promise<void>((done) => server.listen(this.port, '127.0.0.1', done))
    this.port = (server.address() as AddressInfo).port
    this.server = server
  }

  async cut(): Promise<void> {
    const closed = new Promise((done) => this.server?.close(done))
    for (const s of this.sockets) s.destroy()
    await closed
  }
}

/** An input method at the seat: text under composition, keys that belong to it, and the commit. */
export class InputMethod {
  private constructor(private readonly cdp: CDPSession) {}

  static async of(seat: Seat): Promise<InputMethod> {
    return new InputMethod(await seat.page.context().newCDPSession(seat.page))
  }

  async compose(text: string): Promise<void> {
    await this.cdp.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length })
  }

  /** A key as the browser tells it when the input method has taken it: its code is 229, whatever is composed. */
  async taken(key: string): Promise<void> {
    await this.down(key, 229)
  }

  /** A key with this code and without any text of its own. */
  async down(key: string, code: number): Promise<void> {
    for (const type of ['rawKeyDown', 'keyUp'] as const) await this.cdp.send('Input.dispatchKeyEvent', { type, key, code: key, windowsVirtualKeyCode: code })
  }

  async commit(text: string): Promise<void> {
    await this.cdp.send('Input.insertText', { text })
  }
}

/** Visible words that are cut off, lie on others or leave their place, and that no tooltip tells in full. */
export const clipped = async (page: Page): Promise<string[]> => [...(await page.evaluate(cutWords)), ...(await page.evaluate(crossedWords))]
