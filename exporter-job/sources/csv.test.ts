import {execFileSync} from 'node:child_process'
import {mkdir, mkdtemp, readdir, readlink, rename, rm, symlink, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {gzipSync} from 'node:zlib'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {CsvSource} from '../../crds/sources/csv.ts'
import {createCsvSource} from './csv.ts'
import {describeSource, describeWrongValues, readAll} from './testing/contract.ts'
import type {WrongHarness, Table, Value} from './testing/contract.ts'
import type {Source} from './types.ts'

let mount: string

type Spec = Partial<Record<string, unknown>>

/** `spec`: fields of spec.source.csv; `dataset`: fields of its dataset bookings. */
function source(path = 'bookings.csv', spec: Spec = {}, dataset: Spec = {}): Source {
  const checked = CsvSource.parse({claimName: 'inbox', ...spec, datasets: {bookings: {path: 'bookings.csv', ...dataset}}})
  return createCsvSource(checked, {mount, paths: {bookings: path}, now: () => new Date()})
}

async function put(text: string | Uint8Array, name = 'bookings.csv'): Promise<void> {
  await writeFile(join(mount, name), text)
}

async function read(path?: string, spec?: Spec, dataset?: Spec): Promise<string> {
  await using snapshot = await source(path, spec, dataset).snapshot(new AbortController().signal)
  return (await readAll(await snapshot.open('bookings'))).toString()
}

function csv({columns, rows}: Table): string {
  return [columns, ...rows].map((values) => `${values.map(quoted).join(',')}\r\n`).join('')
}

function quoted(value: Value): string {
  return value === undefined ? '' : `"${value.replaceAll('"', '""')}"`
}

/** Files of the mount that this process has open. */
async function openFiles(): Promise<number> {
  const links = await Promise.all((await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')))
  return links.filter((target) => target.startsWith(mount)).length
}

async function harness(): Promise<WrongHarness> {
  mount = await mkdtemp(join(tmpdir(), 'csv-'))
  return {
    put: (table) => put(csv(table)),
    putMany: (rows) => put(`id,text,amount\n${`12345,${'x'.repeat(80)},123.45\n`.repeat(rows)}`),
    putWrong: () => put(Buffer.from('booking_id,reversal\nB1,t\nB2,\xfc\nB3,f\n', 'latin1')),
    source: async () => source(),
    held: openFiles,
    dispose: () => rm(mount, {recursive: true}),
  }
}

describe('CSV files as a source', () => {
  describeSource(harness)
})

describe('values that columns of CSV files cannot have', () => {
  describeWrongValues(harness)
})

describe('CSV', () => {
  beforeEach(async () => {
    mount = await mkdtemp(join(tmpdir(), 'csv-'))
  })
  afterEach(() => rm(mount, {recursive: true}))

  it.each([
    ['line ends LF', 'a,b\n1,2\n3,4\n', '1\t2\n3\t4\n'],
    ['line ends CRLF', 'a,b\r\n1,2\r\n3,4\r\n', '1\t2\n3\t4\n'],
    ['no line end at the end', 'a,b\n1,2', '1\t2\n'],
    ['an empty field at the end of the file', 'a,b\n1,', '1\t\\N\n'],
    ['a quoted empty field at the end', 'a,b\n1,""', '1\t\n'],
    ['a byte order mark', '\ufeffa,b\n1,2\n', '1\t2\n'],
    ['a quoted heading', '"a","b"\n1,2\n', '1\t2\n'],
    ['empty lines at the end', 'a,b\n1,2\n\n\r\n\n', '1\t2\n'],
    ['doubled quotes', 'a\n"say ""hi"""\n""""\n', 'say "hi"\n"\n'],
    ['delimiters and line breaks in quotes', 'a,b\n"x,\ny","\r\n"\n', 'x,\\ny\t\\r\\n\n'],
    ['spaces, which belong to the field', 'a,b\n 1 , 2\n', ' 1 \t 2\n'],
    ['a row of empty fields', 'a,b\n,\n', '\\N\t\\N\n'],
  ])('reads %s', async (_what, text, rows) => {
    await put(text)
    expect(await read()).toBe(rows)
  })

  it.each([
    [';', 'a;b\n1,5;"x;y"\n', '1,5\tx;y\n'],
    ['|', 'a|b\n1|2\n', '1\t2\n'],
    ['\t', 'a\tb\n1\t"x\ty"\n', '1\tx\\ty\n'],
  ])('reads files with the delimiter %j', async (delimiter, text, rows) => {
    await put(text)
    expect(await read('bookings.csv', {delimiter})).toBe(rows)
  })

  it.each([
    ['a short row', 'a,b\n1,2\n3\n', /line 3\)?: the row has 1 fields, but there are 2 columns/],
    ['a long row', 'a,b\n1,2,3\n', /line 2\)?: the row has 3 fields, but there are 2 columns/],
    ['an empty line between rows', 'a,b\n1,2\n\n3,4\n', /line 3\)?: an empty line/],
    ['a quote inside a plain field', 'a,b\n1,5" pipe\n', /line 2\)?: a quote inside a field/],
    ['text behind a closing quote', 'a,b\n"1"2,3\n', /line 2\)?: something follows a closing quote/],
    ['a quote that is never closed', 'a,b\n1,2\n"3,4\n5,6\n', /line 3\)?: the quote that begins here is never closed/],
    ['a bare carriage return', 'a,b\r1,2\r', /line 1\)?: a carriage return without a line feed/],
    ['a carriage return at the end of the file', 'a,b\n1,2\r', /line 2\)?: a carriage return/],
    ['a NUL byte', 'a,b\n1,\0\n', /line 2\)?: a NUL byte/],
    ['line numbers behind quoted line breaks', 'a,b\n"1\n\n",2\n3\n', /line 5\)?: the row has 1/],
    ['an empty file', '', /line 1\)?: the file is empty/],
    ['a column without a name', 'a,,c\n', /line 1\)?: column 2 has no name/],
    ['a heading with a tab', 'a,"b\tc"\n', /line 1\)?: the name of column 2/],
    ['a field of more than a megabyte', `a,b\n1,"${'x\n'.repeat(1 << 20)}`, /line 2\)?: a field in a row of more than 1 MiB begins here/],
    ['a heading without an end', 'x'.repeat(300_000), /line 1\)?: the heading is longer/],
  ])('names line and rule of %s', async (_what, text, message) => {
    await put(text)
    await expect(read()).rejects.toMatchObject({code: 'CsvInvalid', transient: false, message: expect.stringMatching(message)})
  })

  it.each([
    ['Latin-1', Buffer.from('a,b\n1,2\n3,M\xfcller\n', 'latin1'), /line 3\), column b: must be UTF-8: save/],
    ['UTF-16', Buffer.from('\ufeffa,b\n', 'utf16le'), /line 1: must be UTF-8/],
    ['a character cut off by the end of the file', Buffer.from('a\nM\xc3', 'latin1'), /line 2\), column a: must be UTF-8/],
    ['a wrong byte far behind', Buffer.concat([Buffer.from('a\n'), Buffer.from('ä\n'.repeat(200_000)), Buffer.from([0xff])]), /line 200002\), column a: must be UTF-8/],
  ])('refuses %s', async (_what, bytes, message) => {
    await put(bytes)
    await expect(read()).rejects.toMatchObject({code: expect.stringMatching(/^(NotInEncoding|CsvInvalid)$/), message: expect.stringMatching(message)})
  })

  it('reads the same wherever a piece of the file ends', async () => {
    const row = 'Müller,"a ""quoted"" €, 😀\r\n",\r\n'
    const filler = 1 << 18
    for (let shift = 0; shift < 45; shift++) {
      await put(`a,b,c\n${'x'.repeat(filler - 50 + shift)},,\n${row.repeat(3)}`)
      expect((await read()).slice(filler - 50 + shift + 7)).toBe('Müller\ta "quoted" €, 😀\\r\\n\t\\N\n'.repeat(3))
    }
  })

  it.each([
    ['../secret', 'PathNotAllowed'],
    ['/etc/passwd', 'PathNotAllowed'],
    ['missing.csv', 'FileNotFound'],
    ['missing/bookings.csv', 'FileNotFound'],
    ['folder', 'FileNotReadable'],
    ['pipe', 'FileNotReadable'],
    ['escape', 'PathNotAllowed'],
    ['escape-folder/passwd', 'PathNotAllowed'],
  ])('refuses the path %s: %s', async (path, code) => {
    await mkdir(join(mount, 'folder'))
    execFileSync('mkfifo', [join(mount, 'pipe')])
    await symlink('/etc/passwd', join(mount, 'escape'))
    await symlink('/etc', join(mount, 'escape-folder'))
    await expect(read(path)).rejects.toMatchObject({code, transient: false, message: expect.stringContaining('bookings')})
  })

  it('follows a symbolic link inside the volume', async () => {
    await put('a\n1\n', 'real.csv')
    await symlink('real.csv', join(mount, 'bookings.csv'))
    expect(await read()).toBe('1\n')
  })

  it('notices that the file is written to while it is read, and calls it transient', async () => {
    await put(`a\n${'x\n'.repeat(300_000)}`)
    await using snapshot = await source().snapshot(new AbortController().signal)
    const dataset = await snapshot.open('bookings')
    await writeFile(join(mount, 'bookings.csv'), 'one more\n', {flag: 'a'})
    await expect(readAll(dataset)).rejects.toMatchObject({code: 'FileChanged', transient: true})
  })

  it('is not disturbed by a file that is put in its place', async () => {
    await put('a\nold\n')
    await using snapshot = await source().snapshot(new AbortController().signal)
    const dataset = await snapshot.open('bookings')
    await put('a\nnew\n', 'next.csv')
    await rename(join(mount, 'next.csv'), join(mount, 'bookings.csv'))
    expect((await readAll(dataset)).toString()).toBe('old\n')
  })

  it('says that a file was replaced between two readings of it, and calls it transient', async () => {
    await put('a\nold\n')
    await using snapshot = await source().snapshot(new AbortController().signal)
    expect((await readAll(await snapshot.open('bookings'))).toString()).toBe('old\n')
    expect((await readAll(await snapshot.open('bookings'))).toString()).toBe('old\n')
    await put('a\nnew\n', 'next.csv')
    await rename(join(mount, 'next.csv'), join(mount, 'bookings.csv'))
    await expect(snapshot.open('bookings')).rejects.toMatchObject({code: 'FileChanged', transient: true})
    expect(await openFiles()).toBe(0)
  })
})

describe('columns of a CSV file', () => {
  beforeEach(async () => {
    mount = await mkdtemp(join(tmpdir(), 'csv-'))
  })
  afterEach(() => rm(mount, {recursive: true}))

  const german = {delimiter: ';', decimalSign: ',', thousandsSeparator: '.', dateFormat: 'DD.MM.YYYY'}

  it('get names and types by the spec, the others stay as they are', async () => {
    await put('Betrag;Text;Datum;Offen\n1.234,50;a;31.10.2026;TRUE\n-0,5;"1.234,50";1.1.2026;0\n')
    const columns = [
      {name: 'amount', from: 'Betrag', type: 'numeric'},
      {name: 'document_date', from: 'Datum', type: 'date'},
      {name: 'open', from: 'Offen', type: 'boolean'},
    ]
    await using snapshot = await source('bookings.csv', german, {columns}).snapshot(new AbortController().signal)
    const dataset = await snapshot.open('bookings')
    expect(dataset.columns).toEqual([
      {name: 'amount', type: 'numeric'},
      {name: 'Text', type: 'text'},
      {name: 'document_date', type: 'date'},
      {name: 'open', type: 'boolean'},
    ])
    expect((await readAll(dataset)).toString()).toBe('1234.50\ta\t2026-10-31\tt\n-0.5\t1.234,50\t2026-01-01\tf\n')
  })

  it('of a file without a heading are those that the spec names, in order', async () => {
    await put('1;2026-10-31\n2;\n')
    expect(await read('bookings.csv', {delimiter: ';'}, {heading: false, columns: [{name: 'id'}, {name: 'day', type: 'date'}]})).toBe('1\t2026-10-31\n2\t\\N\n')
  })

  it.each([
    ['the first', 'x,a,b\n1,2,3\n', '2\t3\n'],
    ['the last', 'a,b,x\n2,3,1\n', '2\t3\n'],
    ['several', 'x,a,y,b,z\n1,2,,3,"q"",\n"\n', '2\t3\n'],
  ])('that nobody asked for are dropped: %s', async (_which, text, rows) => {
    await put(text)
    expect(await read('bookings.csv', {}, {otherColumns: 'Drop', columns: [{name: 'b'}, {name: 'a'}]})).toBe(rows)
  })

  it('that are typed take an empty text for NULL, also in quotes', async () => {
    await put('a,b,c\n"",,""\n')
    expect(await read('bookings.csv', {}, {columns: [{name: 'a', type: 'numeric'}, {name: 'b', type: 'date'}]})).toBe('\\N\t\\N\t\n')
  })

  it('know the text for NULL where it stands without quotes', async () => {
    await put('a,b,c\nNULL,"NULL",NULLS\n,"",NULL\n')
    expect(await read('bookings.csv', {nullText: 'NULL'}, {columns: [{name: 'a', type: 'numeric'}]})).toBe('\\N\tNULL\tNULLS\n\\N\t\t\\N\n')
  })

  it('know \\N for NULL where the spec says so', async () => {
    await put('a,b\n\\N,\\\\N\n')
    expect(await read('bookings.csv', {nullText: '\\N'})).toBe('\\N\t\\\\\\\\N\n')
  })

  it.each([
    ['no number', 'Betrag\n1,5\nzwölf\n', [{name: 'amount', from: 'Betrag', type: 'numeric'}], 'NotANumber', /line 3\), column amount \(Betrag\): must be a number such as 1\.234,56/],
    ['no day', 'd\n2026-10-31\n', [{name: 'd', type: 'date'}], 'NotADate', /line 2\), column d: must be a day as DD\.MM\.YYYY/],
    ['a column that is not there', 'a;b\n', [{name: 'c'}], 'ColumnNotInSource', /no column "c".* "a", "b"/],
    ['two columns of one name', 'a;b\n', [{name: 'b', from: 'a'}], 'DuplicateColumn', /two columns are named "b"/],
  ])('are refused, without their value: %s', async (...[, text, columns, code, message]) => {
    await put(text)
    const reading = read('bookings.csv', german, {columns})
    await expect(reading).rejects.toMatchObject({code, transient: false, message: expect.stringMatching(message)})
    await expect(reading).rejects.not.toMatchObject({message: expect.stringMatching(/zwölf|2026-10/)})
  })
})

describe('the dialect of a CSV file', () => {
  beforeEach(async () => {
    mount = await mkdtemp(join(tmpdir(), 'csv-'))
  })
  afterEach(() => rm(mount, {recursive: true}))

  it('may have single quotes, or none', async () => {
    await put(`a,b\n'x,''y''','"'\n`)
    expect(await read('bookings.csv', {quote: "'"})).toBe(`x,'y'\t"\n`)
    await put(`a,b\n"x","\n`)
    expect(await read('bookings.csv', {quote: 'None'})).toBe('"x"\t"\n')
  })

  const text = 'a,b\nMüller & Söhne,€ „x“ – ÿ\n'
  it.each([
    ['Windows1252', Buffer.from(text.replace('€', '\x80').replace('„', '\x84').replace('“', '\x93').replace('–', '\x96'), 'latin1'), 'Müller & Söhne\t€ „x“ – ÿ\n'],
    ['Latin1', Buffer.from('a,b\nMüller,ÿ\xa0\n', 'latin1'), 'Müller\tÿ\u00a0\n'],
    ['UTF16LE', Buffer.from(`\ufeff${text}😀,\u0bad\n`, 'utf16le'), 'Müller & Söhne\t€ „x“ – ÿ\n😀\t\u0bad\n'],
    ['UTF16LE', Buffer.from('a\n1\n', 'utf16le'), '1\n'],
  ])('may be encoded as %s', async (encoding, bytes, rows) => {
    await put(bytes)
    expect(await read('bookings.csv', {encoding})).toBe(rows)
  })

  it.each([
    ['Windows1252', Buffer.from('a\nx\ny\x81\n', 'latin1'), /line 3\), column a: must be Windows-1252/],
    ['Latin1', Buffer.from('a\n\x80\n', 'latin1'), /line 2\), column a: must be Latin-1, .*is the encoding Windows1252/],
    ['UTF16LE', Buffer.from('a\n\ud800x\n', 'utf16le'), /line 2\), column a: must be UTF-16: half of a surrogate pair/],
    ['UTF16LE', Buffer.from('a\n\udc00\n', 'utf16le'), /line 2\), column a: must be UTF-16: half of a surrogate pair/],
    ['UTF16LE', Buffer.concat([Buffer.from('a\nb\n', 'utf16le'), Buffer.from('x')]), /line 3\), column a: must be UTF-16: .* of a character stands alone/],
    ['UTF8', Buffer.from('a\nb\n', 'utf16le'), /line 1\)?: a NUL byte/],
  ])('encoded as %s has no other bytes', async (encoding, bytes, message) => {
    await put(bytes)
    await expect(read('bookings.csv', {encoding})).rejects.toMatchObject({code: expect.stringMatching(/^(NotInEncoding|CsvInvalid)$/), message: expect.stringMatching(message)})
  })

  it.each(['Windows1252', 'UTF16LE'])('as %s is read the same wherever a piece of the file ends', async (encoding) => {
    const row = '€Ä😀'.slice(0, encoding === 'UTF16LE' ? 4 : 2)
    const encode = (content: string): Buffer => (encoding === 'UTF16LE' ? Buffer.from(content, 'utf16le') : Buffer.from(content.replaceAll('€', '\x80'), 'latin1'))
    for (let shift = 0; shift < 10; shift++) {
      await put(encode(`a\n${'x'.repeat((1 << 17) - 5 + shift)}${row.repeat(3)}\n`))
      expect((await read('bookings.csv', {encoding})).slice((1 << 17) - 5 + shift)).toBe(`${row.repeat(3)}\n`)
    }
  })

  it('is the same in a gzip file, also of several members', async () => {
    await put(Buffer.concat([gzipSync(`a,b\n${'1,ä\n'.repeat(300_000)}`), gzipSync('2,ö\n')]))
    const rows = await read()
    expect(rows.length).toBe('1\tä\n'.length * 300_001)
    expect(rows.endsWith('2\tö\n')).toBe(true)
  })

  it.each([
    ['cut off', (whole: Buffer) => whole.subarray(0, -5)],
    ['damaged', (whole: Buffer) => whole.map((byte, index) => (index === 40 ? byte ^ 0xff : byte))],
  ])('is refused in a gzip file that is %s', async (_how, change) => {
    await put(change(gzipSync(`a,b\n${Array.from({length: 2_000}, (_, index) => `${index * 7919},x\n`).join('')}`)))
    await expect(read()).rejects.toMatchObject({code: 'GzipInvalid', transient: false, message: expect.stringContaining('bookings.csv')})
    expect(await openFiles()).toBe(0)
  })

  it('of a gzip file takes no more memory for many rows: it is let go in the midst', async () => {
    await put(gzipSync(`a\n${'x'.repeat(99).concat('\n').repeat(200_000)}`))
    await using snapshot = await source().snapshot(new AbortController().signal)
    for await (const chunk of (await snapshot.open('bookings')).chunks) {
      expect(chunk.length).toBeLessThan(1 << 20)
      break
    }
    expect(await openFiles()).toBe(0)
  })
})
