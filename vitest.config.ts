import {defineConfig} from 'vitest/config'

/**
 * Four projects: `unit` needs nothing, `adapters` the real servers and tools of sources, formats and destinations (test/support), `integration`
 * a real API server, `e2e` real pods (see test/cluster).
 */
export default defineConfig({
  test: {
    projects: [
      {test: {name: 'unit', include: ['{crds,operator,exporter-job,examples}/**/*.test.ts', 'test/unit/**/*.test.ts']}},
      {
        test: {
          name: 'adapters',
          include: ['test/adapters/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          globalSetup: ['test/integration/setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: ['test/e2e/setup.ts'],
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
})
