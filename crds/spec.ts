// The spec of a ScheduledExport. The CRD, docs/reference.md and every type in both programs come from here.
import {z} from 'zod'
import {SCHEDULE_CEL, SCHEDULE_MESSAGE, isSchedule} from './cron.ts'
import {Destination} from './destination.ts'
import {duration, withRule} from './fields.ts'
import {Format, NEEDS} from './format.ts'
import type {Need} from './format.ts'
import {SOURCE_NAMES, SQL_SOURCE_NAMES, Source} from './source.ts'
import {Query} from './sources/sql.ts'

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

/** An independent count to compare a run with, in the same snapshot. */
export const Control = z.strictObject({
  query: Query.describe(
    'One SELECT with the columns count, debit and credit (each optional, at least one) and perhaps currency: one row, or one a currency. ' +
      'The run is published only when they agree with what was written, to the cent.',
  ),
})

/** Languages that a protocol is written in. */
export const PROTOCOL_LANGUAGES = ['English', 'German'] as const
export type ProtocolLanguage = (typeof PROTOCOL_LANGUAGES)[number]

const Spec = z.strictObject({
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
  onEmpty: z
    .enum(['NoFile', 'File', 'Fail'])
    .default('NoFile')
    .describe('When the period has no row: NoFile completes with a manifest and no file, File writes a file without rows, Fail fails the run.'),
  control: Control.optional().describe('An independent count and sum; only for sources that speak SQL.'),
  maxErrors: z
    .int()
    .min(1)
    .max(10_000)
    .default(100)
    .describe('How many wrong values a run collects before it gives up; all of them are listed in errors/<exportId>.csv at the destination.'),
  spreadsheetFormulas: z
    .enum(['Report', 'Refuse', 'Prefix'])
    .default('Report')
    .describe(
      'Text that a spreadsheet would run as a formula (it begins with = + - @ or a tab): Report counts it in manifest and protocol, ' +
        "Refuse fails the run, Prefix writes an apostrophe before it.",
    ),
  protocolLanguage: z
    .enum(PROTOCOL_LANGUAGES)
    .optional()
    .describe('Language of the protocol beside the manifest. Left out, German for datev, bmd and gobd, and English for all others.'),
  retry: Retry.prefault({}).describe('What to do about faults that may pass.'),
  activeDeadline: duration('2m', '168h').default('6h').describe('A run that takes longer is ended and has failed.'),
  historyLimit: z.int().min(1).max(50).default(10).describe('How many runs status.history keeps.'),
})

/** "The source has what the format needs", for the API server and for zod. */
function withNeed<S extends typeof Spec>(schema: S, {format, datasets, where}: Need): S {
  const has = SOURCE_NAMES.flatMap((source) =>
    datasets.map((dataset) => `has(self.source.${source}) && has(self.source.${source}.datasets.${dataset})`),
  )
  const applies = `has(self.format.${format})${where === undefined ? '' : ` && ${where.cel.replaceAll('self.', `self.format.${format}.`)}`}`
  return withRule(schema, {
    cel: `!(${applies}) || [${has.join(', ')}].exists(x, x)`,
    message: `format.${format}${where === undefined ? '' : ` ${where.words}`} needs the dataset ${datasets.join(' or ')}: add it to the source's datasets`,
    test: (spec) =>
      spec.format[format] === undefined ||
      where?.test(spec.format) === false ||
      datasets.some((dataset) => SOURCE_NAMES.some((source) => spec.source[source]?.datasets[dataset] !== undefined)),
  })
}

const WithControl = withRule(Spec, {
  cel: `!has(self.control) || [${SQL_SOURCE_NAMES.map((source) => `has(self.source.${source})`).join(', ')}].exists(x, x)`,
  message: `control needs a source that speaks SQL: ${SQL_SOURCE_NAMES.join(', ')}`,
  test: ({control, source}) => control === undefined || SQL_SOURCE_NAMES.some((name) => source[name] !== undefined),
})

/** A dataset of documents that nobody takes along would be lost without a word. */
const WithDocuments = withRule(WithControl, {
  cel:
    '!has(self.format.datev) || has(self.format.datev.documents) || ' +
    `![${SOURCE_NAMES.map((source) => `has(self.source.${source}) && has(self.source.${source}.datasets.documents)`).join(', ')}].exists(x, x)`,
  message: 'format.datev.documents must say on which volume the files of the dataset documents are',
  test: ({format: {datev}, source}) =>
    datev === undefined || datev.documents !== undefined || SOURCE_NAMES.every((name) => source[name]?.datasets.documents === undefined),
})

export const ScheduledExportSpec = NEEDS.reduce(withNeed, WithDocuments)
export type ScheduledExportSpec = z.infer<typeof ScheduledExportSpec>
/** The spec as a person writes it, defaults left out. */
export type ScheduledExportSpecInput = z.input<typeof ScheduledExportSpec>
