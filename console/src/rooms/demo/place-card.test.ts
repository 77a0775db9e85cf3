import { describe, expect, test } from 'vitest'
import { overlap, placeCard, type Box } from './place-card'

const screen = { w: 1920, h: 1080 }
const card = { w: 336, h: 180 }
const queue: Box = { x: 0, y: 36, w: 432, h: 822 }
const incident: Box = { x: 1464, y: 36, w: 456, h: 822 }
const units: Box = { x: 0, y: 858, w: 1920, h: 186 }

const at = (about: Box[], free: Box[], size = card, on = screen): Box => ({ ...placeCard(about, free, size, on), ...size })

describe('the card of the tour', () => {
  test.each<[string, Box[]]>([
    ['the queue', [queue]],
    ['a field of the form', [{ x: 1478, y: 80, w: 428, h: 60 }]],
    ['the units', [units]],
    ['three things at once', [queue, { x: 440, y: 820, w: 500, h: 26 }, units]],
    ['a button in the corner', [{ x: 1890, y: 1050, w: 26, h: 26 }]],
  ])('never covers %s, stays on the screen and leaves the panels alone', (_, about) => {
    const box = at(about, [queue, incident, units])
    for (const b of [...about, queue, incident, units]) expect(overlap(box, b)).toBe(0)
    expect(box.x).toBeGreaterThanOrEqual(0)
    expect(box.y).toBeGreaterThanOrEqual(0)
    expect(box.x + box.w).toBeLessThanOrEqual(screen.w)
    expect(box.y + box.h).toBeLessThanOrEqual(screen.h)
  })

  test('where there is no free room it covers anything but what it speaks of', () => {
    const small = { w: 700, h: 400 }
    const about = { x: 400, y: 100, w: 290, h: 200 }
    expect(overlap(at([about], [{ x: 0, y: 0, w: 700, h: 400 }], card, small), about)).toBe(0)
  })

  test('with nothing to speak of it stands in the middle', () => {
    expect(placeCard([], [], card, screen)).toEqual({ x: 792, y: 450 })
  })
})
