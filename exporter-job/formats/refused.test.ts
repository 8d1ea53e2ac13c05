// What a source cannot read is said once, whichever format reads on: its own findings of the same, and those that follow from it, are not.
import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, expect, test} from 'vitest'
import {BmdFormat} from '../../crds/formats/bmd.ts'
import {CsvFormat} from '../../crds/formats/csv.ts'
import {GobdFormat} from '../../crds/formats/gobd.ts'
import {NdjsonFormat} from '../../crds/formats/ndjson.ts'
import {NdjsonSource} from '../../crds/sources/ndjson.ts'
import {readingInput} from '../run/reconcile.ts'
import {createNdjsonSource} from '../sources/ndjson.ts'
import {booking, share} from './bmd/testing/booking.ts'
import {createBmdFormat} from './bmd/format.ts'
import {createCsvFormat} from './csv/format.ts'
import {createFindings} from './findings.ts'
import type {Finding} from './findings.ts'
import {createGobdFormat} from './gobd/format.ts'
import {createNdjsonFormat} from './ndjson/format.ts'
import {createSaftFormat} from './saft/format.ts'
import {sampleLedger} from './saft/testing/ledger.ts'
import {NORWEGIAN} from './saft/testing/norway.ts'
import {specOf} from './saft/testing/write.ts'
import type {Row} from './testing/dataset.ts'
import {contextOf, memorySink} from './testing/memory-sink.ts'
import type {Format} from './types.ts'

let mount: string
beforeEach(async () => {
  mount = await mkdtemp(join(tmpdir(), 'refused-'))
})
afterEach(() => rm(mount, {recursive: true}))

type Datasets = Readonly<Record<string, readonly Row[]>>

const NUMBERS = /^(amount|tax_amount|cost_amount|debit|credit|opening_debit)$/

/** Writes the datasets as files; `lines` changes those of one of them. */
async function find(format: Format, datasets: Datasets, {dataset, lines}: {dataset: string; lines: (lines: string[]) => void}): Promise<readonly Finding[]> {
  const declared: Record<string, object> = {}
  for (const [name, rows] of Object.entries(datasets)) {
    const texts = rows.map((row) => JSON.stringify(row))
    if (name === dataset) lines(texts)
    await writeFile(join(mount, name), texts.join('\n'))
    const keys = [...new Set(rows.flatMap((row) => Object.keys(row)))]
    declared[name] = {path: name, columns: keys.map((key) => ({name: key, type: NUMBERS.test(key) ? 'numeric' : /date/.test(key) ? 'date' : 'text'}))}
  }
  const source = NdjsonSource.parse({claimName: 'inbox', datasets: declared})
  const paths = Object.fromEntries(Object.keys(datasets).map((name) => [name, name]))
  const findings = createFindings(100)
  await using snapshot = await createNdjsonSource(source, {mount, paths, now: () => new Date()}).snapshot(new AbortController().signal, findings)
  const reading = readingInput(snapshot, {spec: {ndjson: source}, findings})
  const result = await format.write(reading.input, memorySink(), contextOf({findings}))
  // Refused or not, every row is counted once by both sides.
  const handedOut = new Map(reading.opened().map(([name, opened]) => [name, opened.rowCount()]))
  expect(new Map(result.datasets.map(({dataset: name, written, skipped}) => [name, written + skipped]))).toEqual(handedOut)
  return findings.errors()
}

const LEDGER: Datasets = {...sampleLedger(NORWEGIAN)}
const BOOKINGS: Datasets = {bookings: [booking(), booking({document_number: 'R2'}), share('60.00', {document_number: 'R2'}), share('40.00', {document_number: 'R2'}), booking({document_number: 'R3'})]}

const FORMATS: readonly (readonly [string, Format, Datasets, string])[] = [
  ['saft', createSaftFormat(specOf()), LEDGER, 'debit'],
  ['gobd', createGobdFormat(GobdFormat.parse({supplier: {name: 'A', location: 'B', comment: 'C'}})), LEDGER, 'debit'],
  ['bmd', createBmdFormat(BmdFormat.parse({})), BOOKINGS, 'amount'],
  ['csv', createCsvFormat(CsvFormat.parse({})), BOOKINGS, 'amount'],
  ['ndjson', createNdjsonFormat(NdjsonFormat.parse({})), BOOKINGS, 'amount'],
]

test.each(FORMATS)('%s finds nothing in rows that are right', async (_name, format, datasets) => {
  expect(await find(format, datasets, {dataset: '', lines: () => undefined})).toEqual([])
})

test.each(FORMATS)('%s says nothing besides of a number that is none', async (_name, format, datasets, column) => {
  const dataset = datasets === LEDGER ? 'journal_lines' : 'bookings'
  const found = await find(format, datasets, {dataset, lines: (lines) => void (lines[1] = lines[1]!.replace(new RegExp(`"${column}":("[^"]*"|null)`), `"${column}":"zwölf"`))})
  expect(found).toMatchObject([{dataset, row: 2, column, rule: 'NotANumber', value: 'zwölf', place: `${dataset}, line 2`}])
})

test.each(FORMATS)('%s says nothing besides of rows that cannot be read, nor of others for their sake', async (_name, format, datasets) => {
  const dataset = datasets === LEDGER ? 'journal_lines' : 'bookings'
  const found = await find(format, datasets, {dataset, lines: (lines) => [0, 1, 3].forEach((index) => (lines[index] = lines[index]!.slice(0, -5)))})
  expect(found).toMatchObject([1, 2, 4].map((row) => ({dataset, row, column: '', rule: 'JsonInvalid'})))
})

function cutFirst(lines: string[]): void {
  lines[0] = lines[0]!.slice(0, -5)
}

function writeComma(lines: string[]): void {
  lines[0] = lines[0]!.replace(/"opening_debit":("[^"]*"|null)/, '"opening_debit":"1,5"')
}

test('saft says nothing of lines whose master data cannot be read', async () => {
  expect(await find(createSaftFormat(specOf()), LEDGER, {dataset: 'accounts', lines: cutFirst})).toMatchObject([{dataset: 'accounts', row: 1, rule: 'JsonInvalid'}])
  expect(await find(createSaftFormat(specOf()), LEDGER, {dataset: 'accounts', lines: writeComma})).toMatchObject([{dataset: 'accounts', row: 1, rule: 'NotANumber', value: '1,5'}])
})
