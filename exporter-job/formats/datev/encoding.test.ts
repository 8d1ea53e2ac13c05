// The encoding of the file, characters that it lacks, and text that a spreadsheet would run.
import {describe, expect, test} from 'vitest'
import type {ScheduledExportSpec} from '../../../crds/spec.ts'
import {transliterations} from '../values/transliterate.ts'
import {contextOf} from '../testing/memory-sink.ts'
import {datasetOf, datasetOfBytes} from '../testing/dataset.ts'
import type {Row} from '../testing/dataset.ts'
import type {WriteOptions} from './testing/booking.ts'
import {booking, nameAt, write} from './testing/booking.ts'

const TEXT = 13

async function textOf(text: string, options: WriteOptions = {}): Promise<string | undefined> {
  const {stacks} = await write(datasetOf([booking({text})]), options)
  return stacks[0]!.rows[0]![TEXT]
}

describe('UTF-8', () => {
  test('begins with a byte order mark, headings included', async () => {
    const {sink, stacks} = await write(datasetOf([booking()]), {spec: {encoding: 'UTF8'}})
    expect(sink.bytes(0).subarray(0, 8).toString('latin1')).toBe('\u00ef\u00bb\u00bf"EXTF')
    expect(stacks[0]!.headings).toContain('Geschäftspartnerbank')
  })

  test.each(['Müller & Söhne "GmbH" €', 'Łódź Москва 東京 🎉', 'ü'.repeat(60), '🎉'.repeat(60), '"'.repeat(60), String.raw`C:\temp\N`, 'ﬁ e\u0301'])('takes %s as it is', async (text) => {
    expect(await textOf(text, {spec: {encoding: 'UTF8', unmappable: 'Transliterate'}})).toBe(text)
  })

  test.each([
    ['ü'.repeat(61), 'TextTooLong'],
    ['🎉'.repeat(61), 'TextTooLong'],
    ['next line \u0085', 'ControlCharacter'],
    ['tab\there', 'ControlCharacter'],
    ['bell\u0007', 'ControlCharacter'],
  ])('refuses %s: %s', async (text, rule) => {
    await expect(textOf(text, {spec: {encoding: 'UTF8'}})).rejects.toMatchObject({code: rule})
  })

  test.each([[0xc3], [0xed, 0xa0, 0x80], [0xc0, 0xaf], [0xf8, 0x80], [0x80]])('refuses bytes that are none: %s', async (...bytes) => {
    const rows = Buffer.concat([Buffer.from(`${Object.values(booking()).join('\t')}\ta`), Buffer.from(bytes), Buffer.from('\n')])
    const dataset = datasetOfBytes(rows, [...Object.keys(booking()), 'text'])
    await expect(write(dataset, {spec: {encoding: 'UTF8'}})).rejects.toMatchObject({code: 'InvalidUtf8'})
  })
})

describe('a character that Windows-1252 lacks', () => {
  test('is written by the table, where the spec says so', async () => {
    expect(await textOf('Łódź "Győr" – ü', {spec: {unmappable: 'Transliterate'}})).toBe('Lódz "Gyor" – ü')
  })

  test('is refused where the table has no entry, and the list names the one that it lacks', async () => {
    const right = 'must hold only characters of Windows-1252 and those that have a transliteration (docs/transliteration.md): replace the others in the query'
    await expect(textOf('Łódź 東京', {spec: {unmappable: 'Transliterate'}})).rejects.toMatchObject({code: 'CharacterNotInWindows1252', findings: [{right, detail: 'holds "東" (U+6771)'}]})
  })

  test('is refused by default, with a hint', async () => {
    await expect(textOf('Łódź')).rejects.toThrow('spec.format.datev.unmappable')
  })
})

interface Formula {
  readonly name: string
  readonly policy: ScheduledExportSpec['spreadsheetFormulas']
  readonly row: Row
  readonly position: number
  readonly written: string
}

const PHONE = {[nameAt(95)]: '+49 30'}

const FORMULAS: readonly Formula[] = [
  {name: 'reports a formula', policy: 'Report', row: {text: '=cmd()'}, position: 14, written: '=cmd()'},
  {name: 'reports a sign', policy: 'Report', row: PHONE, position: 95, written: '+49 30'},
  {name: 'reports a document number', policy: 'Report', row: {document_number: '-1'}, position: 11, written: '-1'},
  {name: 'prefixes a formula', policy: 'Prefix', row: {text: '@SUM(A1)'}, position: 14, written: "'@SUM(A1)"},
  {name: 'prefixes a text as long as the apostrophe allows', policy: 'Prefix', row: {text: '-'.repeat(59)}, position: 14, written: `'${'-'.repeat(59)}`},
]

const REFUSED: readonly (readonly [policy: Formula['policy'], row: Row])[] = [
  ['Prefix', {document_number: '+1'}],
  ['Refuse', {text: '=1+1'}],
  ['Refuse', {document_number: '-7'}],
]

describe.each([{}, {encoding: 'UTF8'}, {unmappable: 'Transliterate'}] as const)('text that a spreadsheet would run, with %o', (spec) => {
  test.each(FORMULAS)('$policy $name', async ({policy, row, position, written}) => {
    const context = contextOf({spreadsheetFormulas: policy})
    const {stacks} = await write(datasetOf([booking(row)]), {context, spec})
    expect(stacks[0]!.rows[0]![position - 1]).toBe(written)
    expect(context.findings.noteCounts()).toEqual([{rule: 'SpreadsheetFormula', count: 1}])
    expect(context.findings.notes()).toMatchObject([{dataset: 'bookings', row: 1, value: Object.values(row)[0]}])
  })

  test.each(REFUSED)('%s refuses %o', async (spreadsheetFormulas, row) => {
    const writing = write(datasetOf([booking(row)]), {context: {spreadsheetFormulas}, spec})
    await expect(writing).rejects.toMatchObject({code: 'SpreadsheetFormula', findings: [{row: 1}]})
  })

  test('one that has no room for the apostrophe is refused', async () => {
    const writing = write(datasetOf([booking({text: `=${'x'.repeat(59)}`})]), {context: {spreadsheetFormulas: 'Prefix'}, spec})
    await expect(writing).rejects.toMatchObject({code: 'TextTooLong'})
  })

  test('is none where the character stands further on', async () => {
    const context = contextOf({spreadsheetFormulas: 'Refuse'})
    const {stacks} = await write(datasetOf([booking({text: ' =1 + 1', document_number: '1-2'})]), {context, spec})
    expect(stacks[0]!.rows[0]![TEXT]).toBe(' =1 + 1')
    expect(context.findings.notes()).toEqual([])
  })
})

describe('a character beyond ASCII that becomes "-" where it is transliterated', () => {
  const spec = {unmappable: 'Transliterate'} as const

  test('at the beginning is a formula as any other', async () => {
    const beginnings = [...transliterations()].filter(([, written]) => /^[=+@-]/.test(written))
    expect(beginnings.length).toBeGreaterThanOrEqual(5)
    for (const [beginning, written] of beginnings) {
      const row = booking({text: `${beginning}2+3`})
      await expect(write(datasetOf([row]), {context: {spreadsheetFormulas: 'Refuse'}, spec})).rejects.toMatchObject({code: 'SpreadsheetFormula'})
      const {stacks} = await write(datasetOf([row]), {context: {spreadsheetFormulas: 'Prefix'}, spec})
      expect(stacks[0]!.rows[0]![TEXT]).toBe(`'${written}2+3`)
      const context = contextOf()
      await write(datasetOf([row]), {context, spec})
      expect(context.findings.noteCounts()).toEqual([{rule: 'SpreadsheetFormula', count: 1}])
    }
  })

  test('further on is none, nor is a dash', async () => {
    const rows = ['E\u2011Mail', '– 5', '€ 5'].map((text) => booking({text}))
    const {stacks} = await write(datasetOf(rows), {context: {spreadsheetFormulas: 'Refuse'}, spec})
    expect(stacks[0]!.rows.map((row) => row[TEXT])).toEqual(['E-Mail', '– 5', '€ 5'])
  })
})
