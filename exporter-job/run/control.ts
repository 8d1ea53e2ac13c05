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

function differencesOf(row: ControlRow, {totals, rows}: FormatResult): string[] {
  const own = row.currency === undefined ? totals : totals.filter(({currency}) => currency === row.currency)
  const of = row.currency === undefined ? '' : ` of ${row.currency}`
  const count = row.currency === undefined ? rows : own.reduce((sum, total) => sum + total.count, 0)
  return [
    compare(`count${of}`, row.count, String(count)),
    compare(`debit${of}`, row.debit, sumOf(own, 'S')),
    compare(`credit${of}`, row.credit, sumOf(own, 'H')),
  ].filter((difference) => difference !== undefined)
}

/** Sums over several currencies mean nothing, yet a control that adds them up adds up the same. */
function sumOf(totals: readonly Total[], side: Total['side']): string {
  const cents = totals.filter((total) => total.side === side).reduce((sum, total) => sum + centsOf(total.sum), 0n)
  return `${cents < 0n ? '-' : ''}${textOf(cents < 0n ? -cents : cents)}`
}

function textOf(cents: bigint): string {
  const digits = cents.toString().padStart(3, '0')
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`
}

function compare(what: string, control: string | undefined, written: string): string | undefined {
  if (control === undefined || centsOf(control) === centsOf(written)) return undefined
  return `${what} is ${control} by the control and ${written} in the files`
}

/** "1234.5" in cents; further decimals must be zeros. */
function centsOf(text: string): bigint {
  const [, sign, whole = '0', decimals = ''] = /^(-?)(\d+)(?:\.(\d*))?$/.exec(text) ?? []
  if (sign === undefined || /[1-9]/.test(decimals.slice(2))) throw invalid(`${JSON.stringify(text)} is no number of at most two decimals`)
  const cents = BigInt(whole + decimals.slice(0, 2).padEnd(2, '0'))
  return sign === '-' ? -cents : cents
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
