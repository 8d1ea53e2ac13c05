import {defineConfig} from 'vitest/config'
import type {TestProjectConfiguration} from 'vitest/config'

const KILLS_THE_OPERATOR = 'test/e2e/operator.test.ts'

/** In `unit` they try some thousand rows, in `adapters` as many as are promised. */
const PROPERTIES = ['exporter-job/formats/{bmd,datev,gobd,tables}/**/*property.test.ts']

interface E2e {
  readonly include: string[]
  readonly exclude: string[]
  /** Files at a time: they mostly wait, for pods and for clocks. */
  readonly maxWorkers: number
  readonly groupOrder: number
}

function e2e(name: string, {include, exclude, maxWorkers, groupOrder}: E2e): TestProjectConfiguration {
  return {
    test: {
      name,
      include,
      exclude,
      globalSetup: ['test/e2e/setup.ts'],
      maxWorkers,
      sequence: {groupOrder},
      testTimeout: 300_000,
      hookTimeout: 300_000,
    },
  }
}

/**
 * Four kinds of projects: `unit` needs nothing, `adapters` the real servers and tools of sources, formats and destinations (test/support), `integration`
 * a real API server, `e2e` real pods (see test/cluster).
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{crds,operator,exporter-job,examples}/**/*.test.ts', 'test/unit/**/*.test.ts'],
          // Most of the time went into loading the same modules for each file. Nothing here keeps state in a module.
          isolate: false,
          // Left out: one less than there are cores, which is one on a small machine.
          maxWorkers: '100%',
        },
      },
      {
        test: {
          name: 'adapters',
          include: ['test/adapters/**/*.test.ts', ...PROPERTIES],
          env: {PROPERTY_ROWS: '100000'},
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
      e2e('e2e', {include: ['test/e2e/**/*.test.ts'], exclude: [KILLS_THE_OPERATOR], maxWorkers: 3, groupOrder: 0}),
      // Last and alone: nothing else may count on an operator meanwhile.
      e2e('e2e-operator', {include: [KILLS_THE_OPERATOR], exclude: [], maxWorkers: 1, groupOrder: 1}),
    ],
  },
})
