// @ts-check
import { Agent, request } from 'node:http'

/** Fills a centre with incidents, and then changes them as a busy room does, at an even pace. */
export class Feed {
  /** @param {string} url */
  constructor(url) {
    this.url = new URL(url)
    this.agent = new Agent({ keepAlive: true, maxSockets: 16 })
    /** @type {string[]} */
    this.incidents = []
    /** @type {{ id: string, at: { lon: number, lat: number } }[]} */
    this.units = []
    this.sent = 0
    this.refused = 0
    this.n = 0
  }

  /** @param {string} method @param {string} path @param {unknown} [body] @returns {Promise<any>} */
  ask(method, path, body) {
    return new Promise((done, fail) => {
      const r = request({ host: this.url.hostname, port: this.url.port, agent: this.agent, method, path: `/api/v1${path}`, headers: { 'Content-Type': 'application/json' } }, (res) => {
        let said = ''
        res.setEncoding('utf8')
        res.on('data', (c) => { said += c })
        res.on('end', () => (res.statusCode !== undefined && res.statusCode < 400 ? done(said === '' ? {} : JSON.parse(said)) : fail(new Error(`${res.statusCode} ${path} ${said.slice(0, 200)}`))))
      })
      r.on('error', fail)
      r.end(body === undefined ? undefined : JSON.stringify(body))
    })
  }

  /** Takes incidents until so many are open, all over the centre. @param {number} count */
  async fill(count) {
    const config = await this.ask('GET', '/config')
    const [west, south, east, north] = config.bounds
    /** @param {number} n @param {number} a @param {number} b */
    const spread = (n, a, b) => 0.1 + 0.8 * (((n * a) % b) / b)
    const place = (/** @type {number} */ n) => ({ lon: west + (east - west) * spread(n, 37, 101), lat: south + (north - south) * spread(n, 59, 97) })
    for (let n = 0; n < count; n++) {
      const type = config.types[(n * 7) % config.types.length]
      const told = await this.ask('POST', '/incidents', { type: type.id, priority: `P${1 + (n % 4)}`, place: { ...place(n), address: `${100 + n} Measured Street` }, narrative: `measured ${n}`, source: 'phone' })
      this.incidents.push(told.id)
    }
    const units = (await this.ask('GET', '/units')).items
    this.units = units.map((/** @type {{ id: string, position?: { lon: number, lat: number } }} */ u, /** @type {number} */ n) => ({ id: u.id, at: u.position ?? place(n) }))
    for (const u of this.units) {
      await this.ask('POST', `/units/${u.id}/status`, { to: 'available' }) // Who is off duty is not on the map.
      await this.move(u)
    }
    const now = (await this.ask('GET', '/units')).items
    const drawn = now.filter((/** @type {{ state: string, position?: unknown }} */ u) => u.state === 'available' && u.position).length
    if (drawn !== this.units.length) throw new Error(`${drawn} of ${this.units.length} units can be drawn`)
  }

  /** @param {{ id: string, at: { lon: number, lat: number } }} u */
  move(u) {
    this.n++
    u.at = { lon: u.at.lon + Math.cos(this.n) * 1e-4, lat: u.at.lat + Math.sin(this.n) * 1e-4 }
    return this.ask('POST', `/units/${u.id}/position`, { ...u.at, at: new Date().toISOString(), heading: (this.n * 37) % 360 })
  }

  /** One change: a word about an incident, or what a unit says. Either gives a new row to every screen. */
  change() {
    const n = this.n++
    const unit = this.units[n % this.units.length]
    if (n % 3 === 0 && unit) return this.ask('POST', `/units/${unit.id}/status`, { to: n % 2 === 0 ? 'unavailable' : 'available', reason: 'meal' })
    return this.ask('POST', `/incidents/${this.incidents[n % this.incidents.length]}/note`, { text: `measured ${n}` })
  }

  /** Goes on until it is stopped. @param {number} perS @param {'rows' | 'positions'} [kind] */
  async start(perS, kind = 'rows') {
    this.sent = 0
    this.refused = 0
    this.began = Date.now()
    let due = this.began
    const tick = () => {
      for (; due <= Date.now(); due += 1000 / perS) {
        this.sent++
        const unit = this.units[this.sent % this.units.length]
        const wish = kind === 'positions' && unit ? this.move(unit) : this.change()
        wish.catch(() => { this.refused++ })
      }
    }
    this.timer = setInterval(tick, 5)
  }

  async stop() {
    clearInterval(this.timer)
    const perS = this.sent / ((Date.now() - (this.began ?? 0)) / 1000)
    return { sent: this.sent, refused: this.refused, perS }
  }
}
