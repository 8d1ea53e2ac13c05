import {describe, expect, test} from 'vitest'
import {lastDay, parsePeriod, periodLabel, periodOf} from './period.ts'
import type {PeriodRange} from './spec.ts'

const AT = '2026-11-01T05:00:00Z'

describe('periodOf', () => {
  test.each<{name: string; range: PeriodRange; at?: string; zone?: string; lagDays?: number; expected: string}>([
    {name: 'the day before', range: 'PreviousDay', expected: '2026-10-31..2026-11-01'},
    {name: 'a week is Monday to Sunday; a Sunday belongs to the running one', range: 'PreviousWeek', expected: '2026-10-19..2026-10-26'},
    {name: 'on a Monday the week just ended', range: 'PreviousWeek', at: '2026-11-02T05:00:00Z', expected: '2026-10-26..2026-11-02'},
    {name: 'the month before', range: 'PreviousMonth', expected: '2026-10-01..2026-11-01'},
    {name: 'the month before January', range: 'PreviousMonth', at: '2027-01-31T05:00:00Z', expected: '2026-12-01..2027-01-01'},
    {name: 'February before the 31st of March', range: 'PreviousMonth', at: '2028-03-31T05:00:00Z', expected: '2028-02-01..2028-03-01'},
    {name: 'the quarter before', range: 'PreviousQuarter', expected: '2026-07-01..2026-10-01'},
    {name: 'the quarter before the first', range: 'PreviousQuarter', at: '2027-02-01T05:00:00Z', expected: '2026-10-01..2027-01-01'},
    {name: 'the year before', range: 'PreviousYear', expected: '2025-01-01..2026-01-01'},
    {name: 'to date ends with the day before', range: 'MonthToDate', at: '2026-11-16T05:00:00Z', expected: '2026-11-01..2026-11-16'},
    {name: 'month to date on the first is the whole month before', range: 'MonthToDate', expected: '2026-10-01..2026-11-01'},
    {name: 'quarter to date', range: 'QuarterToDate', expected: '2026-10-01..2026-11-01'},
    {name: 'quarter to date on its first day', range: 'QuarterToDate', at: '2026-10-01T05:00:00Z', expected: '2026-07-01..2026-10-01'},
    {name: 'year to date', range: 'YearToDate', expected: '2026-01-01..2026-11-01'},
    {name: 'year to date on its first day', range: 'YearToDate', at: '2027-01-01T05:00:00Z', expected: '2026-01-01..2027-01-01'},
    {name: 'a lag moves the reckoning back', range: 'PreviousMonth', lagDays: 10, expected: '2026-09-01..2026-10-01'},
    {name: 'a lag reaches back over a year', range: 'PreviousYear', lagDays: 366, expected: '2024-01-01..2025-01-01'},
    {name: 'the local day counts, not that of UTC', range: 'PreviousMonth', at: '2026-10-31T23:30:00Z', expected: '2026-10-01..2026-11-01'},
    {name: 'in New York it is still October', range: 'PreviousMonth', zone: 'America/New_York', at: '2026-11-01T03:30:00Z', expected: '2026-09-01..2026-10-01'},
  ])('$name', ({range, at = AT, zone = 'Europe/Berlin', lagDays = 0, expected}) => {
    const {start, end} = periodOf({range, lagDays}, zone, new Date(at))
    expect(`${start}..${end}`).toBe(expected)
  })
})

const FORMS: [text: string, start: string, end: string][] = [
  ['2026-10', '2026-10-01', '2026-11-01'],
  ['2026-12', '2026-12-01', '2027-01-01'],
  ['2026-Q3', '2026-07-01', '2026-10-01'],
  ['2026-Q4', '2026-10-01', '2027-01-01'],
  ['2026', '2026-01-01', '2027-01-01'],
  ['2026-10-05', '2026-10-05', '2026-10-06'],
  ['2028-02-29', '2028-02-29', '2028-03-01'],
  ['2026-W44', '2026-10-26', '2026-11-02'],
  ['2026-W01', '2025-12-29', '2026-01-05'],
  ['2026-W53', '2026-12-28', '2027-01-04'],
]

describe('parsePeriod', () => {
  test.each([...FORMS, ['2026-10-01..2026-10-15', '2026-10-01', '2026-10-16'], ['2026-10-01..2026-10-31', '2026-10-01', '2026-11-01']])(
    '%s',
    (text, start, end) => {
      expect(parsePeriod(text)).toEqual({start, end})
    },
  )

  test.each([
    '', 'October', '2026-00', '2026-13', '2026-Q5', '2026-Q0', '2027-W53', '2026-W00', '2026-02-30', '2026-1', '0026', ' 2026',
    '2026-10-15..2026-10-01', '2026-10-01..', '2026-10-01..2026-10-32', '2026-10-01 - 2026-10-15',
  ])('refuses %j and says what would be right', (text) => {
    expect(() => parsePeriod(text)).toThrow(/is not a period: write 2026-10 \(a month\), 2026-Q3, 2026, 2026-W44/)
  })
})

describe('periodLabel', () => {
  test.each(FORMS)('%s is what it is parsed from', (label, start, end) => {
    expect(periodLabel({start, end})).toBe(label)
  })

  test('any other span is its first and last day', () => {
    expect(periodLabel({start: '2026-10-01', end: '2026-10-16'})).toBe('2026-10-01_2026-10-15')
    expect(periodLabel({start: '2026-10-01', end: '2027-02-01'})).toBe('2026-10-01_2027-01-31')
  })
})

test('lastDay is the day before the exclusive end', () => {
  expect(lastDay({start: '2026-10-01', end: '2026-11-01'})).toBe('2026-10-31')
})
