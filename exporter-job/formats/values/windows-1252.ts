// Windows-1252, the encoding that DATEV and BMD read by default.

/** The 27 characters of 0x80–0x9F; the five gaps there (81, 8D, 8F, 90, 9D) stand for nothing. */
const UPPER_CONTROL_AREA: readonly (readonly [byte: number, characters: string])[] = [
  [0x80, '€'],
  [0x82, '‚ƒ„…†‡ˆ‰Š‹Œ'],
  [0x8e, 'Ž'],
  [0x91, '‘’“”•–—˜™š›œ'],
  [0x9e, 'žŸ'],
]

/** The byte of each Unicode code point up to ™ (U+2122), 0 where there is none. NUL is no text. */
export const WINDOWS_1252 = makeTable()

function makeTable(): Uint8Array {
  const table = new Uint8Array(0x2123)
  for (let code = 1; code <= 0xff; code++) if (code < 0x80 || code >= 0xa0) table[code] = code
  for (const [first, characters] of UPPER_CONTROL_AREA) {
    for (let index = 0; index < characters.length; index++) table[characters.charCodeAt(index)] = first + index
  }
  return table
}

/** Whether Windows-1252 has that code point. */
export function inWindows1252(code: number): boolean {
  return code < WINDOWS_1252.length && WINDOWS_1252[code] !== 0
}

/** For constants such as headings: throws where a character is missing, which would be a mistake in the program. */
export function encodeWindows1252(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => {
    const code = character.codePointAt(0)!
    if (!inWindows1252(code)) throw new Error(`Windows-1252 has no ${JSON.stringify(character)}`)
    return WINDOWS_1252[code]!
  })
}
