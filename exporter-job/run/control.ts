// spec.control: count and sums by a query of the user's own, in the snapshot that the rows came from.
import type {Total} from '../../crds/run.ts'
import {PermanentFault} from '../errors.ts'
import {fieldText} from '../formats/copy-rows.ts'
import type {FormatResult} from '../formats/types.ts'
import type {Dataset, Snapshot} from '../sources/types.ts'

const COLUMNS = ['count', 'debit', 'credit', 'currency'] as const
type Column = (typeof COLUMNS)[number]
type ControlRow = Readonly<Partial<Record<Column, string>>>

/** A control query answers one row a currency. */
const MAX_BYTES = 64 * 1024

/** @throws PermanentFault ControlInvalid, ControlDiffers; faults of the query */
export async function compareWithControl(query: string, result: FormatResult, snapshot: Snapshot): Promise<void> {
  if (snapshot.sql === undefined) throw invalid('the source does not speak SQL')
  const rows = await readRows(await snapshot.sql.open('control', query))
  const differences = rows.flatMap((row) => differencesOf(row, result)).concat(missingOf(rows, result.totals))
  if (differences.length > 0) {
    throw new PermanentFault('ControlDiffers', `spec.control does not agree with what was written, so nothing was published: ${differences.join('; ')}`)
  }
}

async function readRows(dataset: Dataset): Promise<ControlRow[]> {
  const names = dataset.columns.map(({name}) => name)
  const unknown = names.find((name) => !COLUMNS.some((column) => column === name))
  if (unknown !== undefined) throw invalid(`it has a column ${JSON.stringify(unknown)}`)
  if (!names.some((name) => name !== 'currency')) throw invalid('it has none of the columns count, debit and credit')
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of dataset.chunks) {
    bytes += chunk.length
    if (bytes > MAX_BYTES) throw invalid('it has more rows than there are currencies')
    chunks.push(Buffer.from(chunk))
  }
  const lines = Buffer.concat(chunks).toString('latin1').split('\n').slice(0, -1)
  if (lines.length === 0) throw invalid('it has no row')
  const rows = lines.map((line) => rowOf(names, line))
  if (rows.length > 1 && rows.some(({currency}) => currency === undefined)) throw invalid('it has several rows, and not each names its currency')
  return rows
}

function rowOf(names: readonly string[], line: string): ControlRow {
  const values = line.split('\t').map((field) => fieldText(Buffer.from(field, 'latin1')))
  return Object.fromEntries(names.map((name, index) => [name, values[index] ?? (name === 'currency' ? undefined : '0')]))
}

function differencesOf(row: ControlRow, {totals, rows, summedRows = rows}: FormatResult): string[] {
  const own = row.currency === undefined ? totals : totals.filter(({currency}) => currency === row.currency)
  const of = row.currency === undefined ? '' : ` of ${row.currency}`
  // A format without sums (NDJSON) has rows only; one with sums may have written master data or documents beside what is summed.
  const count = row.currency === undefined && totals.length === 0 ? summedRows : own.reduce((sum, total) => sum + total.count, 0)
  return [
    compare(`count${of}`, row.count, [String(count)]),
    compare(`debit${of}`, row.debit, sumsOf(own, 'S')),
    compare(`credit${of}`, row.credit, sumsOf(own, 'H')),
  ].filter((difference) => difference !== undefined)
}

function sumsOf(totals: readonly Total[], side: Total['side']): string[] {
  return totals.filter((total) => total.side === side).map(({sum}) => sum)
}

/** Sums over several currencies mean nothing, yet a control that adds them up adds up the same. */
function compare(what: string, control: string | undefined, written: readonly string[]): string | undefined {
  if (control === undefined) return undefined
  const difference = addScaled([...written, `-${control}`.replace('--', '')])
  return difference === 0n ? undefined : `${what} is ${control} by the control and ${sumText(written)} in the files`
}

/** Every digit counts: a control of "0.001" is not a sum of "0.00". */
const SCALE = 40

/** The sum of decimal texts, times 10^{@link SCALE}. */
function addScaled(texts: readonly string[]): bigint {
  return texts.map(scaled).reduce((sum, value) => sum + value, 0n)
}

function scaled(text: string): bigint {
  const [, sign, whole = '0', decimals = ''] = /^(-?)(\d{1,60})(?:\.(\d{0,40}))?$/.exec(text) ?? []
  if (sign === undefined) throw invalid(`${JSON.stringify(text.slice(0, 50))} is no plain decimal number`)
  const value = BigInt(whole + decimals.padEnd(SCALE, '0'))
  return sign === '-' ? -value : value
}

function sumText(texts: readonly string[]): string {
  const sum = addScaled(texts)
  const digits = (sum < 0n ? -sum : sum).toString().padStart(SCALE + 1, '0')
  // Amounts have two decimals, counts none.
  const least = texts.some((text) => text.includes('.')) ? 2 : 0
  const decimals = digits.slice(-SCALE).replace(/0+$/, '').padEnd(least, '0')
  return `${sum < 0n ? '-' : ''}${digits.slice(0, -SCALE)}${decimals === '' ? '' : `.${decimals}`}`
}

/** Currencies that were written and that the control, naming currencies, does not know. */
function missingOf(rows: readonly ControlRow[], totals: readonly Total[]): string[] {
  if (rows.every(({currency}) => currency === undefined)) return []
  const known = new Set(rows.map(({currency}) => currency))
  const missing = [...new Set(totals.map(({currency}) => currency))].filter((currency) => !known.has(currency))
  return missing.map((currency) => `${currency} was written, and the control has no row for it`)
}

function invalid(problem: string): PermanentFault {
  return new PermanentFault(
    'ControlInvalid',
    `spec.control.query: ${problem}: it must answer one row, or one a currency, with count, debit or credit, and perhaps currency`,
  )
}
