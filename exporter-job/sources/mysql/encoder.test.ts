// Rows of the text protocol, made here by its rules, read back from COPY text by PostgreSQL's.
import * as fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import type {Refusal} from '../../formats/findings.ts'
import {REFUSE_AT_ONCE, createRowRefusals} from '../refusals.ts'
import {createRowEncoder} from './encoder.ts'
import type {Field, Packet} from './library.ts'

const TEXT = {columnType: 253, columnLength: 400, characterSet: 224}
const BLOB = {columnType: 252, columnLength: 400, characterSet: 63}
const INT = {columnType: 3, columnLength: 11, characterSet: 63}
const FLAG = {columnType: 1, columnLength: 1, characterSet: 63}

function fields(...types: readonly Omit<Field, 'name'>[]): Field[] {
  return types.map((type, index) => ({...type, name: `c${index}`}))
}

/** Protocol::LengthEncodedString, or the byte that stands for NULL. */
function encoded(value: Uint8Array | null): Uint8Array {
  if (value === null) return Buffer.from([0xfb])
  const {length} = value
  const head = Buffer.alloc(length < 251 ? 1 : length < 65_536 ? 3 : 4)
  if (length < 251) head.writeUInt8(length)
  else {
    head.writeUInt8(length < 65_536 ? 0xfc : 0xfd)
    head.writeUIntLE(length, 1, head.length - 1)
  }
  return Buffer.concat([head, value])
}

/** Somewhere in a chunk, other bytes around it. */
function packet(values: readonly (Uint8Array | null)[]): Packet {
  const row = Buffer.concat(values.map(encoded))
  const buffer = Buffer.concat([Buffer.from('\\\t\n around '), row, Buffer.from(' \\\t\n')])
  const offset = buffer.length - row.length - 4
  return {buffer, offset, end: offset + row.length, isEOF: () => false}
}

const NONE_REFUSED = createRowRefusals('bookings', [], REFUSE_AT_ONCE)

function encode(columns: readonly Field[], rows: readonly (readonly (Uint8Array | null)[])[]): string {
  const encoder = createRowEncoder(columns, NONE_REFUSED)
  for (const row of rows) encoder.add(packet(row))
  expect(encoder.used()).toBeGreaterThanOrEqual(rows.length)
  return Buffer.from(encoder.take()).toString()
}

/** COPY's text format as PostgreSQL's manual has it. */
function decode(text: string): (string | null)[][] {
  const escapes: Readonly<Record<string, string>> = {b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', '\\': '\\'}
  const lines = text.split('\n')
  expect(lines.pop()).toBe('')
  return lines.map((line) => line.split('\t').map((field) => (field === '\\N' ? null : field.replace(/\\(.)/gs, (_, letter: string) => escapes[letter]!))))
}

const value = fc.oneof(
  fc.string({unit: 'binary', maxLength: 30}),
  fc.string({unit: fc.constantFrom('\\', '\t', '\n', '\r', '\b', '\f', '\v', 'N', 'ü', '😀', 'x'), maxLength: 30}),
  fc.constant(null),
)

describe('a row of the text protocol', () => {
  it('is read back as it was, whatever it holds', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value, value), {minLength: 1, maxLength: 5}), (rows) => {
        const bytes = rows.map((row) => row.map((text) => (text === null ? null : Buffer.from(text))))
        const written = rows.map((row) => row.map((text) => (text === null ? null : Buffer.from(text).toString())))
        expect(decode(encode(fields(TEXT, TEXT, TEXT), bytes))).toEqual(written)
      }),
      {numRuns: 1_000},
    )
  })

  it('has numbers and flags as they are, and bytes in hexadecimal', () => {
    const row = [Buffer.from('-42'), Buffer.from('1'), Buffer.from([0x5c, 0x00, 0xff]), null]
    expect(encode(fields(INT, FLAG, BLOB, BLOB), [row])).toBe('-42\tt\t\\\\x5c00ff\t\\N\n')
  })

  it.each([250, 251, 65_535, 65_536])('may have a value of %i bytes', (length) => {
    expect(decode(encode(fields(TEXT, TEXT), [[Buffer.alloc(length, 'x'), Buffer.from('y')]]))).toEqual([['x'.repeat(length), 'y']])
  })

  it('may be longer than any buffer', () => {
    const long = '\\'.repeat(3_000_000)
    expect(decode(encode(fields(TEXT), [[Buffer.from('a')], [Buffer.from(long)], [Buffer.from('b')]]))).toEqual([['a'], [long], ['b']])
  })

  it('stays as it was taken while the next ones are added', () => {
    const encoder = createRowEncoder(fields(TEXT), NONE_REFUSED)
    encoder.add(packet([Buffer.from('one')]))
    const first = encoder.take()
    encoder.add(packet([Buffer.from('two')]))
    expect(Buffer.from(first).toString()).toBe('one\n')
    expect(Buffer.from(encoder.take()).toString()).toBe('two\n')
    expect(encoder.used()).toBe(0)
  })

  it.each(['2', '-1', '10', ''])('with %j in a boolean is refused', (text) => {
    const refusals: Refusal[] = []
    const refused = createRowRefusals('bookings', [{name: 'booking_id', from: 'booking_id'}, {name: 'c1', from: 'c1'}], {refuse: (refusal) => void refusals.push(refusal)})
    const encoder = createRowEncoder(fields(INT, FLAG), refused)
    encoder.add(packet([Buffer.from('4711'), Buffer.from('1')]))
    encoder.add(packet([Buffer.from('4712'), Buffer.from(text)]))
    expect(Buffer.from(encoder.take()).toString()).toBe('4711\tt\n4712\t?\n')
    expect(refusals).toMatchObject([{row: 2, key: {column: 'booking_id', value: '4712'}, column: 'c1', rule: 'ValueNotBoolean', value: text}])
  })
})
