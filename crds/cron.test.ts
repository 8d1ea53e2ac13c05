import {readFileSync} from 'node:fs'
import {describe, expect, it} from 'vitest'
import {z} from 'zod'
import {isSchedule} from './cron.ts'

/** A line of the library's recorded answers. */
const Answer = z.object({schedule: z.string(), refused: z.string().optional()})
type Answer = z.infer<typeof Answer>

const ACCEPTED = [
  ['0 6 1 * *', 'a monthly export'],
  ['*/15 8-18/2 1,15 JAN-mar,12 Mon-FRI', 'steps, lists, names in any case'],
  ['0 6 ? * ?', 'question marks'],
  ['0 \t 6  1 * *', 'several spaces and tabs between fields'],
  [' 0 6 1 * * ', 'spaces around'],
  ['00 06 001 * *', 'leading zeros'],
  ['+5 1,,2, * * *', 'plus signs and empty places, which the library overlooks'],
  ['5/10 * * * *', 'a step from a value'],
  ['0 0 31 2 *', 'a day that never comes (the operator says Stalled)'],
  ['@midnight', 'a macro'],
] as const

const REFUSED = [
  ['60 * * * *', 'minute 60'],
  ['0 24 * * *', 'hour 24'],
  ['0 0 0 * *', 'day 0'],
  ['0 0 32 * *', 'day 32'],
  ['0 0 1 13 *', 'month 13'],
  ['0 0 * * 7', 'day of week 7'],
  ['0 0 L * *', 'the last day'],
  ['0 0 1W * *', 'the nearest weekday'],
  ['0 0 * * MON#1', 'the first Monday'],
  ['H 0 * * *', 'a hashed minute'],
  ['* * * *', 'four fields'],
  ['0 0 1 * * *', 'six fields'],
  ['10-5 * * * *', 'a range backwards'],
  ['0 0 * * FRI-MON', 'names backwards'],
  ['0 0 * MON *', 'a weekday for a month'],
  ['*/0 * * * *', 'a step of nothing'],
  ['*-x * * * *', 'a range from everything, which Kubernetes reads as "*"'],
  [', * * * *', 'a list of nothing'],
  ['1-2-3 * * * *', 'two hyphens'],
  ['@Monthly', 'a macro in upper case'],
  ['@every 5m', '@every'],
  ['TZ=UTC 0 6 1 * *', 'a time zone in the schedule'],
  ['0 6\n1 * *', 'a line break'],
  ['', 'nothing'],
] as const

/** What the library takes and we do not: @every, a range from everything, a list of nothing, any other space than space and tab. */
const STRICTER = /^@every|[*]-|(^| ),( |$)|[^\t\x20-\x7e]/

function isWanted({schedule, refused}: Answer): boolean {
  return refused === undefined && !STRICTER.test(schedule)
}

describe('isSchedule', () => {
  it.each(ACCEPTED)('takes %j: %s', (schedule) => expect(isSchedule(schedule)).toBe(true))
  it.each(REFUSED)('refuses %j: %s', (schedule) => expect(isSchedule(schedule)).toBe(false))

  const oracle = new URL('../test/golden/cron-next.jsonl', import.meta.url)
  it("takes and refuses what Kubernetes' own library does, but for a few forms", () => {
    const answers = readFileSync(oracle, 'utf8').trim().split('\n').map((text) => Answer.parse(JSON.parse(text)))
    const differing = answers.filter((answer) => isSchedule(answer.schedule) !== isWanted(answer))
    expect(answers.some(({refused}) => refused !== undefined)).toBe(true)
    expect(differing).toEqual([])
  })
})
