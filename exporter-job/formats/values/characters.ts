// Single characters in what is said of a value. Not for the hot loop.
import {inWindows1252} from './windows-1252.ts'

/** The first character that Windows-1252 lacks; undefined where it has all of them. */
export function firstMissing(value: string): string | undefined {
  return Array.from(value).find((character) => !inWindows1252(character.codePointAt(0)!))
}

/** "😀" (U+1F600); one that cannot be seen (a control character, a combining mark) by its number alone. */
export function codePoint(character: string): string {
  const number = `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`
  return /[\p{C}\p{M}]/u.test(character) ? number : `"${character}" (${number})`
}
