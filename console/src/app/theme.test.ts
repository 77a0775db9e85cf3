import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

const css = readFileSync(join(import.meta.dirname, 'theme.css'), 'utf8')

function tokens(theme: string): Map<string, string> {
  const block = new RegExp(`data-theme='${theme}'\\][^{]*\\{([^}]*)\\}`).exec(css)?.[1] ?? ''
  return new Map([...block.matchAll(/--([\w-]+): (#[0-9a-f]{6})/g)].map((m) => [m[1] ?? '', m[2] ?? '']))
}

const luminance = (hex: string): number => {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((n) => {
    const c = Number.parseInt(hex.slice(n, n + 2), 16) / 255
    return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

const contrast = (a: string, b: string): number => {
  const [x = 0, y = 0] = [luminance(a), luminance(b)].sort((p, q) => q - p)
  return (x + 0.05) / (y + 0.05)
}

const pairs: [string, string][] = [
  ...['text', 'dim', 'faint', 'red', 'amber', 'green', 'blue', 'grey'].flatMap((ink): [string, string][] => [[ink, 'panel'], [ink, 'raise']]),
  ['amber', 'amberbg'], ['red', 'redbg'], ['blue', 'bluebg'], ['text', 'bluebg'], ['dim', 'bluebg'], ['faint', 'bluebg'],
  ['on-solid', 'solid'], ['on-blue', 'blue'], ['label', 'land'], ['text', 'land'],
  // Names on the map, on whatever may lie under them.
  ...['land', 'park', 'building', 'ground-residential', 'ground-commercial', 'ground-industrial', 'ground-school', 'ground-hospital', 'ground-square'].flatMap((ground): [string, string][] => [['label', ground], ['label-strong', ground]]),
  ['label-faint', 'land'], ['label-water', 'water'], ['label-park', 'park'],
]

describe.each(['dark', 'light'])('%s', (theme) => {
  test.each(pairs)('%s on %s is readable (WCAG AA)', (ink, ground) => {
    const t = tokens(theme)
    expect(contrast(t.get(ink) ?? '#000000', t.get(ground) ?? '#000000')).toBeGreaterThanOrEqual(4.5)
  })
})
