import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateSync, crc32 } from 'node:zlib'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { Centre, closeBrowser, closeSeats, Seat } from './driver'

/** A picture of one colour: the smallest map that there is. */
function png(r: number, g: number, b: number): Buffer {
  const chunk = (kind: string, body: Buffer) => {
    const named = Buffer.concat([Buffer.from(kind), body])
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
    length.writeUInt32BE(body.length)
    sum.writeUInt32BE(crc32(named))
    return Buffer.concat([length, named, sum])
  }
  const side = 256
  const head = Buffer.alloc(13)
  head.writeUInt32BE(side, 0)
  head.writeUInt32BE(side, 4)
  head.set([8, 2], 8) // Eight bits, red green blue.
  const row = Buffer.concat([Buffer.from([0]), Buffer.alloc(side * 3, Buffer.from([r, g, b]))])
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head), chunk('IDAT', deflateSync(Buffer.concat(Array<Buffer>(side).fill(row)))), chunk('IEND', Buffer.alloc(0))])
}

// The agency's own tile server: real HTTP on a port of its own.
let agency: Server
let origin = ''
const asked: string[] = []
beforeAll(async () => {
  const tile = png(120, 40, 160)
  agency = createServer((request, response) => {
    asked.push(request.url ?? '')
    if (request.url === '/gone.json') {
      response.writeHead(404).end()
      return
    }
    response.setHeader('Access-Control-Allow-Origin', '*')
    response.setHeader('Content-Type', 'image/png')
    response.end(tile)
  })
  await new Promise<void>((done) => agency.listen(0, '127.0.0.1', done))
  origin = `http://127.0.0.1:${(agency.address() as AddressInfo).port}`
})
let centre: Centre | undefined
afterEach(async () => {
  await closeSeats()
  await centre?.stop()
  centre = undefined
  asked.length = 0
})
afterAll(async () => {
  await closeBrowser()
  agency.close()
})

/** The colour in the middle of the map, as it is on the screen. */
async function middle(seat: Seat): Promise<number[]> {
  const box = await seat.page.locator('.map-box').boundingBox()
  if (!box) return []
  const shot = await seat.page.screenshot({ clip: { x: box.x + box.width - 120, y: box.y + box.height / 2, width: 8, height: 8 } })
  return seat.page.evaluate(async (data) => {
    const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0))
    const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }))
    const c = new OffscreenCanvas(8, 8).getContext('2d')
    c?.drawImage(image, 0, 0)
    return [...(c?.getImageData(4, 4, 1, 1).data ?? [])].slice(0, 3)
  }, shot.toString('base64'))
}

async function isDrawnOnIt(args: string[], tiles: RegExp): Promise<void> {
  centre = await Centre.start('town', 1, ...args, '--map-attribution', '澜湖测绘院')
  const seat = await Seat.open(centre)
  await seat.sees(seat.part('地图'), /澜湖测绘院/)
  await expect.poll(() => asked.some((a) => tiles.test(a)), { timeout: 60_000 }).toBe(true)
  await expect.poll(() => middle(seat), { timeout: 60_000 }).toEqual([120, 40, 160])
  expect(seat.mishaps).toEqual([]) // Among them would be whatever the content policy refused.
}

describe("an agency's own map", () => {
  test('of raster tiles is drawn, and named', async () => {
    await isDrawnOnIt(['--map-tiles', `${origin}/{z}/{x}/{y}.png`], /^\/\d+\/\d+\/\d+\.png$/)
  })

  test('of a style in a file is drawn', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'shuniu-style-'))
    const file = join(folder, 'style.json')
    writeFileSync(file, JSON.stringify({ version: 8, sources: { ours: { type: 'raster', tiles: [`${origin}/styled/{z}/{x}/{y}.png`], tileSize: 256 } }, layers: [{ id: 'unit', type: 'raster', source: 'ours' }] }))
    await isDrawnOnIt(['--map-style', file], /^\/styled\//)
    rmSync(folder, { recursive: true })
  })

  test('that does not answer leaves our own, and says so', async () => {
    centre = await Centre.start('town', 1, '--map-style', `${origin}/gone.json`, '--map-attribution', '澜湖测绘院')
    const seat = await Seat.open(centre)
    await seat.sees(seat.part('地图'), /底图没有取到/)
    expect(await middle(seat)).not.toEqual([120, 40, 160])
  })
})
