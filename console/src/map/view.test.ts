import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { TheMap } from './MapView'
import { around, goTo, limitsOf } from './view'

let still = false
const map = { getContainer: () => ({ clientWidth: 800, clientHeight: 200 }), getZoom: () => 14, getMaxBounds: () => ({ contains: ([lon]: [number, number]) => lon < 5 }), setMaxBounds: vi.fn<TheMap['setMaxBounds']>(), fitBounds: vi.fn<TheMap['fitBounds']>(), easeTo: vi.fn<TheMap['easeTo']>() }
const m = map as unknown as TheMap

beforeEach(() => {
  still = false
  vi.clearAllMocks()
  Object.assign(globalThis, { matchMedia: () => ({ matches: still }) })
})

describe('the view', () => {
  test('of several places holds them all', () => {
    expect(around([{ lon: 2, lat: 30 }, { lon: 1, lat: 31 }, { lon: 1.5, lat: 29 }])).toEqual([1, 29, 2, 31])
  })

  test('goes to several places at once, with room about them, and not too near', () => {
    goTo(m, { n: 1, together: [{ lon: 1, lat: 30 }, { lon: 2, lat: 31 }] })
    expect(map.fitBounds.mock.calls[0]?.slice(0, 2)).toEqual([[1, 30, 2, 31], { padding: 40, maxZoom: 15, duration: 350, linear: true }])
  })

  test('goes to a place and never further away from it', () => {
    goTo(m, { n: 1, at: { lon: 1, lat: 30 }, zoom: 12 })
    goTo(m, { n: 2, at: { lon: 1, lat: 30 }, zoom: 16 })
    expect(map.easeTo.mock.calls.map((c) => c[0].zoom)).toEqual([14, 16])
  })

  test('does not glide for who asked for less motion', () => {
    still = true
    goTo(m, { n: 1, together: [{ lon: 1, lat: 30 }] })
    goTo(m, { n: 2, at: { lon: 1, lat: 30 } })
    expect([map.fitBounds.mock.calls[0]?.[1]?.duration, map.easeTo.mock.calls[0]?.[0].duration]).toEqual([0, 0])
  })

  test('shows a place beyond its limits all the same', () => {
    goTo(m, { n: 1, at: { lon: 1, lat: 30 } })
    expect(map.setMaxBounds).not.toHaveBeenCalled()
    goTo(m, { n: 2, together: [{ lon: 1, lat: 30 }, { lon: 6, lat: 30 }] })
    expect(map.setMaxBounds).toHaveBeenCalledWith(null)
  })

  test('has limits in the shape of its window, with a margin about all that it holds', () => {
    const square = limitsOf([0, -1, 2, 1], 100, 100)
    expect(square.map((x) => Math.round(x * 100) / 100)).toEqual([-0.2, -1.2, 2.2, 1.2])
    const [w, s, e, n] = limitsOf([0, -1, 2, 1], 300, 100)
    expect([w, e].map((x) => Math.round(x * 10) / 10)).toEqual([-2.6, 4.6])
    expect([s, n].map((x) => Math.round(x * 100) / 100)).toEqual([-1.2, 1.2])
  })
})
