import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build, type Plugin, type Rollup } from 'vite'

/** Its address: the root, so that it serves every page of the console. internal/console lets nobody keep it without asking. */
const address = 'service-worker.js'

/**
 * Makes the service worker beside the console (src/app/service-worker.ts), with the names of this build's files in it: another build is
 * another worker. What only another program reads is not among them.
 */
export function serviceWorker(): Plugin {
  let out = ''
  let held = { version: '', files: [] as string[] }
  return {
    name: 'service-worker',
    apply: 'build',
    configResolved: (config) => { out = resolve(config.root, config.build.outDir) },
    writeBundle: {
      order: 'post',
      handler: (_, bundle) => {
        const files = Object.keys(bundle).filter((f) => f.startsWith('assets/') && !f.endsWith('.map')).map((f) => `/${f}`).sort()
        const page = bundle['index.html']
        const hash = createHash('sha256').update(files.join('\n')).update(page?.type === 'asset' ? page.source : '')
        held = { version: hash.digest('hex').slice(0, 12), files: [...files, '/favicon.svg', '/look.js'] }
      },
    },
    async closeBundle() {
      const made = await build({
        configFile: false, root: import.meta.dirname, publicDir: false, logLevel: 'warn',
        build: { write: false, emptyOutDir: false, lib: { entry: 'src/app/service-worker.ts', formats: ['iife'], name: 'worker' } },
      })
      const chunks = (Array.isArray(made) ? made : [made as Rollup.RollupOutput]).flatMap((m) => m.output)
      const script = chunks.flatMap((f) => (f.type === 'chunk' ? [f.code] : [])).join('\n')
      writeFileSync(join(out, address), `const thisVersion = ${JSON.stringify(held)};\n${script}`)
    },
  }
}
