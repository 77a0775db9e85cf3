import { colour } from './paint'
import { draw, path, size } from './canvas'
import { placeSigns, type Letters, type Sign } from './place-signs'
import type { KindMark } from './unit-layer'

const marks: readonly KindMark[] = ['plain', 'station', 'foot', 'straight', 'special']

/** The signs of the map: a shape for each state, a frame for each priority, and what stands on the ground. */
export function mapImages(letters: Letters): Map<string, Sign> {
  const images = new Map<string, Sign>(placeSigns(letters))
  const m = size / 2
  const looks = { free: 'green', sign: 'amber', going: 'amber', there: 'blue', out: 'grey', duress: 'red' } as const
  for (const [look, name] of Object.entries(looks)) {
    const ink = colour(name)
    const unit = draw((c) => {
      c.fillStyle = c.strokeStyle = ink
      c.lineWidth = 2.6
      if (look === 'free' || look === 'sign') {
        c.beginPath()
        c.arc(m, m, 5.6, 0, 2 * Math.PI)
        c.save()
        c.fillStyle = colour('panel')
        c.fill()
        c.restore()
        if (look === 'sign') c.setLineDash([3, 2.4])
        c.stroke()
        return
      }
      if (look === 'going') path(c, [[m, m - 7], [m + 6.5, m + 5.5], [m - 6.5, m + 5.5]])
      else if (look === 'duress') path(c, [[m, 1], [size - 1, m], [m, size - 1], [1, m]])
      else path(c, look === 'out' ? [[m - 6, m - 2], [m + 6, m - 2], [m + 6, m + 2], [m - 6, m + 2]] : [[m - 5.5, m - 5.5], [m + 5.5, m - 5.5], [m + 5.5, m + 5.5], [m - 5.5, m + 5.5]])
      c.fill()
      c.strokeStyle = colour('land')
      c.lineWidth = 1
      c.stroke()
    })
    for (const mark of marks) images.set(`unit-${look}-${mark}`, { data: mark === 'plain' ? unit : withMark(unit, ink, mark) })
    images.set(`heading-${look}`, { data: draw((c) => {
      c.fillStyle = ink
      path(c, [[19, 3], [22.5, 9.5], [15.5, 9.5]])
      c.fill()
    }, 38, 38) })
  }
  const frames = { P1: ['solid', 'solid'], P2: ['amberbg', 'amber'], P3: ['bluebg', 'blue'], P4: ['panel', 'grey'] } as const
  for (const [p, [fill, edge]] of Object.entries(frames)) {
    images.set(`mark-${p}`, { stretch: true, data: draw((c) => {
      c.fillStyle = colour(fill)
      c.strokeStyle = colour(edge)
      c.lineWidth = 1.4
      if (p === 'P4') c.setLineDash([3, 2])
      c.beginPath()
      c.roundRect(1, 1, size - 2, size - 2, 4)
      c.fill()
      c.stroke()
    }) })
  }
  images.set('draft', { data: crossHair() })
  images.set('crowd', { stretch: true, data: crowd() })
  images.set('drawn-point', { data: heldPoint() })
  images.set('drawn-post', { data: postFlag() })
  images.set('drawn-head', { data: wayHead() })
  images.set('hatch', { data: hatch() })
  images.set('move', { data: arrowHead() })
  images.set('site', { data: site('site', true) })
  images.set('today', { data: site('today', false) })
  return images
}

/** The shape of a state with the mark of a kind under it: a bar, dots, a wave or a cross. */
function withMark(shape: ImageData, ink: string, mark: KindMark): ImageData {
  const made = draw((c) => {
    c.strokeStyle = colour('land')
    c.lineWidth = 3.4
    for (const pass of [0, 1]) {
      if (pass === 1) {
        c.strokeStyle = ink
        c.lineWidth = 1.7
      }
      c.beginPath()
      if (mark === 'station') strokes(c, [[6.5, 20.2, 15.5, 20.2]])
      else if (mark === 'special') strokes(c, [[8.2, 20, 13.8, 20], [11, 17.4, 11, 21.6]])
      else if (mark === 'straight') {
        c.moveTo(5.5, 20.5)
        c.bezierCurveTo(8, 17.4, 10, 17.4, 11, 19.4)
        c.bezierCurveTo(12, 21.4, 14, 21.4, 16.5, 18.3)
      } else strokes(c, [[7.4, 20, 9.2, 20], [12.8, 20, 14.6, 20]])
      c.stroke()
    }
  })
  // Both pictures are of one size; what is drawn of the shape goes over the mark.
  for (let i = 0; i < shape.data.length; i += 4) if ((shape.data[i + 3] ?? 0) > 127) made.data.set(shape.data.subarray(i, i + 4), i)
  return made
}

const strokes = (c: CanvasRenderingContext2D, lines: readonly (readonly [number, number, number, number])[]): void => {
  for (const [x1, y1, x2, y2] of lines) {
    c.moveTo(x1, y1)
    c.lineTo(x2, y2)
  }
}

/** A frame for a crowd: stretched around its counts. */
const crowd = (): ImageData => draw((c) => {
  c.fillStyle = colour('panel')
  c.strokeStyle = colour('line2')
  c.lineWidth = 1.4
  c.beginPath()
  c.roundRect(1, 1, size - 2, size - 2, 9)
  c.fill()
  c.stroke()
})

/** A way out that is held: a barred disc. */
const heldPoint = (): ImageData => draw((c) => {
  c.lineWidth = 2.6
  c.strokeStyle = colour('draft')
  c.fillStyle = colour('panel')
  c.beginPath()
  c.arc(11, 11, 8.6, 0, 2 * Math.PI)
  c.fill()
  c.stroke()
  c.beginPath()
  strokes(c, [[5.6, 11, 16.4, 11]])
  c.lineWidth = 3.4
  c.stroke()
})

/** A post: a flag whose foot stands at the place. */
const postFlag = (): ImageData => draw((c) => {
  c.strokeStyle = colour('halo')
  c.fillStyle = colour('draft')
  c.lineWidth = 1.2
  path(c, [[15, 15], [15, 3], [26, 7], [17, 11], [17, 15]])
  c.fill()
  c.stroke()
}, 30, 30)

/** The head of a drawn way. */
const wayHead = (): ImageData => draw((c) => {
  c.fillStyle = colour('draft')
  path(c, [[15, 13], [21, 25], [15, 22], [9, 25]])
  c.fill()
}, 30, 30)

/** A ring with an open middle, so that the corner it names can be seen. */
const crossHair = (): ImageData => draw((c) => {
  for (const [ink, width] of [[colour('halo'), 6], [colour('draft'), 2.6]] as const) {
    c.strokeStyle = ink
    c.lineWidth = width
    c.beginPath()
    c.arc(22, 22, 11, 0, 2 * Math.PI)
    for (const [x, y] of [[0, -1], [1, 0], [0, 1], [-1, 0]] as const) {
      c.moveTo(22 + x * 6, 22 + y * 6)
      c.lineTo(22 + x * 19, 22 + y * 19)
    }
    c.stroke()
  }
}, 44, 44)

/** Slanted lines that meet themselves in the next tile: read without any colour. */
const hatch = (): ImageData => draw((c) => {
  c.strokeStyle = colour('hatch')
  c.lineWidth = 1.1
  c.beginPath()
  for (const x of [-8, 0, 8]) {
    c.moveTo(x, 8)
    c.lineTo(x + 8, 0)
  }
  c.stroke()
}, 8, 8)

/** The head of an arrow whose point stands at the place itself. */
const arrowHead = (): ImageData => draw((c) => {
  c.fillStyle = colour('move')
  c.strokeStyle = colour('halo')
  c.lineWidth = 1.4
  path(c, [[15, 15], [22, 28], [15, 25], [8, 28]])
  c.fill()
  c.stroke()
}, 30, 30)

/** A place where units wait: a filled diamond where a study would have it, an open square where it is today. */
const site = (ink: string, chosen: boolean): ImageData => draw((c) => {
  c.strokeStyle = chosen ? colour('halo') : colour(ink)
  c.fillStyle = chosen ? colour(ink) : colour('panel')
  c.lineWidth = chosen ? 1.4 : 2
  path(c, chosen ? [[11, 1], [21, 11], [11, 21], [1, 11]] : [[5, 5], [17, 5], [17, 17], [5, 17]])
  c.fill()
  c.stroke()
})
