import {describe, expect, test} from 'vitest'
import {PermanentFault} from '../errors.ts'
import {FindingsFull, RowsRefused, createFindings, findingsCsv} from './findings.ts'
import type {Finding, Refusal} from './findings.ts'

function finding(row: number, overrides: Partial<Finding> = {}): Finding {
  return {dataset: 'bookings', row, column: 'amount (Umsatz, 1)', rule: 'AmountIsZero', right: 'must be greater than 0,00', value: '0.00', ...overrides}
}

describe('findings', () => {
  test('end the pass with the error that fills them', () => {
    const findings = createFindings(2)
    findings.error(finding(1))
    expect(() => findings.error(finding(2))).toThrow(FindingsFull)
    expect(findings.errors().map(({row}) => row)).toEqual([1, 2])
  })

  test('hold as much of a long value as a person needs, and say how long it is', () => {
    const findings = createFindings(10)
    const value = 'ä'.repeat(1 << 20)
    findings.error(finding(1, {value, key: {column: 'booking_id', value}}))
    findings.refuse(refusal(2, {value}))
    findings.note(finding(3, {value}))
    const held = `${'ä'.repeat(1_000)}… (1048576 characters)`
    expect(findings.errors()).toMatchObject([{value: held, key: {value: held}}, {value: held}])
    expect(findings.notes()).toMatchObject([{value: held}])
  })

  test('count every note and keep the first thousand of each rule', () => {
    const findings = createFindings(1)
    for (let row = 1; row <= 2_400; row++) findings.note(finding(row, {rule: row % 3 === 0 ? 'Skipped' : 'SpreadsheetFormula'}))
    expect(findings.noteCounts()).toEqual([{rule: 'Skipped', count: 800}, {rule: 'SpreadsheetFormula', count: 1_600}])
    expect(findings.notes().filter(({rule}) => rule === 'Skipped')).toHaveLength(800)
    expect(findings.notes()).toHaveLength(1_800)
    expect(findings.errors()).toEqual([])
  })
})

function refusal(row: number, overrides: Partial<Refusal> = {}): Refusal {
  return {dataset: 'bookings', row, column: 'amount (Betrag)', rule: 'NotANumber', right: 'must be a number', covers: {column: 'amount'}, ...overrides}
}

describe('what the source could not read', () => {
  test('stands among what the format finds, by row, and is not said again', () => {
    const findings = createFindings(10)
    findings.refuse(refusal(2))
    findings.refuse(refusal(5, {column: '', rule: 'CsvInvalid', covers: 'row'}))
    findings.refuse(refusal(6, {column: '', rule: 'CsvInvalid', covers: 'nothing'}))
    findings.error(finding(1))
    findings.error(finding(2, {rule: 'NotANumber'}))
    findings.error(finding(2, {column: 'amount_2 (Basis, 5)'}))
    findings.error(finding(5))
    findings.error(finding(5, {column: 'text'}))
    findings.error(finding(6))
    findings.error(finding(2, {dataset: 'journal_lines'}))
    expect(findings.errors().map(({dataset, row, column, rule}) => `${dataset} ${row} ${column} ${rule}`)).toEqual([
      'bookings 1 amount (Umsatz, 1) AmountIsZero',
      'bookings 2 amount (Betrag) NotANumber',
      'bookings 2 amount_2 (Basis, 5) AmountIsZero',
      'bookings 5  CsvInvalid',
      'bookings 6  CsvInvalid',
      'bookings 6 amount (Umsatz, 1) AmountIsZero',
      'journal_lines 2 amount (Umsatz, 1) AmountIsZero',
    ])
    expect(findings.errors().every((each) => !('covers' in each))).toBe(true)
  })

  test('counts for the end of the pass as soon as the format has come there', () => {
    const findings = createFindings(3)
    findings.refuse(refusal(2))
    findings.refuse(refusal(90))
    findings.error(finding(1))
    expect(() => findings.error(finding(3))).toThrow(FindingsFull)
    expect(findings.errors().map(({row}) => row)).toEqual([1, 2, 3])
  })

  test('ends the reading alone, too, and is said once where a dataset is read twice', () => {
    const findings = createFindings(2)
    findings.refuse(refusal(1))
    findings.refuse(refusal(1))
    expect(() => findings.endWhenFull()).not.toThrow()
    expect(() => findings.refuse(refusal(2))).toThrow(FindingsFull)
    expect(() => findings.endWhenFull()).toThrow(FindingsFull)
    expect(findings.errors()).toHaveLength(2)
  })

  test('keeps rules about several rows from being said, which it may have broken itself', () => {
    const findings = createFindings(10)
    findings.error(finding(1, {rule: 'Unbalanced'}))
    findings.refuse(refusal(2))
    findings.error(finding(3, {rule: 'Unbalanced'}))
    findings.error(finding(4, {rule: 'SplitSumDiffers'}))
    findings.error(finding(5))
    expect(findings.errors().map(({row, rule}) => `${row} ${rule}`)).toEqual(['1 Unbalanced', '2 NotANumber', '5 AmountIsZero'])
  })
})

describe('the fault of refused rows', () => {
  test('has the rule for its code where there is only one', () => {
    expect(new RowsRefused([finding(1), finding(9)], {full: false}).code).toBe('AmountIsZero')
    expect(new RowsRefused([finding(1), finding(9, {rule: 'NotADate'})], {full: false}).code).toBe('RowsRefused')
  })

  test('names the first five places and where the list lies, and no value', () => {
    const fault = new RowsRefused(Array.from({length: 8}, (_, index) => finding(index + 1, {value: 'canary', detail: 'canary'})), {full: true, location: 'volume://exports/errors/x.csv'})
    expect(fault.message).toBe(
      '8 values were refused (as many as spec.maxErrors allows; there may be others): ' +
        [1, 2, 3, 4, 5].map((row) => `bookings row ${row}, column amount (Umsatz, 1): must be greater than 0,00 [AmountIsZero]`).join('; ') +
        '; and 3 more. All of them, with their values: volume://exports/errors/x.csv',
    )
    expect(fault.transient).toBe(false)
  })

  test('has room for where the list lies, however long the places are', () => {
    const findings = Array.from({length: 8}, (_, index) => finding(index + 1, {place: `page 1 of https://api.test/${'x'.repeat(1_000)}`}))
    const endedBy = new PermanentFault('HttpTooMuch', 'y'.repeat(1_000))
    const {message} = new RowsRefused(findings, {full: true, location: 'volume://exports/errors/x.csv', endedBy}).toRunError()
    expect(message).toMatch(/^8 values were refused .*bookings row 1 .*…; and 3 more; .*\[HttpTooMuch\]\. All of them, with their values: volume:\/\/exports\/errors\/x\.csv$/)
  })

  test('names the place in the file, and what ended the pass', () => {
    const endedBy = new PermanentFault('HttpTooMuch', 'dataset bookings: there are more than 2 pages (maxPages)')
    const fault = new RowsRefused([finding(1, {place: 'b.csv, line 2'})], {full: false, endedBy})
    expect(fault.message).toBe(
      'one value was refused: bookings row 1 (b.csv, line 2), column amount (Umsatz, 1): must be greater than 0,00 [AmountIsZero]; ' +
        'then nothing more could be read: dataset bookings: there are more than 2 pages (maxPages) [HttpTooMuch]',
    )
    expect(fault.code).toBe('RowsRefused')
  })
})

describe('the list', () => {
  test('is CSV that a spreadsheet opens and runs nothing of', () => {
    const bad = finding(17, {key: {column: 'booking_id', value: '4711'}, value: '=cmd|"x"!A1\n', detail: 'holds U+000A', place: 'b.csv, line 18'})
    expect(findingsCsv([bad, finding(18, {value: undefined as never})])).toBe(
      '\uFEFFdataset,row,key column,key,column,rule,value,what would be right,detail,place\r\n' +
        String.raw`bookings,17,booking_id,"""4711""","amount (Umsatz, 1)",AmountIsZero,"""=cmd|\""x\""!A1\n""","must be greater than 0,00",holds U+000A,"b.csv, line 18"` +
        '\r\nbookings,18,,,"amount (Umsatz, 1)",AmountIsZero,NULL,"must be greater than 0,00",,\r\n',
    )
  })
})
