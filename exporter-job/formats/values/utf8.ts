// Characters beyond ASCII in UTF-8, byte by byte (RFC 3629): neither overlong forms nor surrogates nor anything beyond U+10FFFF.

/** Bytes of the character that begins at `from`, 2 to 4; 0 where there is none that is well-formed. */
export function utf8Length(source: Uint8Array, from: number, to: number): number {
  const lead = source[from]!
  if (lead < 0xc2 || lead > 0xf4) return 0
  const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
  if (from + length > to) return 0
  for (let index = from + 1; index < from + length; index++) if ((source[index]! & 0xc0) !== 0x80) return 0
  const second = source[from + 1]!
  if (lead === 0xe0) return second < 0xa0 ? 0 : 3
  if (lead === 0xed) return second > 0x9f ? 0 : 3
  if (lead === 0xf0) return second < 0x90 ? 0 : 4
  if (lead === 0xf4) return second > 0x8f ? 0 : 4
  return length
}

/** The code point of the character of `length` bytes, as utf8Length has found it. */
export function utf8Code(source: Uint8Array, from: number, length: number): number {
  const second = source[from + 1]! & 0x3f
  if (length === 2) return ((source[from]! & 0x1f) << 6) | second
  const third = source[from + 2]! & 0x3f
  if (length === 3) return ((source[from]! & 0x0f) << 12) | (second << 6) | third
  return ((source[from]! & 0x07) << 18) | (second << 12) | (third << 6) | (source[from + 3]! & 0x3f)
}
