import { defineConfig } from 'vitest/config'

// A whole life waits for crews of a world; its own limits are shorter and say what did not come.
// Vitest reads its configuration from the default export; the lint rule against default exports makes an exception here.
export default defineConfig({
  test: { include: ['e2e/**/*.e2e.ts'], environment: 'node', testTimeout: 900_000, hookTimeout: 120_000, fileParallelism: false },
})
