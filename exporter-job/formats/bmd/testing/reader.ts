// An independent reader of BMD's bookings file: it knows the rules from the facts beside it and nothing of the encoder's table.
import {readFileSync} from 'node:fs'

/** One line of buchungen-facts.csv. */
export interface FieldFact {
  readonly name: string
  readonly type: string
  /** Characters or digits; "15,2" and "3,3" as the facts write them; empty where they say nothing. */
  readonly length: string
  readonly decimals: number
  readonly required: boolean
  /** NTCS is known to have the heading. */
  readonly ntcs: boolean
}

/** A row by heading; every heading is there, an empty field is ''. */
export type BookingRow = Readonly<Record<string, string>>

export interface BookingsFile {
  readonly encoding: 'Windows-1252' | 'UTF-8'
  readonly headings: readonly string[]
  readonly rows: readonly BookingRow[]
}

/** The facts, read from the file beside this one. */
export const FACTS: readonly FieldFact[] = readFileSync(new URL('buchungen-facts.csv', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => {
    const [name = '', type = '', length = '', decimals, required, ntcs] = line.split(';')
    return {name, type, length, decimals: Number(decimals), required: required === 'yes', ntcs: ntcs === 'yes'}
  })

const BY_NAME = new Map(FACTS.map((fact) => [fact.name, fact]))

/** Reads a file and throws at the first thing that breaks the format. */
export function readBookings(bytes: Uint8Array): BookingsFile {
  const {encoding, text} = decode(bytes)
  if (!text.endsWith('\r\n')) throw new Error('the last line has no CRLF')
  const [first = '', ...lines] = text.slice(0, -2).split('\r\n')
  const headings = first.split(';')
  for (const heading of headings) if (!BY_NAME.has(heading)) throw new Error(`BMD has no field ${heading}`)
  if (new Set(headings).size !== headings.length) throw new Error('a heading stands twice')
  const rows = lines.map((line, index) => rowOf(headings, line, index + 1))
  checkGroups(rows)
  return {encoding, headings, rows}
}

function decode(bytes: Uint8Array): {encoding: BookingsFile['encoding']; text: string} {
  const isUtf8 = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
  if (isUtf8) return {encoding: 'UTF-8', text: new TextDecoder('utf-8', {fatal: true}).decode(bytes)}
  const gap = bytes.find((byte) => [0x81, 0x8d, 0x8f, 0x90, 0x9d].includes(byte))
  if (gap !== undefined) throw new Error(`byte ${gap} means nothing in Windows-1252`)
  return {encoding: 'Windows-1252', text: new TextDecoder('windows-1252').decode(bytes)}
}

function rowOf(headings: readonly string[], line: string, number: number): BookingRow {
  const fields = line.split(';')
  if (fields.length !== headings.length) throw new Error(`row ${number} has ${fields.length} fields`)
  const row = Object.fromEntries(headings.map((heading, index) => [heading, fields[index]!]))
  const isBooking = row['satzart'] === '0'
  for (const [heading, value] of Object.entries(row)) {
    const fact = BY_NAME.get(heading)!
    if (value === '' && fact.required && isBooking) throw new Error(`row ${number}: ${heading} is empty`)
    if (value !== '' && !isValid(value, fact)) throw new Error(`row ${number}: ${heading} is ${value}`)
  }
  return row
}

function isValid(value: string, {type, length, decimals}: FieldFact): boolean {
  if (/[\x00-\x1f\x7f-\x9f]/.test(value) || value.startsWith('"')) return false
  const [size = '', places] = length.split(',')
  switch (type) {
    case 'int':
      return new RegExp(`^\\d{1,${size}}$`).test(value)
    case 'text':
      return size === '' || Array.from(value).length <= Number(size)
    case 'date':
      return /^(0[1-9]|[12]\d|3[01])\.(0[1-9]|1[0-2])\.20\d\d$/.test(value)
    case 'period':
      return /^20\d\d(0[1-9]|1[0-2])$/.test(value)
    case 'decimal':
      // A rate may have two decimals or three.
      if (places === '3') return /^\d{1,3},\d{2,3}$/.test(value)
      return new RegExp(`^-?\\d{1,${size === '' ? '' : Number(size)}},\\d{${decimals}}$`).test(value) && !/^-0*,0*$/.test(value)
    default:
      throw new Error(`unknown type ${type}`)
  }
}

const IDENTITY = ['konto', 'belegnr', 'belegdatum', 'buchcode']

/** 0, then 5 and 5, then 1: consecutive, of the same identity, the shares adding up to the net amount with its sign. */
function checkGroups(rows: readonly BookingRow[]): void {
  for (let index = 0; index < rows.length; ) {
    const booking = rows[index]!
    if (booking['satzart'] !== '0') throw new Error(`row ${index + 1} belongs to no booking`)
    let end = index + 1
    while (end < rows.length && rows[end]!['satzart'] !== '0') end++
    checkGroup(booking, rows.slice(index + 1, end))
    index = end
  }
}

function checkGroup(booking: BookingRow, followers: readonly BookingRow[]): void {
  const order = followers.map((row) => row['satzart']).join('')
  if (!/^5*1*$/.test(order)) throw new Error(`rows of ${booking['belegnr']} come as ${order}`)
  for (const row of followers) {
    for (const name of IDENTITY) if (row[name] !== booking[name]) throw new Error(`a row of ${booking['belegnr']} has another ${name}`)
  }
  const documents = followers.filter((row) => row['satzart'] === '5')
  if (documents.length > 0 && booking['dokument'] !== '') throw new Error(`${booking['belegnr']} has a document in its row and others below`)
  const shares = followers.filter((row) => row['satzart'] === '1')
  const sum = shares.reduce((total, row) => total + cents(row['kobetrag']), 0n)
  if (shares.length > 0 && sum !== netOf(booking)) throw new Error(`the shares of ${booking['belegnr']} add up to ${sum}, not ${netOf(booking)}`)
}

/** Gross less tax where both have different signs; betrag is net where they have the same one. */
function netOf(row: BookingRow): bigint {
  const [amount, tax] = [cents(row['betrag']), cents(row['steuer'])]
  return amount > 0n !== tax > 0n ? amount + tax : amount
}

/** "-1234,50" as -123450n; nothing is 0. */
export function cents(text: string | undefined): bigint {
  return text === undefined || text === '' ? 0n : BigInt(text.replace(',', ''))
}
