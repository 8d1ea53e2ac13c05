// The ranges of days that become files: months, cut by the period and by fiscal years. Days are numbers such as 20261031.
import type {DatevFormat} from '../../../crds/formats/datev.ts'
import type {LocalPeriod} from '../../../crds/run.ts'

/** First and last day. */
export interface FiscalYear {
  readonly start: number
  readonly end: number
}

/** How the spec says which fiscal years there are. */
export type FiscalYears = Pick<DatevFormat, 'fiscalYearStart' | 'fiscalYears'>

export interface StackRange {
  /** Datum von, inclusive. */
  readonly from: number
  /** Datum bis, inclusive. */
  readonly to: number
  /** WJ-Beginn: first day of the fiscal year that the range lies in. */
  readonly fiscalYearStart: number
  /** In file names: 202610 for a whole month, else 20261005-20261031. */
  readonly label: string
}

/**
 * In calendar order. A stack must lie in one calendar year and in one fiscal year, and one a month is what DATEV recommends. Days of no
 * fiscal year lie in no range.
 */
export function stackRanges(period: LocalPeriod, years: FiscalYears): StackRange[] {
  const ranges: StackRange[] = []
  const {from: first, to: end} = daysOf(period)
  for (let from = first; from <= end; ) {
    const year = fiscalYearOf(from, years)
    const to = year === undefined ? from : Math.min(lastOfMonth(from), end, year.end)
    if (year !== undefined) ranges.push({from, to, fiscalYearStart: year.start, label: rangeLabel(from, to)})
    from = dayAfter(to)
  }
  return ranges
}

/** First and last day of a period. */
export function daysOf(period: LocalPeriod): {from: number; to: number} {
  return {from: toDay(period.start), to: dayBefore(toDay(period.end))}
}

/** The fiscal year that a day lies in; undefined where the spec lists them and none has it. */
export function fiscalYearOf(day: number, {fiscalYears, fiscalYearStart}: FiscalYears): FiscalYear | undefined {
  if (fiscalYears.length > 0) {
    return fiscalYears.map(({start, end}) => ({start: toDay(start), end: toDay(end)})).find(({start, end}) => day >= start && day <= end)
  }
  const yearStart = toDay(`0000-${fiscalYearStart}`)
  const next = yearStart + (yearOf(day) + (day % 10_000 < yearStart ? 0 : 1)) * 10_000
  return {start: next - 10_000, end: dayBefore(next)}
}

/** 20261031 as "2026-10-31". */
export function isoDay(day: number): string {
  const digits = String(day)
  return `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`
}

/** Whole months by their number: two weeks of a month must not want the same name. */
export function rangeLabel(from: number, to: number): string {
  const isWholeMonth = from % 100 === 1 && to === lastOfMonth(from)
  return isWholeMonth ? String(Math.floor(from / 100)) : `${from}-${to}`
}

function yearOf(day: number): number {
  return Math.floor(day / 10_000)
}

function lastOfMonth(day: number): number {
  return fromDate(new Date(Date.UTC(yearOf(day), Math.floor(day / 100) % 100, 0)))
}

function dayBefore(day: number): number {
  return shifted(day, -1)
}

function dayAfter(day: number): number {
  return shifted(day, 1)
}

function shifted(day: number, by: number): number {
  return fromDate(new Date(Date.UTC(yearOf(day), (Math.floor(day / 100) % 100) - 1, (day % 100) + by)))
}

function toDay(iso: string): number {
  return Number(iso.replaceAll('-', ''))
}

function fromDate(date: Date): number {
  return date.getUTCFullYear() * 10_000 + (date.getUTCMonth() + 1) * 100 + date.getUTCDate()
}
