// One attempt with its real adapters: CSV files in, a folder out.
import {mkdir, mkdtemp, readFile, readdir, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {Manifest} from '../../crds/run.ts'
import type {ScheduledExportSpecInput} from '../../crds/spec.ts'
import type {KeepReport} from '../destinations/check.ts'
import type {Published} from '../destinations/types.ts'
import {redactor} from '../redact.ts'
import {BOOKING_COLUMNS, bookingLine, bookingsCsv, csvExport} from '../testing/exports.ts'
import {connectAdapters} from './connect.ts'
import {executeAttempt} from './execute.ts'
import {identifyRun} from './identify.ts'

const NOW = new Date('2026-11-01T05:00:10Z')
const JOB = 'datev-monthly-29891820'
let root: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'execute-'))
  await mkdir(join(root, 'in'))
  await mkdir(join(root, 'out'))
})
afterEach(() => rm(root, {recursive: true}))

interface Options {
  readonly spec?: Partial<ScheduledExportSpecInput>
  readonly check?: KeepReport
}

async function attempt(csv: string, {spec = {}, check}: Options = {}): Promise<Published> {
  await writeFile(join(root, 'in', 'bookings.csv'), csv)
  const frozen = csvExport(spec)
  const identity = identifyRun({frozen, jobName: JOB, jobUid: 'uid', override: undefined, known: undefined, now: NOW})
  const mounts = {source: join(root, 'in'), destination: join(root, 'out'), documents: join(root, 'in')}
  const adapters = await connectAdapters({frozen, identity, secrets: {}, mounts, redact: redactor([]), allowedPrivateEndpoints: [], now: () => NOW, ...(check && {check})})
  return executeAttempt({frozen, identity, adapters, programVersion: '1.2.3', signal: new AbortController().signal, progress: () => undefined})
}

/** Every file below the destination, staging folders left out. */
async function files(): Promise<string[]> {
  const entries = await readdir(join(root, 'out'), {recursive: true, withFileTypes: true})
  const paths = entries.filter((entry) => entry.isFile()).map(({parentPath, name}) => join(parentPath, name).slice(root.length + 5))
  return paths.filter((path) => !path.startsWith('.scheduled-export/')).toSorted()
}

const EXPORT_FILES = [
  'datev/EXTF_Buchungsstapel_202610_001.csv',
  'datev/datev-monthly_2026-10.manifest.json',
  'datev/datev-monthly_2026-10.protocol.html',
  'datev/datev-monthly_2026-10.protocol.txt',
]

describe('an attempt that goes well', () => {
  it('publishes file, protocol and a manifest that says what was read, from where and by whom', async () => {
    const {manifest} = await attempt(bookingsCsv(40))
    expect(await files()).toEqual(EXPORT_FILES)
    const found = Manifest.parse(JSON.parse(await readFile(join(root, 'out', EXPORT_FILES[1]!), 'utf8')))
    expect(found).toEqual(manifest)
    expect(found).toMatchObject({
      rows: 40,
      program: '1.2.3',
      snapshotTime: '2026-11-01T05:00:10.000Z',
      sourceSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      controlled: false,
      datasets: [{dataset: 'bookings', rows: 40, skipped: 0}],
      protocol: [{name: 'datev-monthly_2026-10.protocol.txt'}, {name: 'datev-monthly_2026-10.protocol.html'}],
    })
    expect(await readFile(join(root, 'out', EXPORT_FILES[3]!), 'utf8')).toContain(found.files[0]!.sha256)
  })

  it('says the same source by the same hash, and another one by another', async () => {
    const first = await attempt(bookingsCsv(1))
    await rm(join(root, 'out'), {recursive: true})
    await mkdir(join(root, 'out'))
    expect((await attempt(bookingsCsv(2))).manifest.sourceSha256).toBe(first.manifest.sourceSha256)
    await rm(join(root, 'out'), {recursive: true})
    await mkdir(join(root, 'out'))
    const csv = {claimName: 'other', datasets: {bookings: {path: 'bookings.csv'}}}
    expect((await attempt(bookingsCsv(1), {spec: {source: {csv}}})).manifest.sourceSha256).not.toBe(first.manifest.sourceSha256)
  })
})

const BAD_ROWS = [BOOKING_COLUMNS, bookingLine(1), bookingLine(2).replace('2.50', '0.00'), bookingLine(3).replace('RE-3', 'RE 3 canary'), ''].join('\n')

describe('an attempt with wrong values', () => {
  it('publishes nothing but the list of all of them, which its fault names', async () => {
    const fault: unknown = await attempt(BAD_ROWS).catch((error: unknown) => error)
    expect(fault).toMatchObject({code: 'RowsRefused', message: expect.stringContaining('2 values were refused: bookings row 2')})
    const [list, ...others] = await files()
    expect(others).toEqual([])
    expect(list).toMatch(/^datev\/errors\/[0-9a-f-]{36}\.csv$/)
    const text = await readFile(join(root, 'out', list!), 'utf8')
    expect(text.split('\r\n')).toHaveLength(4)
    expect(text).toContain('RE 3 canary')
    expect(String(fault)).not.toContain('canary')
    expect(String(fault)).toContain(`volume://exports/${list}`)
  })

  it('stops at spec.maxErrors, and says that there may be more', async () => {
    await expect(attempt(BAD_ROWS, {spec: {maxErrors: 1}})).rejects.toMatchObject({code: 'AmountIsZero', message: expect.stringContaining('as many as spec.maxErrors allows')})
  })

  it('replaces the list of an earlier attempt', async () => {
    await expect(attempt(BAD_ROWS)).rejects.toThrow('2 values')
    await expect(attempt([BOOKING_COLUMNS, bookingLine(1).replace('1.50', '0.00')].join('\n'))).rejects.toThrow('one value')
    const [list, ...others] = await files()
    expect(others).toEqual([])
    expect((await readFile(join(root, 'out', list!), 'utf8')).split('\r\n')).toHaveLength(3)
  })
})

/** Rows of a CSV file as Germany writes it, 37 cells of which are wrong: in every third row one, of kinds in turn. */
const WRONG = [
  {column: 'amount', value: '1.5', rule: 'NotANumber'},
  {column: 'document_date', value: '31.02.2026', rule: 'NotADate'},
  // Of these the format knows, not the source.
  {column: 'contra_account', value: 'canary', rule: 'NotAnAccount'},
  {column: 'currency', value: 'ZZZ', rule: 'UnknownCode'},
]
const HEADING = BOOKING_COLUMNS.split(',')

function germanRow(n: number, wrong?: {column: string; value: string}): string {
  const row = new Map(HEADING.map((name, index) => [name, [`${n},50`, 'S', 'EUR', '1200', '8400', '15.10.2026', `RE-${n}`, 'Rechnung'][index]!]))
  if (wrong !== undefined) row.set(wrong.column, wrong.value)
  return [...row.values()].join(';')
}

const GERMAN: Partial<ScheduledExportSpecInput> = {
  source: {
    csv: {
      claimName: 'inbox',
      delimiter: ';',
      decimalSign: ',',
      thousandsSeparator: '.',
      dateFormat: 'DD.MM.YYYY',
      datasets: {bookings: {path: 'bookings.csv', columns: [{name: 'amount', type: 'numeric'}, {name: 'document_date', type: 'date'}]}},
    },
  },
}

/** The fields of each line of the list of errors, which is all that there is. */
async function listed(): Promise<string[][]> {
  const [path, ...others] = await files()
  expect(others).toEqual([])
  const text = await readFile(join(root, 'out', path!), 'utf8')
  return text.trim().split('\r\n').slice(1).map((line) => [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? ''))
}

describe('an attempt with values that the source cannot read', () => {
  const expected = Array.from({length: 37}, (_, index) => ({row: 3 * index + 1, ...WRONG[index % WRONG.length]!}))
  const wrongRows = new Map(expected.map((each) => [each.row, each]))
  const file = [BOOKING_COLUMNS.replaceAll(',', ';'), ...Array.from({length: 37 * 3}, (_, index) => germanRow(index + 1, wrongRows.get(index + 1)))]

  it('lists them together with those that the format finds, in the order of the rows', async () => {
    await expect(attempt(file.join('\n'), {spec: GERMAN})).rejects.toMatchObject({
      code: 'RowsRefused',
      message: expect.stringMatching(/^37 values were refused: bookings row 1 \(bookings\.csv, line 2\), column amount: must be a number such as 1\.234,56 .*\[NotANumber\]; bookings row 4 \(bookings\.csv, line 5\), column document_date: /),
    })
    const found = await listed()
    expect(found.map(([, row, , , column, rule, value]) => ({row: Number(row), column: column!.split(' ')[0], rule, value: JSON.parse(value!)}))).toEqual(expected)
    expect(found[0]!.at(-1)).toBe('bookings.csv, line 2')
  })

  it('lists as many as spec.maxErrors, the first ones, whoever finds them', async () => {
    await expect(attempt(file.join('\n'), {spec: {...GERMAN, maxErrors: 10}})).rejects.toThrow('10 values were refused (as many as spec.maxErrors allows')
    expect((await listed()).map(([, row]) => Number(row))).toEqual(expected.slice(0, 10).map(({row}) => row))
  })

  it('lists what stands before a quote that is never closed, and that one', async () => {
    await expect(attempt([...file, '1,50;"S;EUR', germanRow(1)].join('\n'), {spec: GERMAN})).rejects.toThrow('38 values were refused')
    expect((await listed()).at(-1)).toEqual(['bookings', '112', '', '', '', 'CsvInvalid', '', 'the quote that begins here is never closed', '', 'bookings.csv, line 113'])
  })

  it('lists what stands before a fault that ends the pass', async () => {
    await expect(attempt(`${file.join('\n')}\n1,50;S;EUR;${'x'.repeat(1 << 20)}`, {spec: GERMAN})).rejects.toThrow('38 values were refused')
    const customers: Partial<ScheduledExportSpecInput> = {
      source: {csv: {...GERMAN.source!.csv!, datasets: {...GERMAN.source!.csv!.datasets, customers: {path: 'missing.csv'}}}},
      format: {csv: {datasets: [{dataset: 'bookings'}, {dataset: 'customers'}]}},
    }
    await expect(attempt(file.join('\n'), {spec: customers})).rejects.toMatchObject({
      code: 'RowsRefused',
      message: expect.stringMatching(/^19 values were refused: .*; then nothing more could be read: dataset customers: there is no file missing\.csv on the volume \[FileNotFound\]\. All of them/),
    })
    expect(await listed()).toHaveLength(19)
  })

  it('publishes the file once they are right', async () => {
    const right = [file[0]!, ...Array.from({length: 111}, (_, index) => germanRow(index + 1))].join('\n')
    expect((await attempt(right, {spec: GERMAN})).manifest).toMatchObject({rows: 111})
  })
})

describe('a period without a row', () => {
  it('is completed by a manifest and a protocol alone', async () => {
    expect((await attempt(`${BOOKING_COLUMNS}\n`)).manifest).toMatchObject({rows: 0, files: []})
    expect(await files()).toEqual(EXPORT_FILES.slice(1))
  })

  it('fails the run where the spec says so', async () => {
    await expect(attempt(`${BOOKING_COLUMNS}\n`, {spec: {onEmpty: 'Fail'}})).rejects.toMatchObject({code: 'NoRows', transient: false})
    expect(await files()).toEqual([])
  })
})

describe('a check', () => {
  it('counts and hashes what a run would publish, and leaves nothing', async () => {
    const checked = await attempt(bookingsCsv(40), {check: () => Promise.reject(new Error('nothing to report'))})
    expect(await files()).toEqual([])
    const published = await attempt(bookingsCsv(40))
    expect(checked.manifest.files).toEqual(published.manifest.files)
    expect(checked.files.map(({uri}) => uri)).toEqual(['check:EXTF_Buchungsstapel_202610_001.csv'])
  })

  it('hands the list of errors to who asked', async () => {
    const reports: string[] = []
    const check: KeepReport = async (name, bytes) => {
      reports.push(Buffer.from(bytes).toString())
      return `/somewhere/${name}`
    }
    await expect(attempt(BAD_ROWS, {check})).rejects.toMatchObject({message: expect.stringMatching(/: \/somewhere\/errors\/[0-9a-f-]+\.csv$/)})
    expect(reports).toHaveLength(1)
    expect(await files()).toEqual([])
  })
})
