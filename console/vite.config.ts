import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'
import { packTemplate } from './pack-template'
import { serviceWorker } from './service-worker'
import { zipAssets } from './zip-assets'

// Vite reads its configuration from the default export; the lint rule against default exports makes an exception here.
export default defineConfig({
  plugins: [react(), packTemplate(), serviceWorker(), zipAssets()],
  // The map's worker is a module of its own; without this it never starts and the map stays empty.
  worker: { format: 'es' },
  build: {
    outDir: '../internal/console/dist',
    // The placeholder that keeps the folder in the repository comes back from public/.keep.
    emptyOutDir: true,
    assetsInlineLimit: 0, // Nothing inline: the content policy of the page forbids data: scripts.
    modulePreload: { polyfill: false }, // The polyfill is an inline script.
    chunkSizeWarningLimit: 1600,
  },
  server: {
    port: 5173,
    proxy: { '/api': process.env['SHUNIU_API'] ?? 'http://127.0.0.1:8110' },
  },
  test: { include: ['src/**/*.test.ts', 'src/**/*.test.tsx', 'bench/**/*.test.ts'], environment: 'node' },
})
