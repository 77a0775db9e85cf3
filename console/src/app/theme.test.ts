import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { palettes, themes, type Palette, type Theme } from '../lib/look'

const css = readFileSync(join(import.meta.dirname, 'theme.css'), 'utf8')

function block(selector: string): [string, string][] {
  const at = css.indexOf(`${selector} {`)
  const inside = at < 0 ? '' : css.slice(at, css.indexOf('}', at))
  return [...inside.matchAll(/--([\w-]+): (#[0-9a-f]{6})/g)].map((m) => [m[1] ?? '', m[2] ?? ''])
}

/** The colours as the page has them: those of the dark theme hold where another one says nothing. */
const tokens = (theme: Theme, palette: Palette): Map<string, string> =>
  new Map([...block(":root, :root[data-theme='dark']"), ...(theme === 'dark' ? [] : block(`:root[data-theme='${theme}']`)), ...(palette === 'usual' ? [] : block(`:root[data-theme='${theme}'][data-palette='${palette}']`))])

type Light = readonly [number, number, number] // Linear red, green, blue, 0 to 1.
const light = (hex: string): Light => [1, 3, 5].map((n) => {
  const c = Number.parseInt(hex.slice(n, n + 2), 16) / 255
  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
}) as unknown as Light
const luminance = ([r, g, b]: Light): number => 0.2126 * r + 0.7152 * g + 0.0722 * b

const contrast = (a: string, b: string): number => {
  const [x = 0, y = 0] = [luminance(light(a)), luminance(light(b))].sort((p, q) => q - p)
  return (x + 0.05) / (y + 0.05)
}

// Machado, Oliveira, Fernandes 2009: what eyes without one kind of cone see of linear light.
const eyes: Readonly<Record<Palette, readonly Light[]>> = {
  usual: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protan: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deutan: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  tritan: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}
const seen = (l: Light, by: Palette): Light => eyes[by].map((row) => Math.min(1, Math.max(0, row[0] * l[0] + row[1] * l[1] + row[2] * l[2]))) as unknown as Light

// Ottosson 2020 (OKLab): equal steps look equally far apart; 100 is from black to white.
function lab([r, g, b]: Light): Light {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
  return [0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s, 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s, 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s]
}
const apart = (a: string, b: string, by: Palette): number => {
  const [p, q] = [lab(seen(light(a), by)), lab(seen(light(b), by))]
  return 100 * Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2])
}

const meanings = ['red', 'amber', 'green', 'blue', 'grey'] as const
const words: [string, string][] = [
  ...['text', 'dim', 'faint', ...meanings].flatMap((ink): [string, string][] => [[ink, 'panel'], [ink, 'raise']]),
  ['text', 'field'], ['faint', 'field'], ['dim', 'bg'],
  ['amber', 'amberbg'], ['red', 'redbg'], ['blue', 'bluebg'], ['green', 'greenbg'], ['text', 'redbg'], ['text', 'bluebg'], ['dim', 'bluebg'], ['faint', 'bluebg'],
  ['on-solid', 'solid'], ['on-blue', 'blue'], ['label', 'land'], ['text', 'land'],
  // Names on the map, on whatever may lie under them.
  ...['land', 'park', 'building', 'ground-residential', 'ground-commercial', 'ground-industrial', 'ground-school', 'ground-hospital', 'ground-square'].flatMap((ground): [string, string][] => [['label', ground], ['label-strong', ground]]),
  ['label-faint', 'land'], ['label-water', 'water'], ['label-park', 'park'],
]

describe.each(themes.flatMap((theme) => palettes.map((palette) => ({ theme, palette }))))('$theme, $palette', ({ theme, palette }) => {
  const t = tokens(theme, palette)
  const colour = (name: string) => t.get(name) ?? '#000000'
  test.each(words)('%s on %s is readable (WCAG AA)', (ink, ground) => {
    expect(contrast(colour(ink), colour(ground))).toBeGreaterThanOrEqual(4.5)
  })

  test('what can be pressed and what has the keyboard is seen (WCAG 1.4.11)', () => {
    for (const ground of ['panel', 'raise', 'field']) expect(contrast(colour('blue'), colour(ground)), ground).toBeGreaterThanOrEqual(3)
  })

  test('such eyes tell danger, caution, safe, work and stale apart', () => {
    for (const [n, a] of meanings.entries()) for (const b of meanings.slice(n + 1)) expect(apart(colour(a), colour(b), palette), `${a} ${b}`).toBeGreaterThanOrEqual(10)
  })
})

test('in high contrast every word reaches WCAG AAA', () => {
  for (const palette of palettes) {
    const t = tokens('contrast', palette)
    for (const ink of ['text', 'dim', 'faint', ...meanings]) expect(contrast(t.get(ink) ?? '', t.get('panel') ?? ''), `${palette} ${ink}`).toBeGreaterThanOrEqual(7)
  }
})

test('eyes that lack a cone do not tell the usual colours apart: that is why there are others', () => {
  const t = tokens('dark', 'usual')
  expect(apart(t.get('red') ?? '', t.get('green') ?? '', 'deutan')).toBeLessThan(10)
})

test('every colour that a style sheet uses is one of the theme', () => {
  const root = join(import.meta.dirname, '..')
  const sheets = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.css'))
  const known = new Set([...tokens('dark', 'usual').keys(), 'left', 'right', 'bottom', 'rows', 'chip', 'units', 'columns', 'lines'])
  expect(sheets.length).toBeGreaterThan(5)
  const unknown = sheets.flatMap((f) => [...readFileSync(join(root, f), 'utf8').matchAll(/var\(--([\w-]+)/g)].flatMap((m) => (known.has(m[1] ?? '') ? [] : [`${f}: ${m[1]}`])))
  expect([...new Set(unknown)]).toEqual([])
})
