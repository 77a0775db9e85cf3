import { describe, expect, test } from 'vitest'
import type { Feature } from 'geojson'
import type { IncidentRow, UnitRow } from '../api/types'
import { Maker, type Live } from './feed'
import { glOf } from './gl'
import { Held } from './held'

const at = '2026-01-01T00:00:00Z'
const now = Date.parse(at)
const unit = (id: string, extra: Partial<UnitRow> = {}): UnitRow =>
  ({ id, seq: 1, call_sign: id, kind: 'car', state: 'available', dispatchable: true, position: { lon: 121, lat: 31, at, age_s: 0, state: 'trusted' }, ...extra }) as UnitRow
const incident = (id: string, number: number, extra: Partial<IncidentRow> = {}): IncidentRow =>
  ({ id, seq: 1, number, phase: 'in_work', queue: 'active', priority: 'P2', received: at, place: { lon: 121 + number / 100, lat: 31 }, ...extra }) as IncidentRow
const live = (units: UnitRow[], incidents: IncidentRow[], extra: Partial<Live> = {}): Live =>
  ({ units: new Map(units.map((u) => [u.id, u])), incidents: new Map(incidents.map((i) => [i.id, i])), now, unit: '', incident: '', marks: new Map(), ...extra })

describe('what a source holds', () => {
  const f = (id: string, lon: number, look = 'free'): Feature => ({ type: 'Feature', geometry: { type: 'Point', coordinates: [lon, 31] }, properties: { id, look, label: id } })
  test('costs only what has changed', () => {
    const held = new Held()
    const [a, b] = [f('a', 1), f('b', 2)]
    expect(held.to(new Map([['a', a], ['b', b]]))).toEqual({ add: [a, b] })
    expect(held.to(new Map([['a', a], ['b', b]]))).toBeUndefined()
    const moved = f('b', 3, 'going')
    expect(held.to(new Map([['a', a], ['b', moved]]))).toEqual({ update: [{ id: 'b', newGeometry: moved.geometry, addOrUpdateProperties: [{ key: 'look', value: 'going' }] }] })
    expect(held.to(new Map([['b', moved]]))).toEqual({ remove: ['a'] })
    held.clear()
    expect(held.to(new Map([['b', moved]]))).toEqual({ add: [moved] })
  })
})

describe('what is out there', () => {
  test('makes a feature again only for a row that is another, or an age that is', () => {
    const maker = new Maker()
    const [a, b] = [unit('a'), unit('b')]
    const first = maker.make(live([a, b], []))
    const moved = unit('b', { position: { lon: 121.1, lat: 31, at, age_s: 0, state: 'trusted' } })
    const second = maker.make(live([a, moved], [], { now: now + 30_000 }))
    expect(second.units.get('a')).toBe(first.units.get('a'))
    expect(second.units.get('b')).not.toBe(first.units.get('b'))
    const old = maker.make(live([a, moved], [], { now: now + 65_000 }))
    expect(old.units.get('a')?.properties).toMatchObject({ faded: true, label: 'a 65s' })
    expect(maker.make(live([a, moved], [], { now: now + 67_000 })).units.get('a')).toBe(old.units.get('a'))
    expect(maker.make(live([moved], [], { now })).units.has('a')).toBe(false)
  })

  test('never hides in a crowd who is in danger, in hand, or sent to the open incident', () => {
    const sent = incident('i', 1, { assignments: [{ id: 'x', unit: 'c', call_sign: 'c', stage: 'en_route', level: 'one', primary: true, since: at }, { id: 'y', unit: 'd', call_sign: 'd', stage: 'cleared', level: 'one', primary: true, since: at }] })
    const made = new Maker().make(live([unit('a', { flags: { duress: { since: at, by: 'x' } } }), unit('b'), unit('c'), unit('d'), unit('e')], [sent], { unit: 'b', incident: 'i' }))
    expect([[...made.unitsUp.keys()], [...made.units.keys()], [...made.incidentsUp.keys()], [...made.incidents.keys()]]).toEqual([['a', 'b', 'c'], ['d', 'e'], ['i'], []])
  })

  test('leaves the mark of an incident alone when only its words have changed', () => {
    const maker = new Maker()
    const first = maker.make(live([], [incident('i', 1), incident('k', 2)]))
    const second = maker.make(live([], [incident('i', 1, { seq: 9, narrative: 'more' }), incident('k', 2, { priority: 'P1' })]))
    expect(second.incidents.get('i')).toBe(first.incidents.get('i'))
    expect(second.incidents.get('k')?.properties?.['priority']).toBe('P1')
    expect(maker.make(live([], [incident('i', 1, { phase: 'closed' })])).incidents.size).toBe(0)
  })

  test('two thousand units of which two hundred have moved are gone through in a few milliseconds', () => {
    const maker = new Maker()
    const held = new Held()
    const rows = Array.from({ length: 2000 }, (_, n) => unit(`u${n}`))
    const calls = Array.from({ length: 300 }, (_, n) => incident(`i${n}`, n))
    held.to(maker.make(live(rows, calls)).units)
    const took = Array.from({ length: 20 }, (_, round) => {
      const moved = rows.map((r, n) => (n % 10 === round % 10 ? unit(r.id, { position: { lon: 121 + round / 1000, lat: 31, at, age_s: 0, state: 'trusted' } }) : r))
      const next = live(moved, calls)
      const from = performance.now()
      const diff = held.to(maker.make(next).units)
      expect(diff?.update?.length).toBeGreaterThan(100)
      return performance.now() - from
    })
    // A quiet machine takes less than 8; a busy one is slower, and what grows with the square is slower by far more.
    expect(Math.min(...took)).toBeLessThan(64)
  })
})

test('a program that plays a graphics card is known by its name', () => {
  for (const name of ['ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero)), SwiftShader driver)', 'llvmpipe (LLVM 15.0.7, 256 bits)', 'Microsoft Basic Render Driver', 'Apple Software Renderer']) expect(glOf(name)).toBe('software')
  for (const name of ['ANGLE (Intel, Mesa Intel(R) UHD Graphics 620 (KBL GT2), OpenGL 4.6)', 'ANGLE (NVIDIA, NVIDIA GeForce RTX 3060 Direct3D11)', 'Apple M2', '']) expect(glOf(name)).toBe('hardware')
})
