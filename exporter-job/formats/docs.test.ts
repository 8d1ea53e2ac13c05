// The documents that users read name what the code knows.
import {readFileSync} from 'node:fs'
import {expect, test} from 'vitest'
import {BOOKING_COLUMNS} from '../datasets/bookings.ts'
import {BUCHUNGSSTAPEL} from './datev/columns.ts'
import {RULES} from './datev/rules.ts'
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

test('docs/datasets.md describes no column that there is not', () => {
  const described = [...DATASETS.matchAll(/^\| `(\w+)` \|/gm)].map((match) => match[1])
  expect(described).toEqual(BOOKING_COLUMNS.map((column) => column.name))
})

const CODES = [
  ...new Set([RULES, TABLE_RULES, NOTES].flatMap((rules) => Object.keys(rules))),
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
