// @ts-check
// How the journeys, the pictures and the measurements start a browser, and hear where a world answers.

/** The browser. */
export const chromiumPath = process.env.CHROMIUM ?? '/usr/bin/chromium'

/**
 * What it is started with, as far as all of them agree: it speaks with nobody else, has a program for its WebGL, and composes
 * pages itself as it does wherever it finds no graphics card. internal/bench starts one with the same.
 */
export const chromiumFlags = [
  '--headless', '--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update',
  '--disable-sync', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--disable-gpu-compositing',
]

/** Waits until a program says where it answers. @param {import('node:child_process').ChildProcess} child @returns {Promise<string>} */
export function addressOf(child) {
  return new Promise((done, fail) => {
    let said = ''
    /** @param {Buffer} chunk */
    const hear = (chunk) => {
      said += chunk.toString()
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(said)
      if (found) done(found[0])
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
    child.on('error', fail) // It could not even be started: `make build` makes it.
    child.on('exit', (code) => fail(new Error(`the program ended with ${code}:\n${said}`)))
  })
}
