// @ts-check
import { execFileSync, spawn } from 'node:child_process'
import { appendFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs'
import { cpus, loadavg, release, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const root = fileURLToPath(new URL('../..', import.meta.url))
const binary = process.env.SHUNIU_BIN ?? `${root}bin/shuniu`

/** Where a figure was measured. Without it a figure says nothing. */
export const machine = () => ({
  cpu: cpus()[0]?.model, cores: cpus().length, memory_gb: Math.round(totalmem() / 2 ** 30 * 100) / 100, kernel: release(), node: process.version,
  chromium: execFileSync(process.env.CHROMIUM ?? '/usr/bin/chromium', ['--version'], { stdio: ['ignore', 'pipe', 'ignore'] }).toString().trim(), load: loadavg().map((l) => l.toFixed(2)).join(' '),
})

/** A real server with a folder of its own, which goes with it. */
export class World {
  /** @param {string} url @param {import('node:child_process').ChildProcess} child @param {string} folder */
  constructor(url, child, folder) {
    this.url = url
    this.child = child
    this.folder = folder
  }

  /** A live centre on the streets of the invented district, with so many units; those of the district itself when it is 0. @param {{ units: number }} size */
  static async serve({ units }) {
    const folder = mkdtempSync(join(tmpdir(), 'shuniu-bench-'))
    const made = join(root, 'var/world/district-1')
    execFileSync(binary, ['world', '--size', 'district', '--seed', '1', '--out', made, '--keep'], { cwd: root, stdio: 'ignore' })
    const centre = join(folder, 'centre')
    cpSync(join(made, 'centre'), centre, { recursive: true })
    const own = 63 // Those of the district.
    if (units > own) {
      const posts = '[st1, st2, st3, st4, st5, st6, st7, st8, patrol]'
      appendFileSync(join(centre, 'units.yaml'), `\n  - {ids: "{3001..${3000 + units - own}}", kind: patrol_car, station: patrol, officers: 2, sworn: 1, at: ${posts}}\n`)
    }
    return World.start(folder, ['serve', '--centre', centre, '--streets', join(made, 'streets.osm.gz')])
  }

  /** The invented city with its callers, which lives by itself. @param {number} speed */
  static demo(speed) {
    return World.start(mkdtempSync(join(tmpdir(), 'shuniu-bench-')), ['demo', '--speed', String(speed)])
  }

  /** @param {string} folder @param {string[]} args */
  static async start(folder, args) {
    const child = spawn(binary, [...args, '--addr', '127.0.0.1:0', '--data', join(folder, 'data')], { cwd: root })
    const url = await new Promise((done, fail) => {
      let said = ''
      /** @param {Buffer} chunk */
      const hear = (chunk) => {
        said += chunk.toString()
        const found = /http:\/\/127\.0\.0\.1:\d+/.exec(said)
        if (found) done(found[0])
      }
      child.stdout.on('data', hear)
      child.stderr.on('data', hear)
      child.on('exit', (code) => fail(new Error(`the server ended with ${code}: ${said}`)))
    })
    return new World(String(url), child, folder)
  }

  async stop() {
    const ended = new Promise((done) => this.child.once('exit', done))
    this.child.kill('SIGTERM')
    await ended
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** What the first screen must fetch of scripts: those of the page and whatever they import at once, compressed as a server would. @param {string} url */
export async function screenScripts(url) {
  const page = await (await fetch(url)).text()
  const names = new Set([...page.matchAll(/(?:src|href)="(\/[^"]+\.m?js)"/g)].map((m) => m[1] ?? ''))
  let kb = 0
  let gzipKb = 0
  let workerGzipKb = 0
  /** @type {Set<string>} */
  const workers = new Set()
  for (const name of names) {
    const body = await (await fetch(url + name)).text()
    kb += body.length / 1000
    gzipKb += gzipSync(body, { level: 6 }).length / 1000
    for (const m of body.matchAll(/\bimport\s*(?:[\w*{}\s,$]+from\s*)?["'](\.\/[^"']+\.m?js)["']/g)) names.add(`/assets/${(m[1] ?? '').slice(2)}`)
    for (const m of body.matchAll(/["'`]\/(assets\/[^"'`]*worker[^"'`]*\.m?js)["'`]/g)) workers.add(`/${m[1]}`)
  }
  for (const name of workers) workerGzipKb += gzipSync(await (await fetch(url + name)).text(), { level: 6 }).length / 1000
  return { kb, gzipKb, workerGzipKb }
}
