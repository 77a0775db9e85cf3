import react from '@vitejs/plugin-react'
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build, type Plugin, type Rollup } from 'vite'

/** The words that the server puts the pack in the place of (internal/console/pack.go). */
const hole = '"__PACK__"'

/**
 * Makes pack-template.html beside the console: one page with everything in it, which the server fills with what is open
 * and writes to a disk. It needs no server and no network when it is opened.
 */
export function packTemplate(): Plugin {
  let out = ''
  return {
    name: 'pack-template',
    apply: 'build',
    configResolved: (config) => { out = resolve(config.root, config.build.outDir) },
    async closeBundle() {
      const made = await build({
        configFile: false, root: import.meta.dirname, publicDir: false, logLevel: 'warn', plugins: [react()], define: { 'process.env.NODE_ENV': '"production"' },
        build: { write: false, emptyOutDir: false, cssCodeSplit: false, lib: { entry: 'src/rooms/pack/standalone.tsx', formats: ['iife'], name: 'pack', cssFileName: 'pack' } },
      })
      const files = (Array.isArray(made) ? made : [made as Rollup.RollupOutput]).flatMap((m) => m.output)
      const script = files.flatMap((f) => (f.type === 'chunk' ? [f.code] : [])).join('\n').replaceAll('</script', '<\\/script')
      const style = files.flatMap((f) => (f.type === 'asset' && f.fileName.endsWith('.css') ? [String(f.source)] : [])).join('\n')
      writeFileSync(join(out, 'pack-template.html'), `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Shuniu</title><style>${style}</style></head>`
        + `<body><div id="pack"></div><script type="application/json" id="pack-data">${hole}</script><script>${script}</script></body></html>\n`)
    },
  }
}
