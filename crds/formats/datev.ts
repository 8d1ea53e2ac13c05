// DATEV-Format (EXTF) as a spec asks for it.
import {z} from 'zod'
import {BUCHUNGSSTAPEL_COLUMNS} from './datev-columns.ts'
import {DatevDocuments} from './datev-documents.ts'
import {CURRENCIES} from '../currencies.ts'
import {line, withRule} from '../fields.ts'

const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** "MM-DD", a day that every year has. */
const MonthDay = withRule(z.string().length(5), {
  cel: "self.matches('^(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])$|^(0[469]|11)-(0[1-9]|[12][0-9]|30)$|^02-(0[1-9]|1[0-9]|2[0-8])$')",
  message: 'must be a month and a day that every year has, as MM-DD: 01-01, 07-01',
  test: (value) => {
    const [month, day] = value.split('-').map(Number)
    return /^\d\d-\d\d$/.test(value) && day! >= 1 && day! <= (DAYS_IN_MONTH[month! - 1] ?? 0)
  },
})

const ColumnMapping = z.strictObject({
  to: z.enum(BUCHUNGSSTAPEL_COLUMNS).describe('The DATEV column, datev_<position>_<name>.'),
  from: line(63).min(1).describe("The dataset's column that fills it."),
})

const DAY = '^20[0-9]{2}-[0-9]{2}-[0-9]{2}$'

/** "YYYY-MM-DD", a day that there is. */
const Day = withRule(z.string().length(10), {
  cel: `self.matches('${DAY}') && timestamp(self + 'T00:00:00Z').getFullYear() >= 2000`,
  message: 'must be a day of the years 2000 to 2099 as YYYY-MM-DD',
  test: (value) => new RegExp(DAY).test(value) && isDay(value),
})

/** JavaScript takes 30 February for a day of March. */
function isDay(value: string): boolean {
  const date = new Date(`${value}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value)
}

/** At most a leap year. */
const MAX_YEAR_HOURS = 366 * 24

const FiscalYear = withRule(
  z.strictObject({
    start: Day.describe('First day, YYYY-MM-DD.'),
    end: Day.describe('Last day, YYYY-MM-DD.'),
  }),
  {
    cel:
      "self.start <= self.end && timestamp(self.end + 'T00:00:00Z') - timestamp(self.start + 'T00:00:00Z') " +
      `< duration('${MAX_YEAR_HOURS}h')`,
    message: 'must end after it begins, and be no longer than a year',
    test: ({start, end}) => start <= end && Date.parse(end) - Date.parse(start) < MAX_YEAR_HOURS * 3_600_000,
  },
)

const RANGE = '^[0-9]{1,8}(-[0-9]{1,8})?$'

/** "8400" or "8300-8499". */
const AccountRange = withRule(
  withRule(z.string().min(1).max(17), {
    cel: `self.matches('${RANGE}')`,
    message: 'must be a general-ledger account such as 8400, or a range such as 8300-8499',
    test: (value) => new RegExp(RANGE).test(value),
  }),
  {
    cel: `!self.matches('${RANGE}') || int(self.split('-')[0]) <= int(self.split('-')[self.split('-').size() - 1])`,
    message: 'must begin with its lower end',
    test: (value) => !new RegExp(RANGE).test(value) || Number(value.split('-')[0]) <= Number(value.split('-').at(-1)),
  },
)

/** Categories of files (Formatkategorien). */
const MASTER_FILES = ['DebitorenKreditoren', 'Kontenbeschriftungen', 'Zahlungsbedingungen'] as const

/** The columns are not listed here: there are 289 of them. What they are called is checked when the run begins. */
const MasterColumnMapping = z.strictObject({
  file: z.enum(MASTER_FILES).describe('The category that has the column.'),
  to: line(80).min(1).describe("The DATEV column, datev_<position>_<name>: listed in docs/datev-columns.md."),
  from: line(63).min(1).describe("The dataset's column that fills it."),
})

const Fields = z.strictObject({
  consultant: z.int().min(1001).max(9_999_999).describe('Beraternummer: your tax adviser knows it.'),
  client: z.int().min(1).max(99_999).describe('Mandantennummer: your tax adviser knows it.'),
  fiscalYearStart: MonthDay.default('01-01').describe('First day of the fiscal year (Wirtschaftsjahr), MM-DD.'),
  fiscalYears: withRule(z.array(FiscalYear).max(20), {
    cel: 'self.all(year, self.filter(other, year.start <= other.end && other.start <= year.end).size() <= 1)',
    message: 'must not overlap',
    test: (years) => years.every((year) => years.filter(({start, end}) => year.start <= end && start <= year.end).length <= 1),
  })
    .default([])
    .meta({'x-kubernetes-list-type': 'atomic'})
    .describe(
      'Fiscal years by their days, where one is short (Rumpfwirtschaftsjahr): with any given here, these alone count and fiscalYearStart ' +
        'does not. A booking in none of them is refused.',
    ),
  accountLength: z
    .int()
    .min(4)
    .max(8)
    .default(4)
    .describe('Sachkontenlänge: digits of a general-ledger account; a personal account has one more.'),
  files: z
    .array(z.enum(['Buchungsstapel', ...MASTER_FILES]))
    .min(1)
    .max(4)
    .default(['Buchungsstapel'])
    .meta({'x-kubernetes-list-type': 'set'})
    .describe(
      'The categories to write: Buchungsstapel from the dataset bookings, DebitorenKreditoren from customers and suppliers, ' +
        'Kontenbeschriftungen from accounts, Zahlungsbedingungen from payment_terms.',
    ),
  currency: withRule(z.string().length(3), {
    cel: `self in [${CURRENCIES.map((code) => `'${code}'`).join(', ')}]`,
    message: 'must be an ISO 4217 code such as EUR',
    test: (value) => CURRENCIES.includes(value),
  })
    .default('EUR')
    .describe('WKZ: currency of the stack, for rows that name none.'),
  description: withRule(line(30), {
    cel: String.raw`self.matches('^[A-Za-z0-9_./ -]*$')`,
    message: 'must be letters without umlauts, digits, "_", "-", ".", "/" and spaces',
    test: (value) => /^[A-Za-z0-9_./ -]*$/.test(value),
  })
    .default('Buchungsstapel')
    .describe("Bezeichnung: the stack's name in DATEV's list."),
  chartOfAccounts: withRule(z.string().length(2), {
    cel: "self.matches('^[0-9]{2}$')",
    message: 'must be two digits such as 03 or 04',
    test: (value) => /^[0-9]{2}$/.test(value),
  })
    .optional()
    .describe('Sachkontenrahmen: 03 for SKR 03, 04 for SKR 04.'),
  festschreibung: z
    .boolean()
    .default(false)
    .describe('Lock the whole stack on import. It is always written, for DATEV takes an empty field as locked.'),
  encoding: z
    .enum(['Windows1252', 'UTF8'])
    .default('Windows1252')
    .describe("Windows1252 is what every version of DATEV reads; UTF8 is written with a byte order mark, by which DATEV knows it."),
  unmappable: z
    .enum(['Error', 'Transliterate'])
    .default('Error')
    .describe(
      'A character that Windows-1252 lacks: Error fails the run; Transliterate writes l for ł, o for ő and the like, by the table in ' +
        'the format\'s README, and fails the run for what has no entry there.',
    ),
  zeroAmount: z
    .enum(['Error', 'Skip'])
    .default('Error')
    .describe('A booking of 0,00, which DATEV refuses: Error fails the run, Skip leaves the row out and lists it.'),
  negativeAmount: z
    .enum(['Error', 'SwapSide', 'Generalumkehr'])
    .default('Error')
    .describe(
      'A negative amount, which DATEV refuses: Error fails the run; SwapSide writes it positive and S for H, H for S; ' +
        'Generalumkehr writes it positive on its side and marks the row as a reversal (column 118).',
    ),
  automaticAccounts: z
    .array(AccountRange)
    .max(200)
    .default([])
    .meta({'x-kubernetes-list-type': 'set'})
    .describe(
      "The client's automatic accounts (Automatikkonten), such as 8400 or 8300-8499. A tax key on one of them is refused, " +
        'unless it begins with 40 (Aufhebung der Automatik). Empty: not checked.',
    ),
  columns: z
    .array(ColumnMapping)
    .max(125)
    .refine((columns) => new Set(columns.map(({to}) => to)).size === columns.length, 'fills a DATEV column twice: leave one entry out')
    .default([])
    .meta({'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['to']})
    .describe("Names of the dataset's own columns for DATEV's, where the query does not use the canonical names."),
  masterColumns: z
    .array(MasterColumnMapping)
    .max(300)
    .refine((columns) => new Set(columns.map(({file, to}) => `${file} ${to}`)).size === columns.length, 'fills a DATEV column twice: leave one entry out')
    .default([])
    .meta({'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['file', 'to']})
    .describe('The same for the other categories.'),
  documents: DatevDocuments.optional().describe(
    'The files of the dataset documents, which go into document packages (ZIP with document.xml) beside the Buchungsstapel. A booking names its ' +
      'document in the column document_id.',
  ),
})

/** DATEV-Format (EXTF), header version 700, Buchungsstapel version 13. */
export const DatevFormat = withRule(Fields, {
  cel: "!has(self.documents) || 'Buchungsstapel' in self.files",
  message: 'documents need Buchungsstapel among files: bookings link to them',
  test: ({documents, files}) => documents === undefined || files.includes('Buchungsstapel'),
})
export type DatevFormat = z.infer<typeof DatevFormat>
