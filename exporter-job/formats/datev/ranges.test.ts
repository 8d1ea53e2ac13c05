import {describe, expect, test} from 'vitest'
import type {FiscalYears} from './ranges.ts'
import {fiscalYearOf, isoDay, stackRanges} from './ranges.ts'

function ranges(start: string, end: string, fiscalYearStart = '01-01', fiscalYears: FiscalYears['fiscalYears'] = []) {
  return stackRanges({start, end}, {fiscalYearStart, fiscalYears}).map(({from, to, fiscalYearStart: year, label}) => [from, to, year, label])
}

describe('ranges of days', () => {
  test('a month is one', () => {
    expect(ranges('2026-10-01', '2026-11-01')).toEqual([[20261001, 20261031, 20260101, '202610']])
  })

  test('a leap February ends on the 29th', () => {
    expect(ranges('2028-02-01', '2028-03-01')).toEqual([[20280201, 20280229, 20280101, '202802']])
  })

  test('a year is twelve months', () => {
    const year = ranges('2026-01-01', '2027-01-01')
    expect(year).toHaveLength(12)
    expect(year.at(-1)).toEqual([20261201, 20261231, 20260101, '202612'])
  })

  test('a week across a change of year is two, each in its own fiscal year', () => {
    expect(ranges('2026-12-28', '2027-01-04')).toEqual([
      [20261228, 20261231, 20260101, '20261228-20261231'],
      [20270101, 20270103, 20270101, '20270101-20270103'],
    ])
  })

  test('a part of a month is named by its days', () => {
    expect(ranges('2026-10-01', '2026-10-16')).toEqual([[20261001, 20261015, 20260101, '20261001-20261015']])
  })

  test('a day is named by itself', () => {
    expect(ranges('2026-10-05', '2026-10-06')).toEqual([[20261005, 20261005, 20260101, '20261005-20261005']])
  })

  test('a shifted fiscal year begins in the year before, until its first day', () => {
    expect(ranges('2026-06-01', '2026-08-01', '07-01')).toEqual([
      [20260601, 20260630, 20250701, '202606'],
      [20260701, 20260731, 20260701, '202607'],
    ])
  })

  test('a month is cut where a fiscal year begins inside it', () => {
    expect(ranges('2026-04-01', '2026-05-01', '04-06')).toEqual([
      [20260401, 20260405, 20250406, '20260401-20260405'],
      [20260406, 20260430, 20260406, '20260406-20260430'],
    ])
  })

  test('a short fiscal year is one of its own, and the one after it begins inside a month', () => {
    const years = [
      {start: '2025-07-01', end: '2026-04-15'},
      {start: '2026-04-16', end: '2027-04-15'},
    ]
    expect(ranges('2026-03-01', '2026-05-01', '01-01', years)).toEqual([
      [20260301, 20260331, 20250701, '202603'],
      [20260401, 20260415, 20250701, '20260401-20260415'],
      [20260416, 20260430, 20260416, '20260416-20260430'],
    ])
  })

  test('days of no fiscal year lie in no range, where the years are listed', () => {
    const years = [{start: '2026-01-10', end: '2026-01-20'}]
    expect(ranges('2026-01-01', '2026-02-01', '01-01', years)).toEqual([[20260110, 20260120, 20260110, '20260110-20260120']])
    expect(ranges('2026-03-01', '2026-04-01', '01-01', years)).toEqual([])
  })

  test('a fiscal year ends on the day before the next one, in leap years too', () => {
    const years = {fiscalYearStart: '03-01', fiscalYears: []}
    expect(fiscalYearOf(20280229, years)).toEqual({start: 20270301, end: 20280229})
    expect(fiscalYearOf(20280301, years)).toEqual({start: 20280301, end: 20290228})
  })

  test('days are said as the user writes them', () => {
    expect(isoDay(20261031)).toBe('2026-10-31')
  })
})
