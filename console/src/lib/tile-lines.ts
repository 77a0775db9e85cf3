/** A line of a vector tile, in parts of the tile's side from 0 to 1, with the class of its street. */
export type TileLine = { kind: string; points: [number, number][] }

// Just enough of Mapbox Vector Tile 2 to draw streets: layers, lines and the values of one key. Unknown parts are skipped.
class Reader {
  at = 0
  private readonly bytes: Uint8Array
  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  get more(): boolean {
    return this.at < this.bytes.length
  }

  varint(): number {
    let value = 0
    let scale = 1
    for (let n = 0; n < 10; n++) {
      const byte = this.bytes[this.at++] ?? 0
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value
      scale *= 128
    }
    return value
  }

  part(): Reader {
    const length = this.varint()
    const part = new Reader(this.bytes.subarray(this.at, this.at + length))
    this.at += length
    return part
  }

  text(): string {
    return new TextDecoder().decode(this.part().bytes)
  }

  skip(wire: number): void {
    if (wire === 0) this.varint()
    else if (wire === 1) this.at += 8
    else if (wire === 2) this.part()
    else if (wire === 5) this.at += 4
    else this.at = this.bytes.length // Damage: nothing after it can be read.
  }
}

/** Walks the fields of a message. `take` reads a field and answers true, or leaves it to be skipped. */
function fields(r: Reader, take: (field: number) => boolean): void {
  while (r.more) {
    const tag = r.varint()
    if (!take(tag >>> 3)) r.skip(tag & 7)
  }
}

/** The lines of one layer of a tile. Damage gives fewer lines, never an error. */
export function tileLines(bytes: Uint8Array, layer: string): TileLine[] {
  const out: TileLine[] = []
  const tile = new Reader(bytes)
  fields(tile, (f) => {
    if (f !== 3) return false
    out.push(...layerLines(tile.part(), layer))
    return true
  })
  return out
}

function layerLines(r: Reader, wanted: string): TileLine[] {
  let name = ''
  let extent = 4096
  const keys: string[] = []
  const values: string[] = []
  const features: Reader[] = []
  fields(r, (f) => {
    if (f === 1) name = r.text()
    else if (f === 2) features.push(r.part())
    else if (f === 3) keys.push(r.text())
    else if (f === 4) values.push(valueText(r.part()))
    else if (f === 5) extent = r.varint() || 4096
    else return false
    return true
  })
  return name === wanted ? features.flatMap((x) => featureLines(x, keys, values, extent)) : []
}

function valueText(r: Reader): string {
  let text = ''
  fields(r, (f) => {
    if (f !== 1) return false
    text = r.text()
    return true
  })
  return text
}

function featureLines(r: Reader, keys: readonly string[], values: readonly string[], extent: number): TileLine[] {
  let kind = ''
  let lines: [number, number][][] = []
  fields(r, (f) => {
    if (f === 2) {
      const tags = r.part()
      while (tags.more) {
        const key = keys[tags.varint()]
        const value = values[tags.varint()]
        if (key === 'class') kind = value ?? ''
      }
    } else if (f === 4) lines = geometry(r.part(), extent)
    else return false
    return true
  })
  return lines.filter((l) => l.length > 1).map((points) => ({ kind, points }))
}

function geometry(r: Reader, extent: number): [number, number][][] {
  const lines: [number, number][][] = []
  let x = 0
  let y = 0
  const step = () => {
    const n = r.varint()
    return n % 2 === 1 ? -(n + 1) / 2 : n / 2
  }
  while (r.more) {
    const command = r.varint()
    const id = command & 7
    for (let n = id === 7 ? 0 : command >>> 3; n > 0 && r.more; n--) {
      x += step()
      y += step()
      if (id === 1) lines.push([])
      lines.at(-1)?.push([x / extent, y / extent])
    }
    if (id !== 1 && id !== 2 && id !== 7) break
  }
  return lines
}

/** Where a place lies in the grid of tiles at a zoom: column and row, with the part within the tile. */
export function tileOf(at: { lon: number; lat: number }, zoom: number): { x: number; y: number } {
  const n = 2 ** zoom
  const lat = (at.lat * Math.PI) / 180
  return { x: ((at.lon + 180) / 360) * n, y: ((1 - Math.log(Math.tan(lat) + 1 / Math.cos(lat)) / Math.PI) / 2) * n }
}
