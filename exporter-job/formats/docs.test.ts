// The documents that users read name what the code knows.
import {readFileSync} from 'node:fs'
import {expect, test} from 'vitest'
import {ACCOUNT_COLUMNS} from '../datasets/accounts.ts'
import {BOOKING_COLUMNS} from '../datasets/bookings.ts'
import {DIMENSION_COLUMNS} from '../datasets/dimensions.ts'
import {DOCUMENT_COLUMNS} from '../datasets/documents.ts'
import {JOURNAL_LINE_COLUMNS} from '../datasets/journal-lines.ts'
import {PARTNER_COLUMNS} from '../datasets/partners.ts'
import {TAX_CODE_COLUMNS} from '../datasets/tax-codes.ts'
import {BUCHUNGSSTAPEL} from './datev/columns.ts'
import {DOCUMENT_NOTES, DOCUMENT_RULES} from './datev/documents/rules.ts'
import {RULES} from './datev/rules.ts'
import {RULES as SAFT_RULES} from './saft/rules.ts'
import {NOTES, RULES as TABLE_RULES} from './tables/rules.ts'

const DATASETS = read('../../docs/datasets.md')
const ERRORS = read('../../docs/errors.md')

function read(path: string): string {
  return readFileSync(new URL(path, import.meta.url), 'utf8')
}

test.each(BOOKING_COLUMNS)('docs/datasets.md describes $name', ({name, type, meaning}) => {
  const column = BUCHUNGSSTAPEL.find((candidate) => candidate.from === name)
  const place = column === undefined ? '–' : `${column.position} ${column.heading}${column.required ? ', required' : ''}`
  expect(DATASETS).toContain(`| \`${name}\` | ${type} | ${place} | ${meaning} |`)
})

/** The names in the first column of the tables below the heading of that dataset. */
function described(heading: string): (string | undefined)[] {
  const section = DATASETS.split(/^## /m).find((text) => text.startsWith(`\`${heading}\``)) ?? ''
  return [...section.matchAll(/^\| `(\w+)` \|/gm)].map((match) => match[1])
}

test('docs/datasets.md describes no column of bookings that there is not', () => {
  expect(described('bookings')).toEqual(BOOKING_COLUMNS.map((column) => column.name))
})

const LEDGER = {journal_lines: JOURNAL_LINE_COLUMNS, accounts: ACCOUNT_COLUMNS, customers: PARTNER_COLUMNS, tax_codes: TAX_CODE_COLUMNS, documents: DOCUMENT_COLUMNS, cost_centers: DIMENSION_COLUMNS}

test.each(Object.entries(LEDGER))('docs/datasets.md describes every column of %s, and no other', (name, columns) => {
  expect(described(name)).toEqual(columns.map((column) => column.name))
  for (const column of columns) expect(DATASETS).toContain(`| \`${column.name}\` | ${column.type} | ${column.meaning} |`)
})

const SAFT_FAULTS = ['SpecRefused', 'PeriodRefused', 'FileExceedsLimit', 'TotalsDiffer']
const CODES = [
  ...new Set([RULES, DOCUMENT_RULES, DOCUMENT_NOTES, SAFT_RULES, TABLE_RULES, NOTES].flatMap((rules) => Object.keys(rules))),
  ...SAFT_FAULTS,
  'UnknownColumn',
  'DuplicateColumn',
  'MissingColumn',
  'ColumnTypeRefused',
  'NameRefused',
  'DuplicateFileName',
  'DuplicateTableName',
  'InvalidRow',
]

test.each(CODES)('docs/errors.md explains %s', (code) => {
  expect(ERRORS).toContain(`| \`${code}\` |`)
})
