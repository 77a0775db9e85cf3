import { draw, path } from './canvas'
import { colour } from './paint'

export type Sign = { data: ImageData; stretch?: boolean }
type Canvas = CanvasRenderingContext2D

const side = 18
const mid = side / 2

/** A plate in a colour with a white sign on it: small enough for a full map, its shape known from the street. */
const plate = (ink: string, paint: (c: Canvas) => void) => draw((c) => {
  c.beginPath()
  c.roundRect(1.5, 1.5, side - 3, side - 3, 4)
  c.fillStyle = colour(ink)
  c.fill()
  c.strokeStyle = colour('halo')
  c.lineWidth = 1
  c.stroke()
  c.fillStyle = c.strokeStyle = colour('on-sign')
  c.lineWidth = 1.5
  paint(c)
}, side, side)

const letter = (text: string, px = 11) => (c: Canvas) => {
  c.font = `700 ${px}px "Noto Sans CJK SC","Noto Sans SC","PingFang SC","Microsoft YaHei",sans-serif`
  c.textAlign = 'center'
  c.textBaseline = 'middle'
  c.fillText(text, mid, mid + 0.5)
}

const cross = (c: Canvas) => {
  c.fillRect(mid - 1.5, 4.5, 3, 9)
  c.fillRect(4.5, mid - 1.5, 9, 3)
}

const train = (c: Canvas) => {
  c.beginPath()
  c.roundRect(5.2, 4, 7.6, 8, 2)
  c.stroke()
  c.fillRect(5.5, 7.2, 7, 1.3)
  path(c, [[6.2, 12.4], [7.6, 12.4], [6, 14.4], [4.6, 14.4]])
  c.fill()
  path(c, [[11.8, 12.4], [10.4, 12.4], [12, 14.4], [13.4, 14.4]])
  c.fill()
}

const pump = (c: Canvas) => {
  c.fillRect(5, 4.5, 5, 9.5)
  c.beginPath()
  c.moveTo(10, 8)
  c.lineTo(12, 8)
  c.lineTo(12, 12)
  c.lineTo(13.4, 12)
  c.lineTo(13.4, 6.5)
  c.lineTo(11.6, 5)
  c.stroke()
  c.fillStyle = colour('sign-fuel')
  c.fillRect(6.2, 5.8, 2.6, 2.4)
}

const flame = (c: Canvas) => {
  c.beginPath()
  c.moveTo(9, 3.4)
  c.bezierCurveTo(9.6, 6, 13.4, 7.4, 13.2, 10.6)
  c.bezierCurveTo(13, 13.6, 10.6, 14.6, 9, 14.6)
  c.bezierCurveTo(7.2, 14.6, 4.8, 13.4, 4.8, 10.4)
  c.bezierCurveTo(4.8, 8.6, 6, 7.6, 6.6, 6.6)
  c.bezierCurveTo(7.2, 7.6, 7.6, 8, 8, 8.2)
  c.bezierCurveTo(8.4, 6.8, 8.4, 5, 9, 3.4)
  c.fill()
}

const house = (c: Canvas) => {
  path(c, [[9, 3.8], [14, 8.4], [12.6, 8.4], [12.6, 13.6], [5.4, 13.6], [5.4, 8.4], [4, 8.4]])
  c.fill()
}

/** Three bars across each other: the medical service, not a hospital. */
const lifeStar = (c: Canvas) => {
  for (const turn of [0, 1, 2]) {
    c.save()
    c.translate(mid, mid)
    c.rotate((turn * Math.PI) / 3)
    c.fillRect(-1.3, -5, 2.6, 10)
    c.restore()
  }
}

const tree = (c: Canvas) => {
  c.beginPath()
  c.arc(mid, 7.4, 3.9, 0, 2 * Math.PI)
  c.fill()
  c.fillRect(mid - 0.8, 10, 1.6, 4.4)
}

const star = (c: Canvas, x = mid, y = mid + 0.3, r = 5) => {
  path(c, Array.from({ length: 10 }, (_, i) => {
    const [d, a] = [i % 2 ? r * 0.4 : r, (i * Math.PI) / 5 - Math.PI / 2]
    return [x + d * Math.cos(a), y + d * Math.sin(a)] as const
  }))
  c.fill()
}

/** A shield with a star: the police, from a post's outline to a station. */
const shield = (full: boolean, big: boolean) => draw((c) => {
  const s = big ? 1.2 : 1
  c.scale(s, s)
  c.beginPath()
  c.moveTo(9, 1.4)
  c.bezierCurveTo(11.4, 2.9, 13.4, 3.3, 15.6, 3.4)
  c.bezierCurveTo(16, 9.6, 14, 14, 9, 16.6)
  c.bezierCurveTo(4, 14, 2, 9.6, 2.4, 3.4)
  c.bezierCurveTo(4.6, 3.3, 6.6, 2.9, 9, 1.4)
  c.closePath()
  c.fillStyle = colour(full ? 'sign-police' : 'panel')
  c.fill()
  c.strokeStyle = colour(full ? 'halo' : 'sign-police')
  c.lineWidth = full ? 1 : 1.6
  c.stroke()
  c.fillStyle = colour(full ? 'on-sign' : 'sign-police')
  star(c, 9, 8.8, full ? 4.6 : 3.4)
}, big ? 22 : 18, big ? 22 : 18)

/** Key premises: a red frame that nothing else on the map has, and the word for it. */
const premises = (word: string) => draw((c) => {
  c.beginPath()
  c.roundRect(2, 2, 18, 18, 2)
  c.fillStyle = colour('panel')
  c.fill()
  c.strokeStyle = colour('label-premises')
  c.lineWidth = 2.2
  c.stroke()
  c.fillStyle = colour('label-premises')
  c.font = '700 12px "Noto Sans CJK SC","Noto Sans SC","PingFang SC","Microsoft YaHei",sans-serif'
  c.textAlign = 'center'
  c.textBaseline = 'middle'
  c.fillText(word, 11, 11.5)
}, 22, 22)

const dot = (ink: string, r: number) => draw((c) => {
  c.beginPath()
  c.arc(mid, mid, r, 0, 2 * Math.PI)
  c.fillStyle = colour(ink)
  c.fill()
  c.strokeStyle = colour('halo')
  c.lineWidth = 1
  c.stroke()
}, side, side)

const camera = (fan: boolean) => draw((c) => {
  c.fillStyle = colour('label-faint')
  if (fan) {
    c.globalAlpha = 0.35
    c.beginPath()
    c.moveTo(13, 13)
    c.arc(13, 13, 12, -Math.PI / 2 - 0.5, -Math.PI / 2 + 0.5)
    c.closePath()
    c.fill()
    c.globalAlpha = 1
  }
  c.beginPath()
  c.arc(13, 13, 3, 0, 2 * Math.PI)
  c.fill()
  c.strokeStyle = colour('halo')
  c.lineWidth = 1
  c.stroke()
}, 26, 26)

/** The few letters that a sign shows, in the language of the seat. */
export type Letters = { premises: string; school: string; pharmacy: string }

/** What stands on the ground: a sign for each kind of place and mark that internal/tile names. */
export function placeSigns(letters: Letters): [string, Sign][] {
  const small = (): ImageData => dot('sign-dot', 2.4)
  const pictures: Record<string, ImageData> = {
    'place-police': shield(true, false),
    'place-hospital': plate('sign-hospital', cross),
    'place-clinic': plate('sign-clinic', cross),
    'place-pharmacy': plate('sign-pharmacy', letter(letters.pharmacy, letters.pharmacy.length > 1 ? 9 : 11)),
    'place-fire': plate('sign-fire', flame),
    'place-rail': plate('sign-rail', train),
    'place-school': plate('sign-school', letter(letters.school)),
    'place-government': plate('sign-government', (c) => star(c)),
    'place-fuel': plate('sign-fuel', pump),
    'place-sight': dot('sign-sight', 3.4),
    'place-industry': plate('sign-industry', (c) => { path(c, [[4.6, 13], [4.6, 8], [7.6, 10], [7.6, 8], [10.6, 10], [10.6, 5], [13.2, 5], [13.2, 13]]); c.fill() }),
    'place-park': plate('sign-park', tree),
    'place-stop': small(),
    'place-poi': small(),
    'place-building': small(),
    ...Object.fromEntries(['centre', 'department', 'brigade', 'station'].flatMap((kind) => [
      [`sign-${kind}`, plate('sign-dot', house)],
      [`sign-${kind}-police`, shield(kind !== 'brigade', true)],
      [`sign-${kind}-fire`, plate('sign-fire', flame)],
      [`sign-${kind}-medical`, plate('sign-hospital', lifeStar)],
    ])),
    'sign-post-police': shield(false, false),
    ...Object.fromEntries(['sign-post', 'sign-post-fire', 'sign-post-medical'].map((name) => [name, dot('sign-dot', 4)])),
    'sign-premises': premises(letters.premises),
    camera: camera(true),
    'camera-round': camera(false),
    pole: draw((c) => {
      c.beginPath()
      c.arc(5, 5, 2.6, 0, 2 * Math.PI)
      c.strokeStyle = colour('label-faint')
      c.lineWidth = 1.4
      c.stroke()
    }, 10, 10),
    entrance: draw((c) => {
      path(c, [[5, 2], [8.6, 8], [1.4, 8]])
      c.fillStyle = colour('label-faint')
      c.fill()
    }, 10, 10),
    oneway: draw((c) => {
      c.strokeStyle = c.fillStyle = colour('oneway')
      c.lineWidth = 1.8
      c.beginPath()
      c.moveTo(2, 5)
      c.lineTo(12, 5)
      c.stroke()
      path(c, [[15, 5], [10.6, 2.2], [10.6, 7.8]])
      c.fill()
    }, 17, 10),
  }
  return Object.entries(pictures).map(([name, data]) => [name, { data }])
}
