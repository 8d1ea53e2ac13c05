// CSV files on a mounted volume, read as if PostgreSQL had sent them.
import {PermanentFault} from '../errors.ts'
import {READ_BYTES, openCsvFile} from './csv/file.ts'
import type {CsvFile} from './csv/file.ts'
import {MAX_EXPANSION, createCsvParser} from './csv/parser.ts'
import type {CsvParser} from './csv/parser.ts'
import type {Dataset, DatasetColumn, Snapshot, Source} from './types.ts'

const MAX_HEADING_BYTES = 64 * 1024
const MAX_COLUMNS = 1_000

export interface CsvOptions {
  /** Where the volume is mounted. */
  readonly mount: string
  readonly delimiter: string
  /** The file of each dataset, placeholders filled in. */
  readonly paths: Readonly<Record<string, string>>
  readonly now: () => Date
}

/** A source whose snapshot is no more than the files as they are; a file that changes while it is read is a fault. */
export function createCsvSource(options: CsvOptions): Source {
  return {
    async snapshot(signal) {
      signal.throwIfAborted()
      const open = new Set<CsvFile>()
      return {
        takenAt: options.now().toISOString(),
        open: (name) => openDataset(options, name, {signal, open}),
        async [Symbol.asyncDispose]() {
          for (const file of open) await file.close()
        },
      } satisfies Snapshot
    },
  }
}

interface Held {
  readonly signal: AbortSignal
  /** Files that are not closed yet. */
  readonly open: Set<CsvFile>
}

async function openDataset({mount, delimiter, paths}: CsvOptions, name: string, {signal, open}: Held): Promise<Dataset> {
  const path = Object.hasOwn(paths, name) ? paths[name] : undefined
  if (path === undefined) throw new PermanentFault('DatasetMissing', `spec.source.csv.datasets has no file for ${name}`)
  const file = await openCsvFile(mount, path, `dataset ${name}`)
  open.add(file)
  const parser = createCsvParser(delimiter, `dataset ${name}: ${path}`)
  const rows = copyText({file, parser, signal, release: () => open.delete(file)})
  const {heading, rest} = await readHeading(rows, `dataset ${name}: ${path}`)
  let ended = false
  return {
    name,
    columns: columnsOf(heading, `dataset ${name}: ${path}`),
    chunks: following(rest, rows, () => (ended = true)),
    rowCount() {
      if (!ended) throw new Error(`dataset ${name} has not been read to its end`)
      return parser.rows() - 1
    },
  }
}

interface Conversion {
  readonly file: CsvFile
  readonly parser: CsvParser
  readonly signal: AbortSignal
  readonly release: () => void
}

/** The file as COPY text, the heading in the first row. */
async function* copyText({file, parser, signal, release}: Conversion): AsyncGenerator<Buffer> {
  const output = Buffer.allocUnsafeSlow(READ_BYTES * MAX_EXPANSION)
  try {
    for await (const piece of file.pieces(() => parser.line())) {
      signal.throwIfAborted()
      const length = parser.feed(piece, output)
      if (length > 0) yield output.subarray(0, length)
    }
    const length = parser.end(output)
    if (length > 0) yield output.subarray(0, length)
  } finally {
    release()
    await file.close()
  }
}

interface Heading {
  readonly heading: string
  /** What stands behind the heading in the same piece. */
  readonly rest: Buffer
}

async function readHeading(rows: AsyncGenerator<Buffer>, where: string): Promise<Heading> {
  let begun = Buffer.alloc(0)
  for (;;) {
    const next = await rows.next()
    if (next.done === true) throw new PermanentFault('CsvInvalid', `${where}, line 1: the file is empty: it needs a line with the names of its columns`)
    begun = Buffer.concat([begun, next.value])
    const end = begun.indexOf(0x0a)
    if (end > MAX_HEADING_BYTES || (end < 0 && begun.length > MAX_HEADING_BYTES)) {
      await rows.return(undefined)
      throw new PermanentFault('CsvInvalid', `${where}, line 1: the heading is longer than 64 KiB: is this a CSV file with LF or CRLF line ends?`)
    }
    if (end >= 0) return {heading: begun.toString('utf8', 0, end), rest: begun.subarray(end + 1)}
  }
}

/** The columns by their names in the heading; of types a CSV file knows nothing. */
function columnsOf(heading: string, where: string): readonly DatasetColumn[] {
  const names = heading.split('\t')
  if (names.length > MAX_COLUMNS) throw headingFault(where, `there are ${names.length} columns, at most ${MAX_COLUMNS} are read`)
  const seen = new Set<string>()
  for (const [index, name] of names.entries()) {
    if (name === String.raw`\N` || name === '') throw headingFault(where, `column ${index + 1} has no name`)
    if (name.includes('\\')) throw headingFault(where, `the name of column ${index + 1} has a backslash, a tab or a line break in it`)
    if (seen.has(name)) throw new PermanentFault('DuplicateColumn', `${where}, line 1: two columns are named "${name}"`)
    seen.add(name)
  }
  return names.map((name) => ({name, type: 'text'}))
}

function headingFault(where: string, problem: string): PermanentFault {
  return new PermanentFault('CsvInvalid', `${where}, line 1: ${problem}`)
}

async function* following(rest: Buffer, rows: AsyncGenerator<Buffer>, ended: () => void): AsyncGenerator<Buffer> {
  try {
    if (rest.length > 0) yield rest
    yield* rows
    ended()
  } finally {
    await rows.return(undefined)
  }
}
