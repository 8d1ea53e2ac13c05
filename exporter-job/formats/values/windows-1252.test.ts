import {expect, test} from 'vitest'
import {WINDOWS_1252, encodeWindows1252, inWindows1252} from './windows-1252.ts'

/** Bytes that stand for nothing; web browsers decode them to control characters. */
const GAPS = [0x81, 0x8d, 0x8f, 0x90, 0x9d]

test('every byte but NUL and the gaps is reached from the character that a browser decodes it to', () => {
  const decoder = new TextDecoder('windows-1252')
  for (let byte = 1; byte <= 0xff; byte++) {
    if (GAPS.includes(byte)) continue
    const code = decoder.decode(Uint8Array.of(byte)).codePointAt(0)!
    expect(WINDOWS_1252[code], `byte ${byte}`).toBe(byte)
  }
})

test('there are exactly as many characters as bytes', () => {
  const characters = WINDOWS_1252.filter((byte) => byte !== 0)
  expect(characters).toHaveLength(255 - GAPS.length)
})

test('characters beyond are known to be missing', () => {
  expect(['€', 'ß', '\u00a0'].map((character) => inWindows1252(character.codePointAt(0)!))).toEqual([true, true, true])
  expect(['Ł', '😀', '\u0080', '\u0308'].map((character) => inWindows1252(character.codePointAt(0)!))).toEqual(Array(4).fill(false))
})

test('constants are encoded, or are a mistake in the program', () => {
  expect([...encodeWindows1252('1 €')]).toEqual([0x31, 0x20, 0x80])
  expect(() => encodeWindows1252('Ł')).toThrow('Windows-1252 has no "Ł"')
})
