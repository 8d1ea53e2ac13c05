// What a protocol says, before it is text or HTML: headed tables of words.
import type {Manifest} from '../../crds/run.ts'
import {lastDay} from '../../crds/period.ts'
import type {Finding, Findings} from '../formats/findings.ts'
import {sentenceOf} from '../formats/findings.ts'
import type {DocumentRef, Protocol, ProtocolTable} from '../formats/protocol.ts'
import {MAX_LINES} from '../formats/protocol.ts'

/** A table; `numeric` are the columns that are aligned by their last digit. */
export interface Table {
  readonly title: string
  readonly headings: readonly string[]
  readonly rows: readonly (readonly string[])[]
  readonly numeric: readonly number[]
  /** Under the table. */
  readonly remark?: string
}

export interface ProtocolDocument {
  readonly title: string
  /** "Exported on …". */
  readonly facts: readonly (readonly [label: string, value: string])[]
  readonly tables: readonly Table[]
}

const MAX_NOTES = 200

export function protocolOf(manifest: Manifest, protocol: Protocol, findings: Findings): ProtocolDocument {
  const {name, namespace} = manifest.export
  const {period, totals, files} = manifest
  return {
    title: `Export protocol: ${namespace}/${name}, ${period.start} to ${lastDay(period)}`,
    facts: [
      ['Format', manifest.format],
      ['Period', `${period.start} to ${lastDay(period)} (${manifest.timeZone})`],
      ['Run', `${manifest.trigger}, due ${manifest.scheduledTime}`],
      ['Export ID', manifest.exportId],
      ['Revision', String(manifest.revision)],
      ['State of the data', manifest.snapshotTime],
      ['Rows written', grouped(String(manifest.rows))],
      ['Compared with', manifest.controlled ? "the rows read, and the spec's control query: both agree" : 'the rows read: they agree'],
      ...documentFacts(protocol),
      ['Program', `scheduled-export ${manifest.program}`],
      ['SHA-256 of the source', manifest.sourceSha256],
    ],
    tables: [
      table('Files', ['File', 'Rows', 'Bytes', 'SHA-256'], files.map((file) => [file.name, grouped(String(file.rows)), grouped(String(file.bytes)), file.sha256]), [1, 2]),
      table('Datasets', ['Dataset', 'Rows read', 'Left out'], manifest.datasets.map(({dataset, rows, skipped}) => [dataset, grouped(String(rows)), grouped(String(skipped))]), [1, 2]),
      table('Totals', ['Currency', 'Side', 'Rows', 'Sum'], totals.map(({currency, side, count, sum}) => [currency, side === 'S' ? 'Debit (S)' : 'Credit (H)', grouped(String(count)), amount(sum)]), [2, 3]),
      ...protocol.tables.map(amountTable),
      table('Notes', ['Rule', 'How often'], manifest.notes.map(({rule, count}) => [rule, grouped(String(count))]), [1]),
      noteTable(findings.notes()),
    ].filter(({rows}) => rows.length > 0),
  }
}

function documentFacts({first, last}: Protocol): [string, string][] {
  const facts: [string, DocumentRef | undefined][] = [['First document', first], ['Last document', last]]
  return facts.flatMap(([label, document]) => (document === undefined ? [] : [[label, documentText(document)] as [string, string]]))
}

function documentText({row, number, date}: DocumentRef): string {
  return `${number === '' ? 'without number' : number} of ${date} (row ${grouped(String(row))})`
}

function amountTable({title, lines, more = 0}: ProtocolTable): Table {
  const rows = lines.slice(0, MAX_LINES).map(({key, currency, count, debit, credit}) => [key, currency, grouped(String(count)), amount(debit), amount(credit)])
  const left = lines.length - rows.length + more
  return {...table(`By ${title.toLowerCase()}`, [title, 'Currency', 'Rows', 'Debit', 'Credit'], rows, [2, 3, 4]), ...remarkOf(left)}
}

function noteTable(notes: readonly Finding[]): Table {
  return table('Notes by row', ['Place and rule'], notes.slice(0, MAX_NOTES).map((note) => [sentenceOf(note)]), [])
}

function table(title: string, headings: readonly string[], rows: readonly (readonly string[])[], numeric: readonly number[]): Table {
  return {title, headings, rows: rows.slice(0, MAX_LINES), numeric, ...remarkOf(rows.length - MAX_LINES)}
}

function remarkOf(left: number): Pick<Table, 'remark'> {
  return left > 0 ? {remark: `${grouped(String(left))} more lines are left out here.`} : {}
}

/** "1234567.89" as "1 234 567.89": a narrow no-break space is understood in every language. */
function amount(text: string): string {
  const [whole = '', decimals] = text.split('.')
  return decimals === undefined ? grouped(whole) : `${grouped(whole)}.${decimals}`
}

function grouped(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, '\u202F')
}
