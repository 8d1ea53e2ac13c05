// The examples for csv, ndjson and gobd, run as they are: the sample ledger in a real PostgreSQL, files in a folder, read back by readers that
// know nothing of the encoders.
import {execFile} from 'node:child_process'
import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {promisify} from 'node:util'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {all, readXml, requireStandard, textAt} from '../../../exporter-job/formats/gobd/testing/read-xml.ts'
import {decode, readCsv} from '../../../exporter-job/formats/tables/testing/rfc4180.ts'
import {startLedger} from '../../support/ledger.ts'
import type {Exported, ExportedLedger} from '../../support/ledger.ts'

interface Result {
  readonly phase: string
  readonly rows: number
  readonly totals: readonly {readonly side: string; readonly sum: string; readonly count: number}[]
}

let ledger: ExportedLedger

beforeAll(async () => {
  ledger = await startLedger()
})
afterAll(() => ledger?.stop())

async function exportExample(example: string, period: string): Promise<Exported & {readonly result: Result}> {
  const exported = await ledger.exportExample(example, period)
  return {...exported, result: exported.result as Result}
}

async function query(sql: string): Promise<Record<string, unknown>> {
  return (await ledger.server.query(sql))[0]!
}

const OCTOBER = "BETWEEN '2026-10-01' AND '2026-10-31'"

test('csv-monthly.yaml has every booking of the month, to the cent', async () => {
  const {result, names, read} = await exportExample('csv-monthly.yaml', '2026-10')
  expect(names).toEqual(['buchungen_2026-10.csv'])
  const [heading, ...rows] = readCsv(decode(await read(names[0]!), 'utf-8').replace(/^\uFEFF/, ''), ';', '\r\n')
  expect(heading!.map(({text}) => text).slice(0, 6)).toEqual(['Belegdatum', 'Belegnummer', 'Konto', 'Gegenkonto', 'Soll/Haben', 'Betrag'])
  const cents = rows.map((row) => BigInt(row[5]!.text.replace(',', ''))).reduce((sum, amount) => sum + amount, 0n)
  const {count, total} = await query(`SELECT count(*)::int AS count, (100 * sum(amount))::bigint::text AS total FROM bookings WHERE document_date ${OCTOBER}`)
  expect([result.phase, result.rows, rows.length, String(cents)]).toEqual(['Completed', count, count, total])
  expect(rows.every((row) => /^\d\d\.10\.2026$/.test(row[0]!.text))).toBe(true)
})

test('ndjson-monthly.yaml has the journal, which balances, and agrees with its control query', async () => {
  const {result, names, read} = await exportExample('ndjson-monthly.yaml', '2026-10')
  expect(names).toEqual(['cost_centers_2026-10.ndjson', 'customers_2026-10.ndjson', 'journal_lines_2026-10.ndjson'])
  const lines = (await read('journal_lines_2026-10.ndjson')).toString().trimEnd().split('\n').map((line) => JSON.parse(line) as Record<string, string>)
  const {debit} = await query(`SELECT sum(debit)::text AS debit FROM journal_lines_for_export WHERE posting_date ${OCTOBER}`)
  expect(result.totals.map(({side, sum}) => [side, sum])).toEqual([['S', debit], ['H', debit]])
  const sumOf = (key: string): bigint => lines.reduce((sum, line) => sum + BigInt((line[key] ?? '0.00').replace('.', '')), 0n)
  expect(sumOf('debit')).toBe(sumOf('credit'))
})

describe('gobd-yearly.yaml', () => {
  test('has an index.xml by the description standard, and every file as it says', async () => {
    const {names, read} = await exportExample('gobd-yearly.yaml', '2026')
    expect(names).toEqual(['accounts.csv', 'customers.csv', 'index.xml', 'journal_lines.csv', 'suppliers.csv', 'tax_codes.csv'])
    const {root} = readXml((await read('index.xml')).toString())
    requireStandard(root)
    const media = root.children.find(({name}) => name === 'Media')!
    for (const table of all(media, 'Table')) {
      const columns = table.children.at(-1)!.children.filter(({name}) => name === 'VariablePrimaryKey' || name === 'VariableColumn')
      const [heading, ...rows] = readCsv(decode(await read(textAt(table, 'URL')!), 'utf-8'), ';', '\r\n')
      expect(heading!.map(({text}) => text)).toEqual(columns.map((column) => textAt(column, 'Name')))
      expect(rows.length).toBeGreaterThan(0)
      for (const [index, column] of columns.entries()) {
        const decimals = textAt(column, 'Numeric', 'Accuracy')
        const pattern = decimals === undefined ? new RegExp(`^[^]{0,${textAt(column, 'MaxLength') ?? 10}}$`, 'u') : new RegExp(`^(-?\\d+(,\\d{1,${decimals}})?)?$`)
        expect(rows.filter((row) => !pattern.test(row[index]!.text))).toEqual([])
      }
    }
  }, 120_000)

  test('is XML to a foreign reader, too, where there is one', async (context) => {
    const {folder, read} = await exportExample('gobd-yearly.yaml', '2026')
    const path = join(folder, 'copy.xml')
    await writeFile(path, await read('index.xml'))
    const linted = await promisify(execFile)('xmllint', ['--noout', '--nonet', path]).catch((error: NodeJS.ErrnoException) => error)
    if ('code' in linted && linted.code === 'ENOENT') context.skip('there is no xmllint (Debian: libxml2-utils)')
    expect(linted).toMatchObject({stderr: ''})
  })
})
