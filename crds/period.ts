// Which local days a run covers: from the spec's range, or from the command line.
import type {LocalPeriod} from './run.ts'
import type {Period, PeriodRange} from './spec.ts'
import {localDate, parseLocalDate} from './zone.ts'

const DAY = 86_400_000

/**
 * What the run of that scheduled time covers, in local days (end exclusive). A range "to date" covers the month (quarter, year) of
 * the day before the scheduled one, up to that day: so on the first of a month MonthToDate is the whole previous month, never an
 * empty span, and the last days of a month are not lost.
 */
export function periodOf(period: Period, timeZone: string, scheduledTime: Date): LocalPeriod {
  const scheduledDay = parseLocalDate(localDate(scheduledTime, timeZone)).getTime()
  const today = new Date(scheduledDay - period.lagDays * DAY)
  const [start, end] = span(period.range, today)
  return {start: dateText(start), end: dateText(end)}
}

function span(range: PeriodRange, today: Date): [Date, Date] {
  const yesterday = addDays(today, -1)
  switch (range) {
    case 'PreviousDay':
      return [yesterday, today]
    case 'PreviousWeek':
      return [addDays(monday(today), -7), monday(today)]
    case 'PreviousMonth':
      return [firstOfMonths(today, 1, -1), firstOfMonths(today, 1, 0)]
    case 'PreviousQuarter':
      return [firstOfMonths(today, 3, -1), firstOfMonths(today, 3, 0)]
    case 'PreviousYear':
      return [firstOfMonths(today, 12, -1), firstOfMonths(today, 12, 0)]
    case 'MonthToDate':
      return [firstOfMonths(yesterday, 1, 0), today]
    case 'QuarterToDate':
      return [firstOfMonths(yesterday, 3, 0), today]
    case 'YearToDate':
      return [firstOfMonths(yesterday, 12, 0), today]
    default:
      throw new RangeError(`unknown range ${String(range satisfies never)}`)
  }
}

const FORMS = '2026-10 (a month), 2026-Q3, 2026, 2026-W44, 2026-10-05 or 2026-10-01..2026-10-15 (both days included)'

/** A period as written on a command line; throws a RangeError that names the accepted forms. */
export function parsePeriod(text: string): LocalPeriod {
  const parsed = parseSpan(text)
  if (parsed === undefined || !(parsed[0] < parsed[1])) {
    throw new RangeError(`"${text}" is not a period: write ${FORMS}`)
  }
  return {start: dateText(parsed[0]), end: dateText(parsed[1])}
}

function parseSpan(text: string): [Date, Date] | undefined {
  const parts = /^(\d{4})(?:-(?:Q([1-4])|W(\d\d)|(\d\d)))?$/.exec(text)
  if (parts !== null) {
    const [, year, quarter, week, month] = parts.map((part) => (part === undefined ? undefined : Number(part)))
    return year! < 1000 ? undefined : namedSpan(year!, {quarter, week, month})
  }
  const days = /^(\d{4}-\d\d-\d\d)(?:\.\.(\d{4}-\d\d-\d\d))?$/.exec(text)
  const start = day(days?.[1])
  const last = day(days?.[2] ?? days?.[1])
  return start === undefined || last === undefined ? undefined : [start, addDays(last, 1)]
}

function namedSpan(
  year: number,
  {quarter, week, month}: {quarter: number | undefined; week: number | undefined; month: number | undefined},
): [Date, Date] | undefined {
  if (week !== undefined) {
    const start = addDays(monday(utc(year, 0, 4)), (week - 1) * 7)
    return week >= 1 && isoWeek(start).year === year ? [start, addDays(start, 7)] : undefined
  }
  if (month !== undefined) {
    return month >= 1 && month <= 12 ? [utc(year, month - 1, 1), utc(year, month, 1)] : undefined
  }
  return quarter === undefined ? [utc(year, 0, 1), utc(year + 1, 0, 1)] : [utc(year, quarter * 3 - 3, 1), utc(year, quarter * 3, 1)]
}

/** Short text for file names: 2026-10, 2026-Q3, 2026, 2026-W44, 2026-10-05, else first and last day, 2026-10-01_2026-10-15. */
export function periodLabel(period: LocalPeriod): string {
  const [start, end] = [parseLocalDate(period.start), parseLocalDate(period.end)]
  const {year, week} = isoWeek(start)
  const year4 = period.start.slice(0, 4)
  const names = [
    period.start.slice(0, 7),
    `${year4}-Q${Math.floor(start.getUTCMonth() / 3) + 1}`,
    year4,
    `${year}-W${String(week).padStart(2, '0')}`,
    period.start,
  ]
  const covers = (name: string) => {
    const named = parseSpan(name)
    return named !== undefined && named[0].getTime() === start.getTime() && named[1].getTime() === end.getTime()
  }
  return names.find(covers) ?? `${period.start}_${lastDay(period)}`
}

/** The last local day that a period covers, YYYY-MM-DD. */
export function lastDay(period: LocalPeriod): string {
  return dateText(addDays(parseLocalDate(period.end), -1))
}

/** ISO 8601 week: the week that holds the year's first Thursday is its first. */
export function isoWeek(date: Date): {year: number; week: number} {
  const thursday = addDays(monday(date), 3)
  const year = thursday.getUTCFullYear()
  return {year, week: 1 + Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / (7 * DAY))}
}

function day(text: string | undefined): Date | undefined {
  try {
    return text === undefined ? undefined : parseLocalDate(text)
  } catch {
    return undefined
  }
}

function utc(year: number, month: number, dayOfMonth: number): Date {
  return new Date(Date.UTC(year, month, dayOfMonth))
}

function addDays(date: Date, days: number): Date {
  return new Date(date.getTime() + days * DAY)
}

function monday(date: Date): Date {
  return addDays(date, -((date.getUTCDay() + 6) % 7))
}

/** First day of the span of `months` months that holds the date, or of one `shift` spans later. */
function firstOfMonths(date: Date, months: number, shift: number): Date {
  const month = Math.floor(date.getUTCMonth() / months) * months
  return utc(date.getUTCFullYear(), month + shift * months, 1)
}

function dateText(date: Date): string {
  return date.toISOString().slice(0, 10)
}
