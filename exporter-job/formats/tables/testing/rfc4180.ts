// Reads CSV by the grammar of RFC 4180, for tests; written without a look at the encoder. Whatever the grammar does not allow throws.

export interface CsvField {
  readonly text: string
  /** Stood in quotation marks. */
  readonly quoted: boolean
}

/** Every record of the file; each must end with `lineEnding`. */
export function readCsv(file: string, delimiter: string, lineEnding: string): CsvField[][] {
  const records: CsvField[][] = []
  let at = 0
  while (at < file.length) {
    const record: CsvField[] = []
    for (;;) {
      const {field, end} = file[at] === '"' ? readQuoted(file, at) : readPlain(file, at, delimiter)
      record.push(field)
      at = end
      if (!file.startsWith(delimiter, at)) break
      at += delimiter.length
    }
    if (!file.startsWith(lineEnding, at)) throw new Error(`at ${at}: ${JSON.stringify(file.slice(at, at + 20))} does not end a record`)
    at += lineEnding.length
    records.push(record)
  }
  return records
}

function readQuoted(file: string, start: number): {field: CsvField; end: number} {
  let text = ''
  for (let at = start + 1; ; ) {
    const mark = file.indexOf('"', at)
    if (mark < 0) throw new Error(`at ${start}: a quotation mark is not closed`)
    text += file.slice(at, mark)
    if (file[mark + 1] !== '"') return {field: {text, quoted: true}, end: mark + 1}
    text += '"'
    at = mark + 2
  }
}

function readPlain(file: string, start: number, delimiter: string): {field: CsvField; end: number} {
  let end = start
  while (end < file.length && file[end] !== delimiter && file[end] !== '\r' && file[end] !== '\n') end++
  const text = file.slice(start, end)
  if (text.includes('"')) throw new Error(`at ${start}: a quotation mark inside a field without them`)
  return {field: {text, quoted: false}, end}
}

/** The file's bytes as text, its byte order mark kept. */
export function decode(bytes: Uint8Array, encoding: 'utf-8' | 'utf-16le' | 'windows-1252'): string {
  return new TextDecoder(encoding, {fatal: true, ignoreBOM: true}).decode(bytes)
}
