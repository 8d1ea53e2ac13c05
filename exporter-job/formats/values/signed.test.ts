import * as fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import type {Cursor} from './cursor.ts'
import {encodeSigned, readCents, writeCents} from './signed.ts'

function cursorOf(text: string): Cursor {
  return {source: Buffer.from(`${text}\t`), from: 0, to: Buffer.byteLength(text), out: new Uint8Array(64), at: 0, number: 0}
}

function written({out, at}: Cursor): string {
  return Buffer.from(out.subarray(0, at)).toString()
}

describe('an amount', () => {
  test.each([
    ['0', 0],
    ['-0.00', 0],
    ['12', 1200],
    ['12.5', 1250],
    ['-12.34', -1234],
    ['0012.340000', 1234],
    ['9999999999999.99', 999_999_999_999_999],
  ])('%s is %i cents', (text, cents) => {
    const cursor = cursorOf(text)
    expect(readCents(cursor)).toBeUndefined()
    expect(cursor.number).toBe(cents)
  })

  test.each([
    ['10000000000000', 'TooManyDigits'],
    ['1.001', 'TooManyDecimals'],
    ['1,00', 'NotANumber'],
    ['1.', 'NotANumber'],
    ['.5', 'NotANumber'],
    ['--1', 'NotANumber'],
    ['-', 'NotANumber'],
    ['1e3', 'NotANumber'],
    ['NaN', 'NotANumber'],
    ['٣', 'NotANumber'],
    ['1 ', 'NotANumber'],
  ])('%s is refused: %s', (text, rule) => {
    expect(readCents(cursorOf(text))).toBe(rule)
  })

  test('is written as it was read', () => {
    fc.assert(
      fc.property(fc.integer({min: -999_999_999_999_999, max: 999_999_999_999_999}), (cents) => {
        const cursor = cursorOf('')
        writeCents(cursor, cents)
        const back = cursorOf(written(cursor))
        expect(readCents(back)).toBeUndefined()
        expect(back.number).toBe(cents)
        expect(written(cursor)).toMatch(/^-?(0|[1-9]\d*)\.\d\d$/)
      }),
      {numRuns: 500},
    )
  })
})

describe('a rate', () => {
  test.each([
    ['25', '25'],
    ['025.500', '25.500'],
    ['12.50000', '12.5000'],
    ['-1.5', '-1.5'],
  ])('%s is written as %s', (text, expected) => {
    const cursor = cursorOf(text)
    expect(encodeSigned(cursor, {max: 4, decimals: 4})).toBeUndefined()
    expect(written(cursor)).toBe(expected)
  })

  test.each([
    ['12345', 'TooManyDigits'],
    ['1.00001', 'TooManyDecimals'],
    ['1.', 'NotANumber'],
    ['', 'NotANumber'],
    ['1.2.3', 'NotANumber'],
  ])('%s is refused: %s', (text, rule) => {
    expect(encodeSigned(cursorOf(text), {max: 4, decimals: 4})).toBe(rule)
  })
})
