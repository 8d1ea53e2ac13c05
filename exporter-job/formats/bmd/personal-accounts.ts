// The files of personal accounts: debtors from the dataset `customers`, creditors from `suppliers`.
import type {DatasetName} from '../../../crds/datasets.ts'
import {PARTNER_COLUMNS} from '../../datasets/partners.ts'
import {PermanentFault} from '../../errors.ts'
import type {Dataset} from '../../sources/types.ts'
import {wholeRows} from '../copy-rows.ts'
import {nearestNames} from '../suggest.ts'
import type {DatasetCount, FormatInput} from '../types.ts'
import {SEMICOLON} from '../values/cursor.ts'
import {isIban} from '../values/iban.ts'
import {WRONG_SHAPE, splitRow} from '../values/rows.ts'
import {createUniqueKeys} from '../values/unique.ts'
import type {BrokenRule} from './encode.ts'
import {brokenShapeFault, findingOf} from './faults.ts'
import type {Writing} from './files.ts'
import {fileName, headingLine} from './files.ts'
import type {Parts} from './parts.ts'
import {createParts} from './parts.ts'
import type {Field} from './plan.ts'
import {NONE} from './plan.ts'
import type {ProfileColumn} from './profiles.ts'
import {ACCOUNT_DIGITS, profileColumns} from './profiles.ts'
import type {Row} from './row.ts'
import {bytesOf, createRow, point} from './row.ts'
import type {Broken, RuleCode} from './rules.ts'
import {encodeAccount, encodeTextField} from './values.ts'

/** The column that names a partner in the ledger. */
const KEY = 'id'
const KINDS = [
  {dataset: 'customers', kind: 'Debitoren'},
  {dataset: 'suppliers', kind: 'Kreditoren'},
] as const satisfies readonly {readonly dataset: DatasetName; readonly kind: string}[]

export interface AccountsResult {
  readonly rows: number
  readonly datasets: readonly DatasetCount[]
  readonly unusedColumns: readonly string[]
}

/** One file for each of the two datasets that there is. Faults: PermanentFault UnknownColumn, MissingColumn, InvalidRow. */
export async function writePersonalAccounts(writing: Writing, input: FormatInput): Promise<AccountsResult> {
  const datasets: DatasetCount[] = []
  const unusedColumns = new Set<string>()
  for (const {dataset: name, kind} of KINDS) {
    if (!input.has(name)) continue
    const dataset = await input.open(name)
    const {fields, unused} = resolveFields(dataset, profileColumns(writing.spec.personalAccounts))
    for (const column of unused) unusedColumns.add(column)
    datasets.push({dataset: name, written: await writeFile(writing, dataset, {fields, kind}), skipped: 0})
  }
  return {rows: datasets.reduce((sum, {written}) => sum + written, 0), datasets, unusedColumns: [...unusedColumns]}
}

interface ResolvedFields {
  readonly fields: readonly Field[]
  readonly unused: readonly string[]
}

/** Columns of a profile that the dataset lacks are left out of the file: empty ones might erase what BMD has. */
function resolveFields({name, columns}: Dataset, wanted: readonly ProfileColumn[]): ResolvedFields {
  const names = columns.map((column) => column.name)
  const canonical = PARTNER_COLUMNS.map((column) => column.name)
  const known = [...canonical, ...wanted.map(({from}) => from)]
  const unknown = names.find((column) => !known.includes(column))
  if (unknown !== undefined) {
    const nearest = nearestNames(unknown, known)
    const hint = nearest.length === 0 ? '' : ` (nearest: ${nearest.join(', ')})`
    const remedy = 'leave it out, or name it in spec.format.bmd.personalAccounts.columns'
    throw new PermanentFault('UnknownColumn', `${name} has a column ${JSON.stringify(unknown)} that is not known${hint}: ${remedy}`)
  }
  const missing = wanted.filter(({from, required}) => required && !names.includes(from)).map(({from, heading}) => `${from} (${heading})`)
  if (missing.length > 0) throw new PermanentFault('MissingColumn', `${name} lacks ${missing.join(', ')}: the columns of the file require it`)
  const fields = wanted.filter(({from}) => names.includes(from)).map((column) => fieldOf(column, names.indexOf(column.from)))
  return {fields, unused: names.filter((column) => column !== KEY && !wanted.some(({from}) => from === column))}
}

function fieldOf({heading, from, max, required}: ProfileColumn, source: number): Field {
  const facts = {name: heading, records: '0'} as const
  const isAccount = from === 'account'
  const column: Field['column'] = isAccount ? {...facts, kind: 'account', digits: ACCOUNT_DIGITS} : {...facts, kind: from === 'iban' ? 'iban' : 'text', max}
  return {
    column,
    operation: column.kind,
    source,
    named: source,
    others: [],
    records: 1,
    required: required ? 1 : 0,
    signed: false,
    isTax: false,
    max: isAccount ? ACCOUNT_DIGITS : max,
    decimals: 0,
    least: 0,
    most: Infinity,
    outside: 'NumberOutOfRange',
  }
}

interface Target {
  readonly fields: readonly Field[]
  readonly kind: string
}

/** Gives the number of rows. */
async function writeFile(writing: Writing, dataset: Dataset, {fields, kind}: Target): Promise<number> {
  const {spec, sink, context} = writing
  const parts = createParts({
    sink,
    maxRowBytes: fields.reduce((sum, {max}) => sum + 4 * max + 2, 2),
    maxBookings: Infinity,
    fileName: (number) => fileName(kind, writing, number),
    opening: headingLine(fields.map(({column}) => column.name), spec),
  })
  const encode = rowEncoder(writing, dataset, {fields, parts})
  let rows = 0
  try {
    for await (const bytes of wholeRows(dataset.chunks)) {
      for (let position = 0; position < bytes.length; ) {
        if (!parts.isReady(true)) await parts.prepare()
        position = encode(bytes, position, ++rows)
      }
    }
    await parts.close(context.emptyFile)
  } finally {
    await parts.settle()
  }
  return rows
}

/** Encodes the row that starts at `position`; gives where the next one does. */
function rowEncoder(writing: Writing, dataset: Dataset, {fields, parts}: {fields: readonly Field[]; parts: Parts}) {
  const {context} = writing
  const row = createRow(dataset.columns.length)
  const key = dataset.columns.findIndex(({name}) => name === KEY)
  const accounts = createUniqueKeys()
  const account = fields.find(({operation}) => operation === 'account')!
  const faults = {...contextOf(writing, dataset), keyColumn: key === NONE ? undefined : KEY}
  const brokenOf = (number: number, field: Field, rule: RuleCode): BrokenRule => ({
    row: number,
    field,
    rule,
    source: field.source,
    value: bytesOf(row, field.source),
    key: key === NONE ? undefined : bytesOf(row, key),
  })

  return (source: Uint8Array, position: number, number: number): number => {
    row.cursor.source = source
    const next = splitRow(source, position, row.starts)
    if (next === WRONG_SHAPE) throw brokenShapeFault(dataset.name, number, dataset.columns.length)
    const part = parts.current()
    row.cursor.out = part.out
    row.cursor.at = part.at
    let right = true
    for (const [index, field] of fields.entries()) {
      if (index > 0) row.cursor.out[row.cursor.at++] = SEMICOLON
      const start = row.cursor.at
      const rule = encodeField(row, field, {writing, dataset, onFormula: () => context.findings.note(findingOf(brokenOf(number, field, 'SpreadsheetFormula'), faults))})
      if (rule === undefined) continue
      right = false
      context.findings.error(findingOf(brokenOf(number, field, rule), faults))
      row.cursor.at = start
    }
    if (right) {
      endRow(row, part)
      point(row, account.source)
      if (!accounts.isNew(source, row.cursor.from, row.cursor.to)) context.findings.note(findingOf(brokenOf(number, account, 'DuplicateNumber'), faults))
    }
    return next
  }
}

function contextOf({spec, context}: Writing, {name, columns}: Dataset) {
  return {dataset: name, columns, spec, period: context.period}
}

function endRow({cursor}: Row, part: ReturnType<Parts['current']>): void {
  cursor.out[cursor.at++] = 0x0d
  cursor.out[cursor.at++] = 0x0a
  part.at = cursor.at
  part.rows++
}

interface Encoding {
  readonly writing: Writing
  readonly dataset: Dataset
  readonly onFormula: () => void
}

function encodeField(row: Row, field: Field, {writing: {spec, context}, dataset, onFormula}: Encoding): Broken {
  if (!point(row, field.source)) return field.required === 0 ? undefined : 'MissingValue'
  const texts = {semicolonAsComma: spec.semicolon === 'Comma', utf8: spec.encoding === 'UTF-8'}
  if (field.operation === 'iban' && !isIban(row.cursor.source, row.cursor.from, row.cursor.to)) return 'InvalidIban'
  if (field.operation !== 'account') return encodeTextField(row, field.max, {texts, formulas: context.spreadsheetFormulas}, onFormula)
  const {customersBeginWith, suppliersBeginWith} = spec.personalAccounts
  const beginning = dataset.name === 'suppliers' ? suppliersBeginWith : customersBeginWith
  const {source, from} = row.cursor
  const broken = encodeAccount(row.cursor, field.max)
  if (broken !== undefined) return broken
  for (let index = 0; index < beginning.length; index++) if (source[from + index] !== beginning.charCodeAt(index)) return 'NotAPersonalAccount'
  return undefined
}
