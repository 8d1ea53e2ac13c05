// The general ledger's entries: the dataset journal_lines through the hot loop, with what is summed on the way.
import type {Dataset} from '../../sources/types.ts'
import {PermanentFault} from '../../errors.ts'
import {fieldText, wholeRows} from '../copy-rows.ts'
import type {Protocol} from '../protocol.ts'
import {throttledProgress} from '../progress.ts'
import type {Total} from '../../../crds/run.ts'
import type {AmountColumns} from './amounts.ts'
import {createAmountReader} from './amounts.ts'
import {requireShape} from './columns.ts'
import type {Element} from './elements.ts'
import type {Row} from './encode.ts'
import {NO_COLUMN, createRow} from './encode.ts'
import type {JournalOptions, JournalWriter, LevelPlan, Unbalanced} from './journal.ts'
import {createJournalWriter} from './journal.ts'
import type {WrittenSection} from './masters.ts'
import type {Plan} from './plan.ts'
import {compile} from './plan.ts'
import type {Level} from './profile.ts'
import {createReport} from './report.ts'
import {sentence} from './rules.ts'
import type {LineSums} from './sums.ts'
import {createLineSums} from './sums.ts'
import type {Writing} from './writing.ts'

/** What was written of journal_lines. */
export interface WrittenEntries {
  readonly rows: number
  readonly unused: readonly string[]
  readonly totals: readonly Total[]
  readonly protocol: Protocol
}

const DATASET = 'journal_lines'
const REQUIRED: readonly string[] = ['journal_id', 'transaction_id', 'posting_date', 'line_id', 'account', 'debit', 'credit']

/** Amounts that are read into registers, where the profile has a place for what they belong to. */
function companions(used: ReadonlySet<string>): readonly string[] {
  return [...(used.has('currency') ? ['currency_amount'] : []), ...(used.has('tax_code') ? ['tax_base', 'tax_amount'] : [])]
}

/** Writes all lines into the files of their months; compares what was announced, and what master files state, with what was written. */
export async function writeEntries(writing: Writing, sections: readonly WrittenSection[]): Promise<WrittenEntries> {
  const dataset = await writing.input.open(DATASET)
  const {writer, sums, unused} = prepare(dataset, writing, sections)
  await pump(dataset, writer, writing)
  const {context, spec, profile} = writing
  if (context.findings.errors().length === 0) sums.compareBalances(context.findings, writing.rules)
  const currency = spec.currency ?? profile.currency
  return {rows: writer.rows(), unused, totals: sums.totals(currency), protocol: sums.protocol(currency)}
}

interface Prepared {
  readonly writer: JournalWriter
  readonly sums: LineSums
  readonly unused: readonly string[]
}

function prepare(dataset: Dataset, writing: Writing, sections: readonly WrittenSection[]): Prepared {
  const {profile, spec, parts, keys, context} = writing
  const indexes = new Map(dataset.columns.map(({name}, index) => [name, index]))
  const at = (name: string): number => indexes.get(name) ?? NO_COLUMN
  const levels = compileLevels(indexes, writing)
  const {used} = levels.line
  requireColumns(indexes, used)
  const unused = requireShape(dataset, [levels.journal.plan, levels.transaction.plan, levels.line], profile.id, [...REQUIRED, ...companions(used)])
  const row = createLineRow(dataset, writing, () => writer.rows() + 1)
  const sums = createLineSums({row, sections, keys, columns: indexes})
  const read = new Set([...REQUIRED, ...companions(used), ...used])
  const amounts = {currency: spec.currency ?? profile.currency, negative: spec.negativeAmounts}
  const writer = createJournalWriter({
    row,
    parts,
    ...levels,
    columns: {journal: at('journal_id'), transaction: at('transaction_id'), line: at('line_id'), postingDate: at('posting_date')},
    readAmounts: createAmountReader(row, amountColumns((name) => (read.has(name) ? at(name) : NO_COLUMN)), amounts),
    written: (day) => sums.add(day),
    unbalanced: (transaction) => context.findings.error(unbalancedFinding(transaction, writing)),
    doubtful: writing.totals.doubtful,
    brokenShape: (number) => brokenShapeFault(number, dataset),
  })
  return {writer, sums, unused}
}

/** What stands once a journal, once a transaction, once a line. */
function compileLevels(columns: ReadonlyMap<string, number>, {profile, encode, keys, said}: Writing): Pick<JournalOptions, 'journal' | 'transaction' | 'line'> {
  const compiled = (elements: readonly Element[]): Plan => compile(elements, {columns, encode, keys, said})
  return {
    journal: levelOf(profile.journal, compiled(profile.journal.elements), encode),
    transaction: levelOf(profile.transaction, compiled(profile.transaction.elements), encode),
    line: compiled(profile.line),
  }
}

function createLineRow(dataset: Dataset, {context, rules, rowOptions}: Writing, number: () => number): Row {
  const report = createReport({dataset, findings: context.findings, context: rules, keyColumn: 'transaction_id'})
  const field = (column: number): Uint8Array => row.cursor.source.subarray(row.starts[column], row.starts[column + 1]! - 1)
  const row: Row = createRow({
    ...rowOptions,
    columns: dataset.columns.length,
    broken: (rule, column, subject) => report.broken(rule, column, subject, {row: number(), field}),
    noted: (rule, column, subject) => report.noted(rule, column, subject, {row: number(), field}),
  })
  return row
}

function amountColumns(at: (name: string) => number): AmountColumns {
  return {
    debit: at('debit'),
    credit: at('credit'),
    currency: at('currency'),
    currencyAmount: at('currency_amount'),
    taxCode: at('tax_code'),
    taxBase: at('tax_base'),
    taxAmount: at('tax_amount'),
  }
}

function brokenShapeFault(row: number, {columns}: Dataset): PermanentFault {
  return new PermanentFault('InvalidRow', `${DATASET} row ${row} does not have ${columns.length} fields, as many as the dataset has columns`)
}

function requireColumns(columns: ReadonlyMap<string, number>, used: ReadonlySet<string>): void {
  const missing = REQUIRED.filter((name) => !columns.has(name))
  if (used.has('tax_code') && !columns.has('tax_amount')) missing.push('tax_amount (tax_code is there)')
  if (missing.length > 0) throw new PermanentFault('MissingColumn', `${DATASET} lacks ${missing.join(', ')}`)
}

function levelOf({name, inner}: Level, plan: Plan, encode: Writing['encode']): LevelPlan {
  return {
    open: encode(`<${name}>`),
    plan,
    inner: encode(inner === undefined ? '' : `<${inner}>`),
    close: encode(`${inner === undefined ? '' : `</${inner}>`}</${name}>`),
  }
}

function unbalancedFinding({row, key, debit, credit}: Unbalanced, {rules}: Writing): Parameters<Writing['context']['findings']['error']>[0] {
  return {
    dataset: DATASET,
    row,
    key: {column: 'transaction_id', value: fieldText(key) ?? ''},
    column: '',
    rule: 'Unbalanced',
    right: sentence('Unbalanced', {path: ''}, rules),
    detail: `debit ${debit}, credit ${credit}`,
  }
}

async function pump(dataset: Dataset, writer: JournalWriter, {parts, context}: Writing): Promise<void> {
  const progress = throttledProgress((rows) => context.progress(rows))
  for await (const rows of wholeRows(dataset.chunks)) {
    let position = writer.encode(rows, 0)
    while (position < rows.length) {
      await parts.prepare(writer.waitingFor(), writer.room)
      position = writer.encode(rows, position)
    }
    progress(writer.rows())
  }
  writer.end()
}
