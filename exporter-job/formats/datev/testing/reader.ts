// An independent reader of DATEV files: it knows DATEV's rules from the facts beside it and nothing of the encoder's table.
import {readFileSync} from 'node:fs'

/** One line of a category's facts, such as buchungsstapel-facts.csv. */
export interface ColumnFact {
  readonly position: number
  readonly heading: string
  readonly type: string
  /** Characters, or digits before the comma. */
  readonly length: number
  readonly decimals: number
  readonly required: boolean
  readonly quoted: boolean
  /** TTMM, TTMMJJJJ or nothing. */
  readonly date: string
  /** The only values, where there are few; empty where there are many. */
  readonly allowed: readonly string[]
}

export interface Stack {
  /** 31 fields, quotation marks removed. */
  readonly header: readonly string[]
  readonly headings: readonly string[]
  /** One value a column, quotation marks removed. */
  readonly rows: readonly (readonly string[])[]
}

interface Field {
  readonly value: string
  readonly quoted: boolean
}

/** The facts of a category, read from a file beside this one. */
export function factsOf(file: string): readonly ColumnFact[] {
  const lines = readFileSync(new URL(`${file}-facts.csv`, import.meta.url), 'utf8').trim().split('\n').slice(1)
  return lines.map((line) => {
    const [position, heading, type, length, decimals, required, quoted, date, allowed = ''] = line.split(';')
    const numbers = {position: Number(position), length: Number(length), decimals: Number(decimals)}
    const words = {heading: heading!, type: type!, required: required === 'yes', quoted: quoted === 'yes', date: date!}
    return {...numbers, ...words, allowed: allowed === '' ? [] : allowed.split('|')}
  })
}

/** Those of a Buchungsstapel. */
export const FACTS = factsOf('buchungsstapel')

const HEADER_QUOTED = new Set([1, 4, 8, 9, 10, 17, 18, 22, 24, 27, 30, 31])

/** Reads a file and throws at the first thing that breaks the format. */
export function readStack(bytes: Uint8Array, facts: readonly ColumnFact[] = FACTS): Stack {
  const [header, headings, ...rows] = records(decoded(bytes))
  if (header?.length !== 31) throw new Error(`the header has ${header?.length} fields`)
  for (const [index, {value, quoted}] of header.entries()) {
    if (quoted !== HEADER_QUOTED.has(index + 1)) throw new Error(`header field ${index + 1} (${value}) is quoted wrongly`)
  }
  if (headings === undefined || headings.some((heading) => heading.quoted)) throw new Error('the headings are missing or quoted')
  for (const [index, row] of rows.entries()) checkRow(row, index + 1, facts)
  return {header: values(header), headings: values(headings), rows: rows.map(values)}
}

/** UTF-8 behind a byte order mark, else Windows-1252. */
function decoded(bytes: Uint8Array): string {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return new TextDecoder('utf-8', {fatal: true}).decode(bytes)
  const undefinedByte = bytes.find((byte) => [0x81, 0x8d, 0x8f, 0x90, 0x9d].includes(byte))
  if (undefinedByte !== undefined) throw new Error(`byte ${undefinedByte} means nothing in Windows-1252`)
  return new TextDecoder('windows-1252').decode(bytes)
}

function values(fields: readonly Field[]): string[] {
  return fields.map((field) => field.value)
}

/** `;` between fields, CRLF behind every line, quotation marks doubled, no control character inside. */
function records(text: string): Field[][] {
  const lines: Field[][] = []
  let position = 0
  let fields: Field[] = []
  while (position < text.length) {
    const field = text[position] === '"' ? quotedField(text, position) : plainField(text, position)
    fields.push(field)
    position = field.end
    if (text[position] === ';') position++
    else if (text.startsWith('\r\n', position)) {
      lines.push(fields)
      fields = []
      position += 2
    } else throw new Error(`neither ; nor CRLF after ${JSON.stringify(field.value)}`)
    if (text[position - 1] === ';' && position === text.length) throw new Error('the file ends in a separator')
  }
  if (fields.length > 0) throw new Error('the last line has no CRLF')
  return lines
}

function quotedField(text: string, start: number): Field & {end: number} {
  const match = /"((?:[^"\x00-\x1f\x7f]|"")*)"/y
  match.lastIndex = start
  const found = match.exec(text)
  if (found === null) throw new Error(`a quoted field does not end or holds a control character: ${text.slice(start, start + 40)}`)
  return {value: found[1]!.replaceAll('""', '"'), quoted: true, end: match.lastIndex}
}

function plainField(text: string, start: number): Field & {end: number} {
  const match = /[^";\x00-\x1f\x7f]*/y
  match.lastIndex = start
  const value = match.exec(text)![0]
  return {value, quoted: false, end: start + value.length}
}

function checkRow(row: readonly Field[], number: number, facts: readonly ColumnFact[]): void {
  if (row.length !== facts.length) throw new Error(`row ${number} has ${row.length} fields`)
  for (const [index, field] of row.entries()) {
    const fact = facts[index]!
    if (field.quoted !== fact.quoted) throw new Error(`row ${number}: ${fact.heading} is quoted wrongly`)
    if (field.value === '' && fact.required) throw new Error(`row ${number}: ${fact.heading} is empty`)
    if (field.value !== '' && !isValid(field.value, fact)) throw new Error(`row ${number}: ${fact.heading} is ${field.value}`)
  }
}

function isValid(value: string, fact: ColumnFact): boolean {
  if (fact.date === 'TTMM') return /^(0[1-9]|[12]\d|3[01])(0[1-9]|1[0-2])$/.test(value)
  if (fact.date === 'TTMMJJJJ') return /^(0[1-9]|[12]\d|3[01])(0[1-9]|1[0-2])20\d\d$/.test(value)
  if (fact.allowed.length > 0) return fact.allowed.includes(value)
  switch (fact.type) {
    case 'Leer':
      return false
    case 'Text':
      return Array.from(value).length <= fact.length
    case 'Betrag':
      return new RegExp(`^\\d{1,${fact.length}},\\d{2}$`).test(value) && !/^0+,00$/.test(value)
    case 'Konto':
      return new RegExp(`^\\d{1,${fact.length}}$`).test(value)
    case 'Zahl':
      return new RegExp(fact.decimals === 0 ? `^\\d{1,${fact.length}}$` : `^\\d{1,${fact.length}},\\d{1,${fact.decimals}}$`).test(value)
    default:
      throw new Error(`unknown type ${fact.type}`)
  }
}
