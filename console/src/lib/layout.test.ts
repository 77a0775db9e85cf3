import { describe, expect, test } from 'vitest'
import { closed, docks, joined, limits, moved, placeOf, presetLayouts, presets, pushed, shared, shown, sized, sound, type Layout } from './layout'

const known = ['queue', 'map', 'incident', 'call', 'cover', 'units', 'commander']
const all = (l: Layout) => docks.flatMap((d) => l.docks[d].flatMap((s) => s.panels))

/** Chance that can be replayed. */
function chance(seed: number) {
  let s = seed
  return (n: number) => {
    s = (Math.imul(s, 1664525) + 1013904223) >>> 0
    return s % n
  }
}

describe('a layout', () => {
  test('whatever is done to it, each panel stands at most once, each stack shows one of its own, and what was closed comes back', () => {
    for (let seed = 1; seed <= 60; seed++) {
      const pick = chance(seed)
      let l = presetLayouts[presets[pick(4)] ?? 'dispatcher']
      for (let step = 0; step < 40; step++) {
        const id = known[pick(known.length)] ?? ''
        const dock = docks[pick(4)] ?? 'left'
        const what = pick(7)
        if (what === 0) l = closed(l, id)
        else if (what === 1) l = moved(l, id, { dock, stack: pick(4), as: pick(2) === 0 ? 'tab' : 'own' })
        else if (what === 2) l = joined(l, id)
        else if (what === 3) l = pushed(l, id, (['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'] as const)[pick(4)] ?? 'ArrowUp')
        else if (what === 4) l = shared(l, dock, pick(3), (pick(200) - 100) / 100)
        else if (what === 5) l = sized(l, 'left', pick(3000))
        else l = shown(l, id, dock)
        expect(new Set(all(l)).size, `seed ${seed}`).toBe(all(l).length)
        for (const d of docks) for (const s of l.docks[d]) expect(s.panels.includes(s.open) && s.share > 0, `seed ${seed}: ${JSON.stringify(s)}`).toBe(true)
        expect(l.size.left ?? 300).toBeLessThanOrEqual(limits.left[1])
        if (what === 6) expect(placeOf(l, id), `seed ${seed}`).toBeDefined()
        if (what === 1) expect(placeOf(l, id)?.dock, `seed ${seed}`).toBe(dock)
      }
      expect(sound(JSON.parse(JSON.stringify(l)), known, presetLayouts.dispatcher)).toEqual(l)
    }
  })

  test('what a seat remembers may be anything', () => {
    for (const odd of [undefined, null, 7, 'x', [], {}, { docks: null }, { docks: { left: 7 }, size: { left: 'wide' } }]) {
      const l = sound(odd, known, presetLayouts.dispatcher)
      expect(new Set(all(l)).size).toBe(all(l).length)
    }
    const twice = sound({ docks: { left: [{ panels: ['map', 'map', 'gone'], open: 'gone', share: -1 }], middle: [{ panels: ['map'] }] }, size: { left: 9999 } }, known, presetLayouts.dispatcher)
    expect(twice.docks).toEqual({ left: [{ panels: ['map'], open: 'map', share: 1 }], middle: [], right: [], bottom: [] })
    expect(twice.size.left).toBe(limits.left[1])
    expect(sound(null, ['queue'], presetLayouts.dispatcher).docks.left).toHaveLength(1)
  })

  test('an arrow moves a panel past its neighbour, then to the next dock', () => {
    let l: Layout = presetLayouts.call_taker
    l = pushed(l, 'incident', 'ArrowUp')
    expect(l.docks.right.map((s) => s.open)).toEqual(['incident', 'queue'])
    l = pushed(l, 'incident', 'ArrowLeft')
    expect(l.docks.middle.map((s) => s.open)).toEqual(['map', 'incident'])
    l = joined(l, 'incident')
    expect(l.docks.middle.map((s) => s.panels)).toEqual([['map', 'incident']])
  })

  test('a border moves between two stacks and leaves the others alone', () => {
    const l = shared(presetLayouts.call_taker, 'right', 0, 0.25)
    expect(l.docks.right.map((s) => s.share)).toEqual([1.5, 0.5])
    expect(shared(l, 'right', 0, 5).docks.right.map((s) => s.share)).toEqual([1.8, expect.closeTo(0.2)])
    expect(shared(l, 'right', 1, 0.1)).toBe(l)
  })
})
