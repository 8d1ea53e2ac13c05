// The files of a run: one, or one a calendar month. Each is filled through a buffer that is written out between two rows.
import {PermanentFault} from '../../errors.ts'
import type {FileSink, FileWriter} from '../types.ts'
import type {CurrencySums} from '../values/totals.ts'
import {emptySum} from '../values/totals.ts'

const BUFFER_BYTES = 512 * 1024

/** What the general ledger's entries of a file add up to. */
export interface PartTotals extends CurrencySums {
  /** Transactions. */
  entries: number
}

/** The days that a file's entries lie in, as numbers: 20261031. */
export interface PartRange {
  readonly from: number
  readonly to: number
}

/** A file being written. Whoever encodes writes into `out` at `at`; the rest belongs to this module, or is said otherwise. */
export interface Part {
  readonly range: PartRange
  out: Uint8Array
  at: number
  /** Lines written. */
  rows: number
  /** Number of the journal that is open in it, 0 for none. Kept by journal.ts. */
  journal: number
  /** What was written so far. Kept by journal.ts. */
  readonly written: PartTotals
  writer: FileWriter | undefined
  bytes: number
}

export interface PartsOptions {
  readonly sink: FileSink
  readonly maxFileBytes: number
  fileName(number: number, total: number): string
  /** What stands before everything else. */
  readonly opening: Uint8Array
}

export interface Parts {
  readonly all: readonly Part[]
  /** The part that a day belongs to; undefined outside the period. */
  find(day: number): Part | undefined
  isReady(part: Part, bytes: number): boolean
  /** Makes room for so many bytes. */
  prepare(part: Part, bytes: number): Promise<void>
  /** Writes bytes of any length. */
  append(part: Part, bytes: Uint8Array): Promise<void>
  close(): Promise<void>
}

/** Opens all files at once: masters go into the first one, entries into each. */
export async function openParts(ranges: readonly PartRange[], options: PartsOptions): Promise<Parts> {
  const all: Part[] = []
  for (const [index, range] of ranges.entries()) {
    const writer = await options.sink.create(options.fileName(index + 1, ranges.length))
    const part: Part = {range, out: Buffer.allocUnsafeSlow(BUFFER_BYTES), at: 0, rows: 0, journal: 0, written: emptyTotals(), writer, bytes: 0}
    all.push(part)
    await append(part, options.opening, options)
  }
  return {
    all,
    find: (day) => all.find(({range}) => day >= range.from && day <= range.to),
    isReady: (part, bytes) => part.out.length - part.at >= bytes,
    prepare: (part, bytes) => prepare(part, bytes, options),
    append: (part, bytes) => append(part, bytes, options),
    async close() {
      for (const part of all) {
        await writeOut(part, options)
        await part.writer?.close(part.rows)
        part.writer = undefined
      }
    },
  }
}

export function emptyTotals(): PartTotals {
  return {entries: 0, S: emptySum(), H: emptySum()}
}

async function prepare(part: Part, bytes: number, options: PartsOptions): Promise<void> {
  await writeOut(part, options)
  if (part.out.length < bytes) part.out = Buffer.allocUnsafeSlow(bytes)
}

async function append(part: Part, bytes: Uint8Array, options: PartsOptions): Promise<void> {
  if (part.out.length - part.at < bytes.length) await prepare(part, bytes.length, options)
  part.out.set(bytes, part.at)
  part.at += bytes.length
}

async function writeOut(part: Part, {maxFileBytes}: PartsOptions): Promise<void> {
  if (part.at === 0) return
  part.bytes += part.at
  if (part.bytes > maxFileBytes) {
    const limit = `${Math.floor(maxFileBytes / 1e9)} GB`
    throw new PermanentFault('FileExceedsLimit', `the authority takes no file beyond ${limit}: set spec.format.saft.split to Month, or shorten the period`)
  }
  await part.writer?.write(part.out.subarray(0, part.at))
  part.at = 0
}
