/** Who draws the map: a graphics card, or a program that plays one on the processor. */
export type GlKind = 'software' | 'hardware'

const programs = /swiftshader|llvmpipe|softpipe|software|basic render|mesa offscreen|paravirtual/i

/** Whether the name that a browser gives to its renderer is that of a program. Nobody's name is taken for a card: some browsers hide it. */
export const glOf = (renderer: string): GlKind => (programs.test(renderer) ? 'software' : 'hardware')

/** Who draws on a canvas that a map has already taken. */
export function glKind(canvas: HTMLCanvasElement): GlKind {
  const gl = canvas.getContext('webgl2') ?? canvas.getContext('webgl')
  const info = gl?.getExtension('WEBGL_debug_renderer_info')
  return glOf(String(gl?.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER) ?? ''))
}

/** The least time between two drawings that nobody's hand asked for, milliseconds: four a second where a program draws. */
export const drawGapMs: Readonly<Record<GlKind, number>> = { software: 250, hardware: 0 }

/** Nothing is drawn within this time of a key, milliseconds, where a program draws: it would take the processor from whoever types. */
export const keyGapMs: Readonly<Record<GlKind, number>> = { software: 600, hardware: 0 }

/** However long somebody types without a rest, the map is not older than this, milliseconds. One drawing by a program was seen to hold the page for 300 ms. */
export const oldestMs = 5000

/** The least time between two changes of what the map holds, milliseconds. */
export const changeGapMs: Readonly<Record<GlKind, number>> = { software: 250, hardware: 100 }
