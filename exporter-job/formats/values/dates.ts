// Days, from bytes of COPY's text form.
import type {Cursor} from './cursor.ts'
import {MINUS, POINT, ZERO} from './cursor.ts'

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** 2026-10-31 as 20261031; 0 for anything that is not a day of the years 2000 to 2099. */
export function readDate(source: Uint8Array, from: number, to: number): number {
  if (to - from !== 10 || source[from + 4] !== MINUS || source[from + 7] !== MINUS) return 0
  const century = twoDigits(source, from)
  const year = twoDigits(source, from + 2)
  const month = twoDigits(source, from + 5)
  const day = twoDigits(source, from + 8)
  if (century !== 20 || year < 0 || month < 1 || month > 12 || day < 1) return 0
  // Every fourth year from 2000 to 2096 is a leap year.
  const days = month === 2 && year % 4 === 0 ? 29 : DAYS[month - 1]!
  return day > days ? 0 : 20_000_000 + year * 10_000 + month * 100 + day
}

/** A day that {@link readDate} takes, as TT.MM.JJJJ. Gives it as readDate does, and 0 where nothing was written. */
export function encodeDottedDate(cursor: Cursor): number {
  const {source, from, to, out, at} = cursor
  const day = readDate(source, from, to)
  if (day === 0) return 0
  out[at] = source[from + 8]!
  out[at + 1] = source[from + 9]!
  out[at + 2] = POINT
  out[at + 3] = source[from + 5]!
  out[at + 4] = source[from + 6]!
  out[at + 5] = POINT
  for (let index = 0; index < 4; index++) out[at + 6 + index] = source[from + index]!
  cursor.at = at + 10
  return day
}

function twoDigits(source: Uint8Array, from: number): number {
  const tens = source[from]! - ZERO
  const ones = source[from + 1]! - ZERO
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1
}

/** A day byte by byte: where in 2026-10-31 each one stands, below {@link DAY_BYTES}, or the byte itself. */
export type DayLayout = Uint8Array

export const NO_LAYOUT: DayLayout = new Uint8Array(0)
const DAY_BYTES = 10
/** Where digits of the year, the month and the day begin, by the letters of English and German forms. */
const [YEAR, MONTH, DAY] = [0, 5, 8]
const LETTERS: Readonly<Record<string, number>> = {Y: YEAR, J: YEAR, M: MONTH, D: DAY, T: DAY}

/** 'DD.MM.YYYY', 'TTMMJJJJ' and the like as a layout. */
export function dayLayout(form: string): DayLayout {
  const used = new Map<number, number>()
  return Uint8Array.from(form, (letter) => {
    const first = LETTERS[letter]
    if (first === undefined) return letter.charCodeAt(0)
    const place = used.get(first) ?? first
    used.set(first, place + 1)
    return place
  })
}

/** Writes the day that the cursor points at, which is one. */
export function writeDay(cursor: Cursor, layout: DayLayout): void {
  const {source, from, out} = cursor
  let {at} = cursor
  for (let index = 0; index < layout.length; index++) {
    const place = layout[index]!
    out[at++] = place < DAY_BYTES ? source[from + place]! : place
  }
  cursor.at = at
}

/** Whether ten bytes from `from` on are a day of the years 0001 to 9999 as 2026-10-31 (proleptic Gregorian, as databases reckon). */
export function isDay(source: Uint8Array, from: number): boolean {
  if (source[from + 4] !== MINUS || source[from + 7] !== MINUS) return false
  const [century, year] = [twoDigits(source, from), twoDigits(source, from + 2)]
  const [month, day] = [twoDigits(source, from + 5), twoDigits(source, from + 8)]
  if (century < 0 || year < 0 || century + year === 0 || month < 1 || month > 12 || day < 1) return false
  const isLeap = year === 0 ? century % 4 === 0 : year % 4 === 0
  return day <= (month === 2 && isLeap ? 29 : DAYS[month - 1]!)
}

/** Whether eight bytes from `from` on are a time of day as 23:59:59. */
export function isTime(source: Uint8Array, from: number): boolean {
  if (source[from + 2] !== COLON || source[from + 5] !== COLON) return false
  const [hour, minute, second] = [twoDigits(source, from), twoDigits(source, from + 3), twoDigits(source, from + 6)]
  return hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59 && second >= 0 && second <= 59
}

const COLON = 0x3a
