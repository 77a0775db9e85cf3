import type { StyleSpecification } from '@maplibre/maplibre-gl-style-spec'
import { read } from '../api/client'
import type { components } from '../api/schema.gen'

type MapInfo = components['schemas']['MapInfo']

/** What the map is drawn on: our own tiles, and, when the agency has its own map, that instead of our ground. */
export type Ground = {
  tiles: string | undefined
  maxzoom: number
  bounds: readonly number[] | undefined
  attribution: string
  raster: string | undefined
  style: StyleSpecification | undefined
  /** The agency's style did not come: our own ground is drawn instead. */
  lost: boolean
}

/** Asks how the map is drawn. An agency's style is fetched from where it lies; the room does not wait for one that does not come. */
export async function readGround(signal: AbortSignal): Promise<Ground> {
  const info = await read<MapInfo>('/map', signal)
  const here = new URL('/api/v1/map', location.href).href
  const style = info.style === undefined ? undefined : await fetchStyle(beside(info.style, here), signal)
  return {
    tiles: info.tiles?.[0] === undefined ? undefined : beside(info.tiles[0], here),
    maxzoom: info.maxzoom,
    bounds: info.bounds,
    attribution: info.attribution,
    raster: info.raster?.[0],
    style,
    lost: info.style !== undefined && style === undefined,
  }
}

async function fetchStyle(address: string, signal: AbortSignal): Promise<StyleSpecification | undefined> {
  try {
    const answer = await fetch(address, { signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]), credentials: new URL(address).origin === location.origin ? 'same-origin' : 'omit' })
    return answer.ok ? foreign(await answer.json() as StyleSpecification, address) : undefined
  } catch (cause) {
    if (signal.aborted) throw cause
    return undefined
  }
}

/** An address beside another one. The braces of a tile's address stay as they are. */
export function beside(address: string, base: string): string {
  return new URL(address, base).href.replaceAll('%7B', '{').replaceAll('%7D', '}')
}

/**
 * Makes a style of somebody else fit to lie under our own layers: its addresses whole, its names apart from ours, and
 * without its server of glyphs. Call signs must not wait for another's server: all labels are drawn with the seat's font.
 */
export function foreign(style: StyleSpecification, address: string): StyleSpecification {
  const { glyphs: _, sources, layers, sprite, ...rest } = style
  const theirs = (name: string) => `their-${name}`
  return {
    ...rest,
    ...(typeof sprite === 'string' ? { sprite: beside(sprite, address) } : {}),
    sources: Object.fromEntries(Object.entries(sources).map(([name, source]) => [theirs(name), {
      ...source,
      ...('url' in source && typeof source.url === 'string' ? { url: beside(source.url, address) } : {}),
      ...('tiles' in source && source.tiles ? { tiles: source.tiles.map((t) => beside(t, address)) } : {}),
      ...('data' in source && typeof source.data === 'string' ? { data: beside(source.data, address) } : {}),
    }])),
    layers: layers.map((layer) => ({ ...layer, id: theirs(layer.id), ...('source' in layer && typeof layer.source === 'string' ? { source: theirs(layer.source) } : {}) })) as StyleSpecification['layers'],
  }
}
