// The ranges of days that become files: months, cut by the period and by the start of a fiscal year. Days are numbers such as 20261031.
import type {LocalPeriod} from '../../../crds/run.ts'

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
 * In calendar order. A stack must lie in one calendar year and in one fiscal year, and one a month is what DATEV recommends.
 * @param fiscalYearStart MM-DD
 */
export function stackRanges(period: LocalPeriod, fiscalYearStart: string): StackRange[] {
  const ranges: StackRange[] = []
  const end = dayBefore(toDay(period.end))
  const yearStart = toDay(`0000-${fiscalYearStart}`)
  for (let from = toDay(period.start); from <= end; from = dayAfter(ranges.at(-1)!.to)) {
    const nextYearStart = yearStart + (yearOf(from) + (from % 10_000 < yearStart ? 0 : 1)) * 10_000
    const to = Math.min(lastOfMonth(from), end, dayBefore(nextYearStart))
    ranges.push({from, to, fiscalYearStart: nextYearStart - 10_000, label: label(from, to)})
  }
  return ranges
}

/** 20261031 as "2026-10-31". */
export function isoDay(day: number): string {
  const digits = String(day)
  return `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`
}

function label(from: number, to: number): string {
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
