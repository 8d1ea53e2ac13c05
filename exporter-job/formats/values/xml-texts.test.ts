import * as fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import type {Cursor} from './cursor.ts'
import {copyText} from '../testing/dataset.ts'
import {encodeXmlUtf8, encodeXmlWindows1252} from './xml-texts.ts'
import type {XmlTextEncoder} from './xml-texts.ts'

function encode(encoder: XmlTextEncoder, value: Uint8Array, max = 256): {rule: string | undefined; bytes: Buffer} {
  const source = Buffer.concat([value, Buffer.from('\t')])
  const cursor: Cursor = {source, from: 0, to: value.length, out: new Uint8Array(4_096), at: 0, number: 0}
  const rule = encoder(cursor, max)
  return {rule, bytes: Buffer.from(cursor.out.subarray(0, cursor.at))}
}

/** A text as COPY writes it. */
function field(text: string): Uint8Array {
  return copyText(['a'], [{a: text}]).subarray(0, -1)
}

function unescape(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
}

const ENCODERS = [
  ['UTF-8', encodeXmlUtf8, 'utf-8'],
  ['Windows-1252', encodeXmlWindows1252, 'windows-1252'],
] as const

describe.each(ENCODERS)('text in %s', (_, encoder, label) => {
  test('is escaped and otherwise as it was', () => {
    const {rule, bytes} = encode(encoder, field(String.raw`<a> & "b" 'c' ]]> C:\new ø €`))
    expect(rule).toBeUndefined()
    expect(new TextDecoder(label).decode(bytes)).toBe(String.raw`&lt;a&gt; &amp; "b" 'c' ]]&gt; C:\new ø €`)
  })

  test.each([
    ['a line break', 'a\nb', 'ControlCharacter'],
    ['a tab', 'a\tb', 'ControlCharacter'],
    ['NUL', 'a\u0000b', 'ControlCharacter'],
    ['DEL', 'a\u007fb', 'ControlCharacter'],
  ])('refuses %s', (__, text, rule) => {
    expect(encode(encoder, field(text)).rule).toBe(rule)
  })

  test.each([
    ['a lone continuation byte', [0x80]],
    ['a character that is cut off', [0xc3]],
    ['an overlong form', [0xe0, 0x80, 0xaf]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['what lies beyond Unicode', [0xf4, 0x90, 0x80, 0x80]],
    ['a byte that UTF-8 does not have', [0xff]],
  ])('refuses %s', (__, bytes) => {
    expect(encode(encoder, Uint8Array.from(bytes)).rule).toMatch(/^InvalidUtf8$|^CharacterNotInWindows1252$/)
  })

  test('counts characters, not bytes and not escapes', () => {
    for (const text of ['a&b', 'aøb', '<>&', '€€€']) {
      expect(encode(encoder, field(text), 3).rule).toBeUndefined()
      expect(encode(encoder, field(text), 2).rule).toBe('TextTooLong')
    }
  })

  test('any text is read back, or refused by a rule', () => {
    fc.assert(
      fc.property(fc.string({unit: 'binary', maxLength: 12}), (text) => {
        const {rule, bytes} = encode(encoder, field(text))
        const back = unescape(new TextDecoder(label, {ignoreBOM: true}).decode(bytes))
        expect(rule === undefined ? back : text).toBe(text)
        expect([undefined, 'ControlCharacter', 'CharacterNotInXml', 'CharacterNotInWindows1252']).toContain(rule)
      }),
      {numRuns: 500},
    )
  })
})

test('characters that XML has no place for are refused', () => {
  expect(encode(encodeXmlUtf8, field('a\ufffe')).rule).toBe('CharacterNotInXml')
  expect(encode(encodeXmlUtf8, field('a\uffff')).rule).toBe('CharacterNotInXml')
  expect(encode(encodeXmlUtf8, field('a\ufffd😀')).rule).toBeUndefined()
  expect(encode(encodeXmlUtf8, field('a\u0085')).rule).toBe('ControlCharacter')
})
