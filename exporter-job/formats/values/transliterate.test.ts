import {describe, expect, test} from 'vitest'
import type {Cursor} from './cursor.ts'
import {encodeTransliterated, transliterations} from './transliterate.ts'
import {inWindows1252} from './windows-1252.ts'

function encoded(text: string, max = 60): string | undefined {
  const source = Buffer.from(`${text.replaceAll('\\', '\\\\')}\t`)
  const cursor: Cursor = {source, from: 0, to: source.length - 1, out: new Uint8Array(400), at: 0, number: 0}
  const rule = encodeTransliterated(cursor, max)
  return rule ?? new TextDecoder('windows-1252').decode(cursor.out.subarray(0, cursor.at))
}

describe('a text that Windows-1252 lacks', () => {
  test.each([
    ['Łódź', 'Lódz'],
    ['Kovács Győző, Szűcs', 'Kovács Gyozo, Szucs'],
    ['Dvořák & Nováček', 'Dvorák & Novácek'],
    ['Čačak, Đorđe, Škoda', 'Cacak, Dorde, Škoda'],
    ['Ștefănescu', 'Stefanescu'],
    ['İstanbul, Ağrı', 'Istanbul, Agri'],
    ['Nguyễn Thế', 'Nguyên Thê'],
    ['u\u0308ber Cafe\u0301', 'über Café'],
    ['ǖ', 'ü'],
    ['ﬁnal ĳ ẞ', 'final ij SS'],
    ['minus \u2212 5 \u202f000', 'minus - 5 \u00a0000'],
    ['5 ≤ 6 → № 7 12″', '5 <= 6 -> No 7 12""'],
    ['– — … € „ü“ ½', '– — … € „ü“ ½'],
    ['a\\b', 'a\\b'],
  ])('%s is written as %s', (text, written) => {
    expect(encoded(text)).toBe(written)
  })

  test.each(['Москва', 'Αθήνα', '東京', '🎉', '\u0085', 'e\u20e3'])('%s has no entry and is refused', (text) => {
    expect(encoded(`Ł ${text}`)).toBe('CharacterNotInWindows1252')
  })

  test('is as long as what is written', () => {
    expect(encoded('ﬃ'.repeat(20))).toBe('ffi'.repeat(20))
    expect(encoded('ﬃ'.repeat(21))).toBe('TextTooLong')
  })
})

test('the table only has what Windows-1252 lacks, and writes what it has', () => {
  for (const [character, text] of transliterations()) {
    expect(inWindows1252(character.codePointAt(0)!)).toBe(false)
    expect(Array.from(text).every((each) => inWindows1252(each.codePointAt(0)!))).toBe(true)
    expect(text).not.toContain('?')
  }
  expect(transliterations().size).toBeGreaterThan(400)
})
