// @ts-check
import { execFileSync, spawn } from 'node:child_process'
import { appendFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs'
import { cpus, loadavg, release, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { addressOf, chromiumPath } from '../e2e/start.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const binary = process.env.SHUNIU_BIN ?? `${root}bin/shuniu`

/** Where a figure was measured. Without it a figure says nothing. */
export const machine = () => ({
  cpu: cpus()[0]?.model, cores: cpus().length, memory_gb: Math.round(totalmem() / 2 ** 30 * 100) / 100, kernel: release(), node: process.version,
  chromium: execFileSync(chromiumPath, ['--version'], { stdio: ['ignore', 'pipe', 'ignore'] }).toString().trim(), load: loadavg().map((l) => l.toFixed(2)).join(' '),
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
    return new World(await addressOf(child), child, folder)
  }

  async stop() {
    const ended = new Promise((done) => this.child.once('exit', done))
    this.child.kill('SIGTERM')
    await ended
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/**
 * The scripts that a page asked for before its first row stood there, the map's among them, as the server sent them. Run in
 * the page.
 * @param {number} rowsAt
 */
export function screenScripts(rowsAt) {
  const asked = performance.getEntriesByType('resource').filter((e) => /\.m?js$/.test(new URL(e.name).pathname) && e.startTime <= rowsAt)
  /** @param {'encodedBodySize' | 'decodedBodySize'} size */
  const kb = (size) => asked.reduce((sum, e) => sum + /** @type {PerformanceResourceTiming} */ (e)[size], 0) / 1000
  return { gzipKb: kb('encodedBodySize'), kb: kb('decodedBodySize'), scripts: asked.length }
}

/** What the map's own worker fetches beside the page. @param {string[]} urls of scripts of the page */
export async function workerKb(urls) {
  /** @type {Set<string>} */
  const workers = new Set()
  for (const url of urls) for (const m of (await (await fetch(url)).text()).matchAll(/["'`]\/(assets\/maplibre[^"'`]*worker[^"'`]*\.m?js)["'`]/g)) workers.add(new URL(`/${m[1]}`, url).href)
  let kb = 0
  for (const url of workers) kb += gzipSync(await (await fetch(url)).text(), { level: 9 }).length / 1000
  return kb
}
