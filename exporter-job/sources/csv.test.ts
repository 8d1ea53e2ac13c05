import {execFileSync} from 'node:child_process'
import {mkdir, mkdtemp, readdir, readlink, rename, rm, symlink, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {CsvSource} from '../../crds/sources/csv.ts'
import {createCsvSource} from './csv.ts'
import {describeSource, readAll} from './testing/contract.ts'
import type {SourceHarness, Table, Value} from './testing/contract.ts'
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

async function harness(): Promise<SourceHarness> {
  mount = await mkdtemp(join(tmpdir(), 'csv-'))
  return {
    put: (table) => put(csv(table)),
    putMany: (rows) => put(`id,text,amount\n${`12345,${'x'.repeat(80)},123.45\n`.repeat(rows)}`),
    source: async () => source(),
    held: openFiles,
    dispose: () => rm(mount, {recursive: true}),
  }
}

describe('CSV files as a source', () => {
  describeSource(harness)
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
    ['a short row', 'a,b\n1,2\n3\n', /line 3: the row has 1 fields, but there are 2 columns/],
    ['a long row', 'a,b\n1,2,3\n', /line 2: the row has more than 2 fields/],
    ['an empty line between rows', 'a,b\n1,2\n\n3,4\n', /line 3: an empty line/],
    ['a quote inside a plain field', 'a,b\n1,5" pipe\n', /line 2: a quote inside a field/],
    ['text behind a closing quote', 'a,b\n"1"2,3\n', /line 2: something follows a closing quote/],
    ['a quote that is never closed', 'a,b\n1,2\n"3,4\n5,6\n', /line 3: the quote that begins here is never closed/],
    ['a bare carriage return', 'a,b\r1,2\r', /line 1: a carriage return without a line feed/],
    ['a carriage return at the end of the file', 'a,b\n1,2\r', /line 2: a carriage return/],
    ['a NUL byte', 'a,b\n1,\0\n', /line 2: a NUL byte/],
    ['line numbers behind quoted line breaks', 'a,b\n"1\n\n",2\n3\n', /line 5: the row has 1/],
    ['an empty file', '', /line 1: the file is empty/],
    ['a column without a name', 'a,,c\n', /line 1: column 2 has no name/],
    ['a heading with a tab', 'a,"b\tc"\n', /line 1: the name of column 2/],
    ['a field of more than a megabyte', `a,b\n1,"${'x\n'.repeat(1 << 20)}`, /line 2: a field of more than 1 MiB begins here/],
    ['a heading without an end', 'x'.repeat(300_000), /line 1: the heading is longer/],
  ])('names line and rule of %s', async (_what, text, message) => {
    await put(text)
    await expect(read()).rejects.toMatchObject({code: 'CsvInvalid', transient: false, message: expect.stringMatching(message)})
  })

  it.each([
    ['Latin-1', Buffer.from('a,b\n1,2\n3,M\xfcller\n', 'latin1'), /line 3: not UTF-8 \(byte 0xfc\)/],
    ['UTF-16', Buffer.from('\ufeffa,b\n', 'utf16le'), /line 1: not UTF-8/],
    ['a character cut off by the end of the file', Buffer.from('a\nM\xc3', 'latin1'), /line 2: not UTF-8 \(byte 0xc3\)/],
    ['a wrong byte far behind', Buffer.concat([Buffer.from('a\n'), Buffer.from('ä\n'.repeat(200_000)), Buffer.from([0xff])]), /line 200002: not UTF-8/],
  ])('refuses %s', async (_what, bytes, message) => {
    await put(bytes)
    await expect(read()).rejects.toMatchObject({code: 'CsvInvalid', message: expect.stringMatching(message)})
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
})
