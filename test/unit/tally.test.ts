import {expect, test} from 'vitest'
import {NOTHING, add, sentence, tallyOfPart, tallyOfReport} from '../tally.ts'

function report(counts: readonly [passed: number, failed: number, pending: number], files: readonly string[][]): string {
  const [numPassedTests, numFailedTests, numPendingTests] = counts
  const testResults = files.map((statuses) => ({
    status: statuses.length === 0 || statuses.includes('failed') ? 'failed' : 'passed',
    assertionResults: statuses.map((status) => ({status})),
  }))
  return JSON.stringify({numPassedTests, numFailedTests, numPendingTests, numTodoTests: 0, testResults})
}

test.each([
  {what: 'all passed', json: report([2, 0, 0], [['passed', 'passed']]), exit: 0, text: '2 passed, 0 failed'},
  {what: 'one failed', json: report([1, 1, 0], [['passed', 'failed']]), exit: 1, text: '1 passed, 1 failed'},
  {what: 'some skipped', json: report([1, 0, 2], [['passed', 'pending', 'pending']]), exit: 0, text: '1 passed, 0 failed, 2 skipped'},
  {what: 'a file that does not load', json: report([1, 0, 0], [['passed'], []]), exit: 1, text: '1 passed, 1 failed'},
  {what: 'a set-up that threw', json: report([0, 0, 0], []), exit: 1, text: '0 passed, 1 failed'},
])('$what', ({json, exit, text}) => {
  expect(sentence(tallyOfPart(exit, tallyOfReport(json)))).toBe(text)
})

test('a check without a report counts as one test', () => {
  expect(tallyOfPart(0, undefined)).toEqual({passed: 1, failed: 0, skipped: 0})
  expect(tallyOfPart(2, undefined)).toEqual({passed: 0, failed: 1, skipped: 0})
})

test('counts add up', () => {
  expect(add({passed: 1, failed: 2, skipped: 3}, add(NOTHING, {passed: 10, failed: 20, skipped: 30}))).toEqual({passed: 11, failed: 22, skipped: 33})
})
