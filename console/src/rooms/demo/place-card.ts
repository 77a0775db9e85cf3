/** A box on the screen, in pixels. */
export type Box = { x: number; y: number; w: number; h: number }

const gap = 14
const edge = 8

/** The area that two boxes share. */
export const overlap = (a: Box, b: Box): number =>
  Math.max(0, Math.min(a.x + a.w, b.x + b.w) - Math.max(a.x, b.x)) * Math.max(0, Math.min(a.y + a.h, b.y + b.h) - Math.max(a.y, b.y))

/**
 * Where a card stands beside what it speaks of: it never covers that while there is room elsewhere, and covers as little
 * as it can of what should stay free. Without anything to speak of it stands in the middle.
 */
export function placeCard(about: readonly Box[], free: readonly Box[], card: { w: number; h: number }, screen: { w: number; h: number }): { x: number; y: number } {
  const first = about[0]
  const middle = { x: (screen.w - card.w) / 2, y: (screen.h - card.h) / 2 }
  if (!first) return inside(middle, card, screen)
  const spots = about.flatMap((b) => {
    const x = b.x + b.w / 2 - card.w / 2
    return [
      ...[b.y, b.y + b.h / 2 - card.h / 2, b.y + b.h - card.h].flatMap((y) => [{ x: b.x + b.w + gap, y }, { x: b.x - card.w - gap, y }]),
      { x, y: b.y - card.h - gap }, { x, y: b.y + b.h + gap },
    ]
  })
  let best = middle
  let least = Infinity
  for (const spot of [...spots, middle]) {
    const at = inside(spot, card, screen)
    const box = { ...at, w: card.w, h: card.h }
    const covers = about.reduce((sum, b) => sum + overlap(box, b), 0) * 1000 + free.reduce((sum, b) => sum + overlap(box, b), 0) / 20
    const away = Math.hypot(at.x + card.w / 2 - first.x - first.w / 2, at.y + card.h / 2 - first.y - first.h / 2)
    const cost = covers + away
    if (cost < least) {
      least = cost
      best = at
    }
  }
  return inside(best, card, screen)
}

const inside = (at: { x: number; y: number }, card: { w: number; h: number }, screen: { w: number; h: number }) => ({
  x: Math.round(Math.max(edge, Math.min(at.x, screen.w - card.w - edge))),
  y: Math.round(Math.max(edge, Math.min(at.y, screen.h - card.h - edge))),
})
