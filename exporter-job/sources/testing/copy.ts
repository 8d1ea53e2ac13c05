// Reads COPY's text format back, by the rules of PostgreSQL's manual (COPY, File Formats, Text Format).
import type {Value} from './contract.ts'

const LETTERS: Readonly<Record<string, string>> = {b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v'}

/** The rows; undefined is NULL. Throws where the text does not end with a row. */
export function readCopy(text: string): Value[][] {
  if (text === '') return []
  if (!text.endsWith('\n')) throw new Error('the text ends in the midst of a row')
  return text
    .slice(0, -1)
    .split('\n')
    .map((row) => row.split('\t').map((field) => (field === String.raw`\N` ? undefined : field.replaceAll(/\\(.)/gs, (_, letter: string) => LETTERS[letter] ?? letter))))
}
