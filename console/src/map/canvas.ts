/** Pixels of the screen in a sign's side. */
export const size = 22
const scale = 2

/** Draws a picture for the map, at twice the size for sharp screens. */
export function draw(paint: (c: CanvasRenderingContext2D) => void, w = size, h = size): ImageData {
  const canvas = document.createElement('canvas')
  canvas.width = w * scale
  canvas.height = h * scale
  const c = canvas.getContext('2d')
  if (!c) return new ImageData(1, 1)
  c.scale(scale, scale)
  paint(c)
  return c.getImageData(0, 0, canvas.width, canvas.height)
}

/** A closed path. */
export const path = (c: CanvasRenderingContext2D, points: readonly (readonly [number, number])[]) => {
  c.beginPath()
  for (const [x, y] of points) c.lineTo(x, y)
  c.closePath()
}
