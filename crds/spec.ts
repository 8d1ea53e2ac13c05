// The spec of a ScheduledExport. The CRD, docs/reference.md and every type in both programs come from here.
import {z} from 'zod'
import {SCHEDULE_CEL, SCHEDULE_MESSAGE, isSchedule} from './cron.ts'
import {Destination} from './destination.ts'
import {duration, withRule} from './fields.ts'
import {Format} from './format.ts'
import {Source} from './source.ts'

const Schedule = withRule(z.string().min(1).max(100), {cel: SCHEDULE_CEL, message: SCHEDULE_MESSAGE, test: isSchedule})

const ZONE = '^[A-Za-z][A-Za-z0-9_+-]{0,31}(/[A-Za-z0-9_+-]{1,31}){0,2}$'

const TimeZone = withRule(z.string().min(1).max(64), {
  cel: `self.matches('${ZONE}') && self.lowerAscii() != 'local' && timestamp('2026-01-01T00:00:00Z').getFullYear(self) > 0`,
  message: 'must be an IANA time zone such as Europe/Berlin or UTC',
  test: (value) => new RegExp(ZONE).test(value) && value.toLowerCase() !== 'local' && isTimeZone(value),
})

/** As the API server sees it: Intl alone would take "europe/berlin", which no Linux zone file is called. */
function isTimeZone(name: string): boolean {
  try {
    const canonical = new Intl.DateTimeFormat('en', {timeZone: name}).resolvedOptions().timeZone
    return canonical === name || canonical.toLowerCase() !== name.toLowerCase()
  } catch {
    return false
  }
}

/** The spans that a run can cover; each is computed in spec.timeZone from the scheduled time. */
export const PERIOD_RANGES = [
  'PreviousDay',
  'PreviousWeek',
  'PreviousMonth',
  'PreviousQuarter',
  'PreviousYear',
  'MonthToDate',
  'QuarterToDate',
  'YearToDate',
] as const
export type PeriodRange = (typeof PERIOD_RANGES)[number]

/** What a run covers: whole local days, start inclusive, end exclusive. */
export const Period = withRule(
  z.strictObject({
    range: z
      .enum(PERIOD_RANGES)
      .describe(
        'PreviousDay, PreviousWeek (Monday to Sunday), PreviousMonth, PreviousQuarter, PreviousYear: the last whole one before the ' +
          'scheduled time. MonthToDate, QuarterToDate, YearToDate: from its first day to the day before the ' +
          'scheduled time; on its first day the whole one before.',
      ),
    lagDays: z.int().min(0).max(366).default(0).describe('Reckon as if the run were that many days earlier, to let late bookings arrive.'),
  }),
  {
    cel: "!self.range.endsWith('ToDate') || self.lagDays <= 31",
    message: 'lagDays may be at most 31 for a range to date',
    test: (value) => !value.range.endsWith('ToDate') || value.lagDays <= 31,
  },
)
export type Period = z.infer<typeof Period>

/** Waiting between attempts: initial × factor^n, at most max. */
export const Backoff = z.strictObject({
  initial: duration('1s', '1h').default('60s').describe('Wait before the second attempt.'),
  factor: z.int().min(1).max(10).default(2).describe('What each further wait is multiplied by.'),
  max: duration('1s', '6h').default('15m').describe('The longest wait.'),
})

/** Retries of what may pass: refused connections, lock timeouts, a killed pod. A bad row or a bad query is never retried. */
export const Retry = z.strictObject({
  attempts: z.int().min(1).max(10).default(3).describe('Attempts in all; 1 means no retry.'),
  backoff: Backoff.prefault({}).describe('Waits between attempts.'),
})
export type Retry = z.infer<typeof Retry>

export const ScheduledExportSpec = z.strictObject({
  schedule: Schedule.describe(
    'When to run, as a Kubernetes CronJob reads it: five fields or @monthly and the like. ' +
      'A day that never comes (0 0 31 2 *) makes the export Stalled.',
  ),
  timeZone: TimeZone.default('Europe/Berlin').describe('IANA time zone of the schedule, the period and the timestamps in files.'),
  suspend: z.boolean().default(false).describe('Start no further scheduled runs. Lifting it never starts past ones.'),
  period: Period.describe('What a run covers.'),
  source: Source.describe('Where the rows come from: exactly one.'),
  format: Format.describe('What the file is: exactly one.'),
  destination: Destination.describe('Where the file goes: exactly one.'),
  onExisting: z
    .enum(['Fail', 'NewRevision'])
    .default('Fail')
    .describe('When another run has published this period already: Fail rejects the run, NewRevision writes beside it (…-r2).'),
  retry: Retry.prefault({}).describe('What to do about faults that may pass.'),
  activeDeadline: duration('2m', '168h').default('6h').describe('A run that takes longer is ended and has failed.'),
  historyLimit: z.int().min(1).max(50).default(10).describe('How many runs status.history keeps.'),
})
export type ScheduledExportSpec = z.infer<typeof ScheduledExportSpec>
/** The spec as a person writes it, defaults left out. */
export type ScheduledExportSpecInput = z.input<typeof ScheduledExportSpec>
