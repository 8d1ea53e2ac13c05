import {expect, test} from 'vitest'
import {utf8Code, utf8Length} from './utf8.ts'

/** By the decoder of the platform. */
function isWellFormed(bytes: Uint8Array): boolean {
  try {
    return Array.from(new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(bytes)).length === 1
  } catch {
    return false
  }
}

test('every character beyond ASCII at a bound has its length and its code', () => {
  for (const code of [0x80, 0xff, 0x7ff, 0x800, 0xfff, 0x1000, 0x20ac, 0xcfff, 0xd7ff, 0xe000, 0xfeff, 0xffff, 0x10000, 0x3ffff, 0x40000, 0xfffff, 0x100000, 0x10ffff]) {
    const bytes = Buffer.from(String.fromCodePoint(code))
    expect([utf8Length(bytes, 0, bytes.length), utf8Code(bytes, 0, bytes.length)]).toEqual([bytes.length, code])
    expect(utf8Length(bytes, 0, bytes.length - 1), 'cut off').toBe(0)
  }
})

test('bytes of every lead and second byte are taken just where they are UTF-8', () => {
  for (let lead = 0x80; lead <= 0xff; lead++) {
    for (let second = 0; second <= 0xff; second++) {
      const bytes = Uint8Array.of(lead, second, 0x80, 0xbf)
      const length = utf8Length(bytes, 0, 4)
      const expected = [2, 3, 4].find((count) => isWellFormed(bytes.subarray(0, count))) ?? 0
      if (length !== expected) throw new Error(`${lead.toString(16)} ${second.toString(16)}: ${length} instead of ${expected}`)
    }
  }
  expect(utf8Length(Uint8Array.of(0xe2, 0x82, 0x41), 0, 3)).toBe(0)
})
