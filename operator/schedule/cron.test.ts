import {existsSync, readFileSync} from 'node:fs'
import {describe, expect, test} from 'vitest'
import {isKubernetesSchedule, nextRuns} from './cron.ts'

/** A line of test/golden/cron-next.jsonl, or of an oracle that writes `error` for `refused`. */
interface Answer {
  readonly schedule: string
  readonly timeZone: string
  readonly from: string
  readonly next?: string[]
  readonly refused?: string
  readonly error?: string
  readonly hangs?: boolean
}

const GOLDEN = new URL('../../test/golden/cron-next.jsonl', import.meta.url)
const ORACLE = new URL('../../../shared/oracle/cron-next.jsonl', import.meta.url)

function read(file: URL): Answer[] {
  return readFileSync(file, 'utf8').trim().split('\n').map((text): Answer => JSON.parse(text))
}

/** How our answer differs from the library's, or nothing. */
function difference({schedule, timeZone, from, next = [], refused, error}: Answer): string | undefined {
  const expected = refused !== undefined || error !== undefined ? 'refused' : next.join(' ')
  const actual = answer(schedule, timeZone, from)
  return actual === expected ? undefined : `"${schedule}" ${timeZone} from ${from}: ${actual} instead of ${expected}`
}

function answer(schedule: string, timeZone: string, from: string): string {
  if (!isKubernetesSchedule(schedule, timeZone)) {
    return 'refused'
  }
  return nextRuns(schedule, timeZone, new Date(from), 6).map((run) => `${run.toISOString().slice(0, 19)}Z`).join(' ')
}

describe('nextRuns answers as the library of Kubernetes', () => {
  const golden = read(GOLDEN)

  test('in every case of the golden file', () => {
    const compared = golden.filter(({hangs}) => hangs !== true)
    expect(compared.length).toBeGreaterThan(3_000)
    expect(compared.map(difference).filter((each) => each !== undefined)).toEqual([])
  })

  test('and where the library never answers, it ends', () => {
    const hanging = golden.filter(({hangs}) => hangs)
    expect(hanging.length).toBeGreaterThan(0)
    for (const {schedule, timeZone, from} of hanging) {
      const runs = nextRuns(schedule, timeZone, new Date(from), 3).map((run) => run.getTime())
      expect(runs, `${schedule} ${timeZone} ${from}`).toEqual(runs.toSorted((a, b) => a - b))
      expect(runs.every((run) => run > Date.parse(from))).toBe(true)
    }
  })

  test.runIf(existsSync(ORACLE))('in every case of the shared oracle', () => {
    const answers = read(ORACLE)
    expect(answers).toHaveLength(700)
    expect(answers.map(difference).filter((each) => each !== undefined)).toEqual([])
  })
})

describe('nextRuns', () => {
  test.each([
    ['skips the hour that does not exist', '30 2 * * *', '2026-03-28T12:00:00Z', ['2026-03-30T00:30:00.000Z']],
    ['fires twice in the hour that comes twice', '30 2 * * *', '2026-10-24T12:00:00Z', ['2026-10-25T00:30:00.000Z', '2026-10-25T01:30:00.000Z']],
    ['is strictly after', '0 6 1 * *', '2026-11-01T05:00:00Z', ['2026-12-01T05:00:00.000Z']],
    ['does not take a fraction of a second for the time', '0 6 1 * *', '2026-11-01T04:59:59.999Z', ['2026-11-01T05:00:00.000Z']],
  ])('%s', (_, schedule, from, expected) => {
    expect(nextRuns(schedule, 'Europe/Berlin', new Date(from), expected.length).map((run) => run.toISOString())).toEqual(expected)
  })

  test('has no answer for a schedule that never fires', () => {
    expect(nextRuns('0 0 31 2 *', 'Europe/Berlin', new Date('2026-01-01T00:00:00Z'), 5)).toEqual([])
    expect(nextRuns(', * * * *', 'UTC', new Date('2026-01-01T00:00:00Z'), 5)).toEqual([])
  })

  test.each([
    ['0 6 1 *', 'UTC', /has 4 fields: write five \(minute hour/],
    ['60 * * * *', 'UTC', /"60" is out of range: the minute is 0 to 59/],
    ['0 0 * * 7', 'UTC', /the day of week is 0 to 6 or SUN to SAT/],
    ['0 0 * 0 *', 'UTC', /the month is 1 to 12 or JAN to DEC/],
    ['0 0 * * FRI-MON', 'UTC', /begins after it ends/],
    ['*/0 * * * *', 'UTC', /step that is not a positive number/],
    ['0 0 L * *', 'UTC', /"L" is not a number: the day of month is 1 to 31/],
    ['1/2/3 * * * *', 'UTC', /too many/],
    ['@reboot', 'UTC', /one of @yearly/],
    ['@every soon', 'UTC', /such as @every 90m/],
    ['TZ=UTC 0 6 * * *', 'UTC', /set spec\.timeZone/],
    ['0 6 * * *', 'Europe/Berln', /"Europe\/Berln" is not known: write an IANA name/],
    ['0 6 * * *', 'Local', /IANA/],
    ['0 6 * * *', '+01:00', /IANA/],
    ['0 6 * * *', '../etc', /IANA/],
    ['0 6 * * *', '', /IANA/],
  ])('refuses %j in %j and says what would be right', (schedule, timeZone, message) => {
    expect(() => nextRuns(schedule, timeZone, new Date(0), 1)).toThrow(RangeError)
    expect(() => nextRuns(schedule, timeZone, new Date(0), 1)).toThrow(message)
  })

  test('is quick enough for 10,000 exports', () => {
    const schedules = ['0 6 1 * *', '*/15 * * * *', '0 0 29 2 *', '30 2 * * 1-5', '0 0 31 2 *']
    const zones = ['Europe/Berlin', 'America/New_York', 'Pacific/Apia', 'UTC']
    const started = performance.now()
    for (let i = 0; i < 10_000; i += 1) {
      nextRuns(schedules[i % schedules.length]!, zones[i % zones.length]!, new Date(Date.UTC(2026, 10, 1) + i * 61_000), 1)
    }
    expect(performance.now() - started).toBeLessThan(5_000)
  })
})
