import { defineConfig } from 'vitest/config'

// Vitest reads its configuration from the default export; the lint rule against default exports makes an exception here.
export default defineConfig({
  test: { include: ['e2e/**/*.e2e.ts'], environment: 'node', testTimeout: 180_000, hookTimeout: 120_000, fileParallelism: false },
})
