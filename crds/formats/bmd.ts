// BMD NTCS as a spec asks for it: bookings and personal accounts.
import {z} from 'zod'
import {BMD_COLUMNS} from './bmd-columns.ts'
import {line, withRule} from '../fields.ts'

/** The files that can be written, and the datasets that feed them. */
export const BMD_FILES = ['Buchungen', 'Personenkonten'] as const
export type BmdFile = (typeof BMD_FILES)[number]

const ColumnMapping = z.strictObject({
  to: z.enum(BMD_COLUMNS).describe("BMD's field, bmd_<name>."),
  from: line(63).min(1).describe("The dataset's column that fills it."),
})

const Heading = withRule(line(60).min(1), {
  cel: "!self.contains(';') && !self.contains('\"')",
  message: 'must hold neither ";" nor a quotation mark',
  test: (value) => !/[;"]/.test(value),
})

const PersonalAccountColumn = z.strictObject({
  heading: Heading.describe('The heading that your import model in BMD knows.'),
  from: line(63).min(1).describe('The column of the datasets customers and suppliers that fills it.'),
  max: z.int().min(1).max(255).default(255).describe('At most that many characters; a longer value is an error.'),
})

/** The first digits of personal accounts, such as 2 or 20. */
function leadingDigits(): z.ZodString {
  return withRule(z.string().min(1).max(4), {
    cel: "self.matches('^[0-9]{1,4}$')",
    message: 'must be one to four digits',
    test: (value) => /^[0-9]{1,4}$/.test(value),
  })
}

const PersonalAccounts = z.strictObject({
  profile: z
    .enum(['Standard', 'Stamerf'])
    .default('Standard')
    .describe(
'Which columns the file has. BMD has no fixed headings for personal accounts: Standard (KontoNummer, Name, Strasse, PLZ …) and Stamerf (Konto-Nr, Name, Strasse, Postltz …) ' +
        'are two sets in use, and your import model must agree.',
    ),
  columns: withRule(
    z
      .array(PersonalAccountColumn)
      .max(60)
      .refine((columns) => new Set(columns.map(({heading}) => heading)).size === columns.length, 'has a heading twice: leave one entry out'),
    {
      cel: "self.size() == 0 || self.exists(column, column.from == 'account')",
      message: 'must have an entry that is filled from account',
      test: (columns) => columns.length === 0 || columns.some(({from}) => from === 'account'),
    },
  )
    .default([])
    .meta({'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['heading']})
    .describe('Columns of your own in the place of the profile. One of them must be filled from account.'),
  customersBeginWith: leadingDigits().default('2').describe("What customers' accounts begin with."),
  suppliersBeginWith: leadingDigits().default('3').describe("What suppliers' accounts begin with."),
})

/** BMD NTCS: CSV with headings, for the import of bookings and of personal accounts. */
export const BmdFormat = z.strictObject({
  files: z
    .array(z.enum(BMD_FILES))
    .min(1)
    .max(BMD_FILES.length)
    .default(['Buchungen'])
    .meta({'x-kubernetes-list-type': 'set'})
    .describe('Buchungen needs the dataset bookings, Personenkonten customers or suppliers.'),
  currency: withRule(z.string().length(3), {
    cel: "self.matches('^[A-Z]{3}$')",
    message: 'must be an ISO 4217 code such as EUR',
    test: (value) => /^[A-Z]{3}$/.test(value),
  })
    .default('EUR')
    .describe('Currency of the books: betrag and steuer are in it.'),
  encoding: z
    .enum(['Windows-1252', 'UTF-8'])
    .default('Windows-1252')
    .describe('Encoding of the files. UTF-8 is written with a byte order mark; your import model must agree.'),
  semicolon: z
    .enum(['Error', 'Comma'])
    .default('Error')
    .describe('A semicolon inside a text, which would end the field: Error refuses the row, Comma writes a comma in its place.'),
  documentNumberLength: z.int().min(1).max(60).default(20).describe('Characters that a document number (belegnr) may have.'),
  maxBookings: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(20_000)
    .describe('Bookings a file; BMD recommends at most 20,000. A booking and its splits and documents are never parted.'),
  columns: z
    .array(ColumnMapping)
    .max(BMD_COLUMNS.length)
    .refine((columns) => new Set(columns.map(({to}) => to)).size === columns.length, 'fills a BMD field twice: leave one entry out')
    .default([])
    .meta({'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['to']})
    .describe("Names of the dataset's own columns for BMD's, where the query does not use the canonical names."),
  personalAccounts: PersonalAccounts.prefault({}).describe('The file Personenkonten.'),
})
export type BmdFormat = z.infer<typeof BmdFormat>
