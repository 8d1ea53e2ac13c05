// What a protocol says, before it is text or HTML: headed tables of words.
import type {Manifest} from '../../crds/run.ts'
import {lastDay} from '../../crds/period.ts'
import {formatLocal} from '../../crds/zone.ts'
import type {Finding, Findings} from '../formats/findings.ts'
import {sentenceOf} from '../formats/findings.ts'
import type {DocumentRef, Protocol, ProtocolLine, ProtocolTable} from '../formats/protocol.ts'
import {MAX_LINES} from '../formats/protocol.ts'
import {addDecimals} from './decimals.ts'
import type {Fact, Words} from './words.ts'

/** A table; `numeric` are the columns that are aligned by their last digit. */
export interface Table {
  readonly title: string
  readonly headings: readonly string[]
  readonly rows: readonly (readonly string[])[]
  readonly numeric: readonly number[]
  /** How many of the rows, the last ones, add up the others. */
  readonly sums?: number
  /** Under the table. */
  readonly remark?: string
}

export interface ProtocolDocument {
  /** Language of the page (BCP 47). */
  readonly language: string
  readonly title: string
  /** "Exported on …". */
  readonly facts: readonly (readonly [label: string, value: string])[]
  readonly tables: readonly Table[]
}

export function protocolOf(manifest: Manifest, {protocol, findings, words}: {readonly protocol: Protocol; readonly findings: Findings; readonly words: Words}): ProtocolDocument {
  const {name, namespace} = manifest.export
  const {period} = manifest
  const {tables} = words
  const days = words.days(words.day(period.start), words.day(lastDay(period)))
  return {
    language: words.tag,
    title: words.title(`${namespace}/${name}`, days),
    facts: factsOf(manifest, protocol, words, days),
    tables: [
      table(tables.files, manifest.files.map((file) => [file.name, grouped(file.rows), grouped(file.bytes), file.sha256]), [1, 2], words),
      table(tables.datasets, manifest.datasets.map(({dataset, rows, skipped}) => [dataset, grouped(rows), grouped(skipped)]), [1, 2], words),
      table(tables.totals, manifest.totals.map(({currency, side, count, sum}) => [currency, words.sides[side], grouped(count), amount(sum, words)]), [2, 3], words),
      ...protocol.tables.map((each) => amountTable(each, words)),
      table(tables.notes, manifest.notes.map(({rule, count}) => [rule, grouped(count)]), [1], words),
      notesTable(manifest, findings.notes(), words),
    ].filter(({rows}) => rows.length > 0),
  }
}

function factsOf(manifest: Manifest, {first, last}: Protocol, words: Words, days: string): [string, string][] {
  const facts: [Fact, string | undefined][] = [
    ['format', manifest.format],
    ['period', `${days} (${manifest.timeZone})`],
    ['run', words.run(words.word(manifest.trigger), instant(manifest.scheduledTime, manifest, words))],
    ['exportId', manifest.exportId],
    ['revision', String(manifest.revision)],
    ['snapshot', instant(manifest.snapshotTime, manifest, words)],
    ['rows', grouped(manifest.rows)],
    ['compared', manifest.controlled ? words.controlled : words.compared],
    ['first', first && documentText(first, words)],
    ['last', last && documentText(last, words)],
    ['program', `scheduled-export ${manifest.program}`],
    ['source', manifest.sourceSha256],
  ]
  return facts.flatMap(([fact, value]) => (value === undefined ? [] : [[words.facts[fact], value]]))
}

/** As the clock on the wall showed it, for the period is one of local days; UTC is in the manifest. */
function instant(utc: string, {timeZone}: Manifest, words: Words): string {
  const local = formatLocal(new Date(utc), timeZone)
  return `${words.day(local.slice(0, 10))} ${local.slice(11, 19)} (UTC${local.slice(19).replace('Z', '')})`
}

function documentText({row, number, date}: DocumentRef, words: Words): string {
  return words.document(number === '' ? undefined : visible(number), visible(words.day(date)), grouped(row))
}

/** With a line that adds up the others, one a currency, where all of them are there. */
function amountTable({title, lines, more = 0}: ProtocolTable, words: Words): Table {
  const [, key = title, rest = ''] = /^(.*?)( \(.*\))?$/.exec(title) ?? []
  const shown = lines.slice(0, MAX_LINES)
  const left = lines.length - shown.length + more
  const sums = left > 0 ? [] : sumsOf(lines, words.sum)
  const rows = [...shown, ...sums].map(({key: name, currency, count, debit, credit}) => [visible(words.word(name)), visible(currency), grouped(count), amount(debit, words), amount(credit, words)])
  // The key of the table by currency is the currency: once is enough.
  const from = key === 'Currency' ? 1 : 0
  return {
    title: words.by(words.word(key)) + rest,
    headings: [words.word(key), ...words.amounts].slice(from),
    rows: rows.map((row) => row.slice(from)),
    numeric: [2 - from, 3 - from, 4 - from],
    sums: sums.length,
    ...remarkOf(left, words),
  }
}

/** None where there is one line alone. */
function sumsOf(lines: readonly ProtocolLine[], key: string): ProtocolLine[] {
  const currencies = [...new Set(lines.map(({currency}) => currency))]
  if (lines.length === currencies.length) return []
  return currencies.map((currency) => {
    const own = lines.filter((line) => line.currency === currency)
    const sum = (side: 'debit' | 'credit'): string => addDecimals(own.map((line) => line[side]))
    return {key, currency, count: own.reduce((count, line) => count + line.count, 0), debit: sum('debit'), credit: sum('credit')}
  })
}

function table([title, ...headings]: readonly [title: string, ...headings: string[]], rows: readonly (readonly string[])[], numeric: readonly number[], words: Words): Table {
  return {title, headings, rows: rows.slice(0, MAX_LINES), numeric, ...remarkOf(rows.length - MAX_LINES, words)}
}

/** Which rows were left out, say, by the ledger's own key where there is one: nobody counts rows in a query. */
function notesTable({notes}: Manifest, kept: readonly Finding[], words: Words): Table {
  const [title, ...headings] = words.tables.notesByRow
  const all = notes.reduce((sum, {count}) => sum + count, 0)
  return {title, headings, rows: kept.map((note) => [visible(note.key?.value ?? ''), sentenceOf(note)]), numeric: [], ...remarkOf(all - kept.length, words)}
}

function remarkOf(left: number, words: Words): Pick<Table, 'remark'> {
  return left > 0 ? {remark: words.moreLines(grouped(left))} : {}
}

/** "1234567.89" as "1 234 567.89": a narrow no-break space is understood in every language. */
function amount(text: string, {decimalSign}: Words): string {
  const [whole = '', decimals] = text.split('.')
  return decimals === undefined ? grouped(whole) : `${grouped(whole)}${decimalSign}${decimals}`
}

/** Control characters, line separators, and what turns the direction of writing. */
const INVISIBLE = /[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/g
const MOST_CHARACTERS = 100

/** A text of the rows that stays on its line, and in its place. */
function visible(text: string): string {
  const characters = Array.from(text)
  const cut = characters.length > MOST_CHARACTERS ? `${characters.slice(0, MOST_CHARACTERS).join('')}…` : text
  return cut.replace(INVISIBLE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

function grouped(digits: string | number): string {
  return String(digits).replace(/\B(?=(\d{3})+$)/g, '\u202F')
}
