// Counts of tests, from vitest's JSON reports and from checks that only pass or fail.
import {z} from 'zod'

export interface Tally {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

export const NOTHING: Tally = {passed: 0, failed: 0, skipped: 0}

const Report = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
  numTodoTests: z.int(),
  testResults: z.array(z.object({status: z.string(), assertionResults: z.array(z.object({status: z.string()}))})),
})

/** The counts of one vitest run; `report` is its JSON text. A file that could not even be loaded counts as one failed test. */
export function tallyOfReport(report: string): Tally {
  const {numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults} = Report.parse(JSON.parse(report))
  const brokenFiles = testResults.filter(
    ({status, assertionResults}) => status === 'failed' && assertionResults.every((assertion) => assertion.status !== 'failed'),
  )
  return {passed: numPassedTests, failed: numFailedTests + brokenFiles.length, skipped: numPendingTests + numTodoTests}
}

/**
 * The counts of a part that ended with `exitCode`: a part that failed without a failed test (no report, a set-up that threw)
 * counts as one more failed test, and a part without a report that succeeded as one passed test.
 */
export function tallyOfPart(exitCode: number, report: Tally | undefined): Tally {
  if (report === undefined) return exitCode === 0 ? {...NOTHING, passed: 1} : {...NOTHING, failed: 1}
  return exitCode !== 0 && report.failed === 0 ? {...report, failed: 1} : report
}

export function add(a: Tally, b: Tally): Tally {
  return {passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped}
}

/** "120 passed, 0 failed", and ", 3 skipped" where some were. */
export function sentence({passed, failed, skipped}: Tally): string {
  return `${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`
}
