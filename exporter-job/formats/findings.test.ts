import {describe, expect, test} from 'vitest'
import {FindingsFull, RowsRefused, createFindings, findingsCsv} from './findings.ts'
import type {Finding} from './findings.ts'

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

  test('count every note and keep the first thousand', () => {
    const findings = createFindings(1)
    for (let row = 1; row <= 1_500; row++) findings.note(finding(row, {rule: row % 3 === 0 ? 'Skipped' : 'SpreadsheetFormula'}))
    expect(findings.noteCounts()).toEqual([{rule: 'Skipped', count: 500}, {rule: 'SpreadsheetFormula', count: 1_000}])
    expect(findings.notes()).toHaveLength(1_000)
    expect(findings.errors()).toEqual([])
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
})

describe('the list', () => {
  test('is CSV that a spreadsheet opens and runs nothing of', () => {
    const bad = finding(17, {key: {column: 'booking_id', value: '4711'}, value: '=cmd|"x"!A1\n', detail: 'holds U+000A'})
    expect(findingsCsv([bad, finding(18, {value: undefined as never})])).toBe(
      '\uFEFFdataset,row,key column,key,column,rule,value,what would be right,detail\r\n' +
        String.raw`bookings,17,booking_id,"""4711""","amount (Umsatz, 1)",AmountIsZero,"""=cmd|\""x\""!A1\n""","must be greater than 0,00",holds U+000A` +
        '\r\nbookings,18,,,"amount (Umsatz, 1)",AmountIsZero,NULL,"must be greater than 0,00",\r\n',
    )
  })
})
