import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { closeBrowser, Tab } from './driver'

/** The worker as the build made it; only the names of the files that it keeps are others. */
const worker = readFileSync(join(resolve(dirname(fileURLToPath(import.meta.url)), '../..'), 'internal/console/dist/service-worker.js'), 'utf8')

/** One version of a console: a page whose script, with the version in its name, writes the version on it. */
const version = (v: string): Readonly<Record<string, string>> => ({
  '/': `<!doctype html><title>none</title><script type="module" src="/assets/app-${v}.js"></script>`,
  [`/assets/app-${v}.js`]: `document.title = 'version ${v}'; navigator.serviceWorker.register('/service-worker.js', { updateViaCache: 'none' })`,
  '/favicon.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
  '/service-worker.js': worker.replace(/const thisVersion = .*;/, `const thisVersion = ${JSON.stringify({ version: v, files: [`/assets/app-${v}.js`, '/favicon.svg'] })};`),
  '/api/v1/health': v,
})

const kinds = [[/\.js$/, 'text/javascript'], [/\.svg$/, 'image/svg+xml'], [/./, 'text/html']] as const

/** A server on one port, with one version of the console, or away. Headers are as internal/console sends them. */
class Place {
  private server: Server | undefined
  private sockets = new Set<Socket>()
  private port = 0
  served: Readonly<Record<string, string>> = {}
  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }
  async up(v: string): Promise<void> {
    this.served = version(v)
    const server = createServer((q, s) => {
      const path = new URL(q.url ?? '/', this.url).pathname
      const body = this.served[path]
      const kind = kinds.find(([ends]) => ends.test(path))?.[1] ?? ''
      s.writeHead(body === undefined ? 404 : 200, { 'Content-Type': kind, 'Cache-Control': path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache' }).end(body)
    })
    server.on('connection', (s) => {
      this.sockets.add(s)
      s.on('close', () => this.sockets.delete(s))
    })
    await new Promise<void>((done) => server.listen(this.port, '127.0.0.1', done))
    this.port = (server.address() as AddressInfo).port
    this.server = server
  }
  async away(): Promise<void> {
    const closed = new Promise((done) => this.server?.close(done))
    for (const s of this.sockets) s.destroy()
    await closed
  }
}

const place = new Place()
afterAll(async () => {
  await closeBrowser()
  await place.away()
})

test('a new version is taken at the next load, the kept one is whole, and no older one stays', async () => {
  await place.up('1')
  const tab = await Tab.open(place.url)
  await expect.poll(() => tab.title()).toBe('version 1')
  await tab.keepsOnly('shuniu 1')
  await place.away()
  await tab.reload()
  await expect.poll(() => tab.title(), { message: 'the kept page without a server' }).toBe('version 1')
  expect(await tab.reads('/api/v1/health'), 'nothing of the interface is kept').toBe('nobody')

  await place.up('2')
  await tab.reload()
  await expect.poll(() => tab.title(), { message: 'the first load of another program' }).toBe('version 2')
  expect(await tab.reads('/api/v1/health')).toBe('2')
  await tab.keepsOnly('shuniu 2')
  await place.away()
  await tab.reload()
  await expect.poll(() => tab.title()).toBe('version 2')

  // A worker that comes while its server is replaced keeps nothing that does not belong together.
  await place.up('3')
  place.served = { ...place.served, '/': version('4')['/'] ?? '' }
  await tab.update()
  await place.away()
  await tab.reload()
  await expect.poll(() => tab.title(), { message: 'the last whole one' }).toBe('version 2')
})
