// What is wrong with documents: each with its row, column and rule, all of them in one pass, and no value in what status may say.
import {execFileSync} from 'node:child_process'
import {mkdir, symlink} from 'node:fs/promises'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {RowsRefused} from '../../findings.ts'
import type {Row} from '../../testing/dataset.ts'
import {datasetOf} from '../../testing/dataset.ts'
import {contextOf, inputOf, memorySink} from '../../testing/memory-sink.ts'
import {createDatevFormat} from '../format.ts'
import {booking, specOf} from '../testing/booking.ts'
import {MAX_DOCUMENT_BYTES} from './limits.ts'
import {DOCUMENT_RULES} from './rules.ts'
import type {Volume} from './testing/write.ts'
import {bookingOf, makeVolume, writeWith} from './testing/write.ts'

/** [row, column, rule] of all that was refused. */
async function refused(volume: Volume, documents: readonly Row[], more: {bookings?: readonly Row[]; path?: string} = {}): Promise<unknown[][]> {
  const error: unknown = await writeWith(volume, {documents, ...more}).catch((fault: unknown) => fault)
  if (!(error instanceof RowsRefused)) throw error
  return error.findings.map(({row, column, rule}) => [row, column, rule])
}

const FILE = {'a.pdf': 'x', 'b.pdf': 'x', 'folder/c.pdf': 'x', 'outside.pdf': 'x', 'empty.pdf': '', 'plain': 'x', 'run.exe': 'x', 'müller.pdf': 'x', 'CON.pdf': 'x', 'document.xml': 'x'}

const CASES: readonly [what: string, rows: readonly Row[], found: readonly unknown[][]][] = [
  ['no id and no path', [{document_id: '', path: null}], [[1, 'document_id', 'MissingValue'], [1, 'path', 'MissingValue']]],
  ['a kind that DATEV does not have', [{document_id: 'A', path: 'a.pdf', type: '3'}], [[1, 'type', 'ValueNotAllowed']]],
  ['no such file', [{document_id: 'A', path: 'nothing.pdf'}], [[1, 'path', 'FileNotFound']]],
  ['a path through a file', [{document_id: 'A', path: 'a.pdf/b.pdf'}], [[1, 'path', 'FileNotFound']]],
  ['a path that goes up', [{document_id: 'A', path: '../etc/passwd.txt'}], [[1, 'path', 'PathNotAllowed']]],
  ['an absolute path', [{document_id: 'A', path: '/etc/passwd.txt'}], [[1, 'path', 'PathNotAllowed']]],
  ['a Windows path', [{document_id: 'A', path: String.raw`folder\c.pdf`, file_name: 'c.pdf'}], [[1, 'path', 'PathNotAllowed']]],
  ['a folder', [{document_id: 'A', path: 'folder', file_name: 'a.pdf'}], [[1, 'path', 'FileNotReadable']]],
  ['an empty file', [{document_id: 'A', path: 'empty.pdf'}], [[1, 'path', 'FileEmpty']]],
  ['a file without an ending', [{document_id: 'A', path: 'plain'}], [[1, 'path', 'DocumentNameNotAllowed']]],
  ['a kind of file that DATEV does not take', [{document_id: 'A', path: 'run.exe'}], [[1, 'path', 'FileTypeNotAllowed']]],
  ['an umlaut in the name', [{document_id: 'A', path: 'müller.pdf'}], [[1, 'path', 'DocumentNameNotAllowed']]],
  ['a device of Windows', [{document_id: 'A', path: 'CON.pdf'}], [[1, 'path', 'DocumentNameNotAllowed']]],
  ['the name of the list', [{document_id: 'A', path: 'document.xml'}], [[1, 'path', 'DocumentNameNotAllowed']]],
  ['a folder in the name', [{document_id: 'A', path: 'a.pdf', file_name: '../a.pdf'}], [[1, 'file_name', 'DocumentNameNotAllowed']]],
  ['a name that hides', [{document_id: 'A', path: 'a.pdf', file_name: '.a.pdf'}], [[1, 'file_name', 'DocumentNameNotAllowed']]],
  ['a name of 101 characters', [{document_id: 'A', path: 'a.pdf', file_name: `${'a'.repeat(97)}.pdf`}], [[1, 'file_name', 'DocumentNameNotAllowed']]],
  [
    'a name that another document has in capitals',
    [{document_id: 'A', path: 'a.pdf'}, {document_id: 'B', path: 'b.pdf', file_name: 'A.PDF'}],
    [[2, 'file_name', 'DocumentNameTwice']],
  ],
  [
    'a document that goes on behind another',
    [{document_id: 'A', path: 'a.pdf'}, {document_id: 'B', path: 'b.pdf'}, {document_id: 'A', path: 'folder/c.pdf'}],
    [[3, 'document_id', 'DocumentNotTogether']],
  ],
  ['a document of two kinds', [{document_id: 'A', path: 'a.pdf', type: '1'}, {document_id: 'A', path: 'b.pdf', type: '2'}], [[2, 'type', 'DocumentTypeDiffers']]],
  [
    'many things in many rows',
    [{document_id: 'A', path: 'nothing.exe', type: 'x'}, {document_id: 'B', path: 'b.pdf'}, {document_id: 'C', path: 'empty.pdf'}],
    [[1, 'type', 'ValueNotAllowed'], [1, 'path', 'FileNotFound'], [1, 'path', 'FileTypeNotAllowed'], [3, 'path', 'FileEmpty']],
  ],
]

describe('documents', () => {
  test.each(CASES)('with %s are refused', async (_, rows, found) => {
    await using volume = await makeVolume(FILE)
    expect(await refused(volume, rows)).toEqual(found)
  })

  test('may be reached by a symbolic link inside the folder, and not by one that leads out of it', async () => {
    await using volume = await makeVolume({'in/a.pdf': 'x', 'outside.pdf': 'x'})
    await symlink('a.pdf', join(volume.mount, 'in/good.pdf'))
    await symlink('../outside.pdf', join(volume.mount, 'in/bad.pdf'))
    await symlink('/etc', join(volume.mount, 'in/etc'))
    const rows = [{document_id: 'A', path: 'good.pdf'}, {document_id: 'B', path: 'bad.pdf'}, {document_id: 'C', path: 'etc/passwd', file_name: 'p.txt'}]
    expect(await refused(volume, rows, {path: 'in'})).toEqual([[2, 'path', 'PathNotAllowed'], [3, 'path', 'PathNotAllowed']])
  })

  test('are not read from a folder that a symbolic link leads out of the volume to', async () => {
    await using volume = await makeVolume()
    await symlink('/etc', join(volume.mount, 'in'))
    await expect(writeWith(volume, {documents: [{document_id: 'A', path: 'passwd', file_name: 'p.txt'}], path: 'in'})).rejects.toMatchObject({code: 'PathNotAllowed'})
  })

  test('of a folder that is not there are missing, and a month without documents needs no folder', async () => {
    await using volume = await makeVolume()
    expect(await refused(volume, [{document_id: 'A', path: 'a.pdf'}], {path: '2026/10'})).toEqual([[1, 'path', 'FileNotFound']])
    expect((await writeWith(volume, {documents: [], path: '2026/10'})).packages).toEqual([])
  })

  test('have at most 50 files each, and the 51st is named', async () => {
    await using volume = await makeVolume(Object.fromEntries(Array.from({length: 52}, (_, index) => [`${index}.pdf`, 'x'])))
    const rows = Array.from({length: 52}, (_, index) => ({document_id: 'A', path: `${index}.pdf`}))
    expect((await writeWith(volume, {bookings: [bookingOf('A')], documents: rows.slice(0, 50)})).packages[0]!.files).toHaveLength(50)
    expect(await refused(volume, rows)).toEqual([[51, 'path', 'TooManyFiles']])
  })

  test('have at most 20 MB each, all files together, and the file that is too much is named', async () => {
    await using volume = await makeVolume({'a.pdf': MAX_DOCUMENT_BYTES - 1, 'b.pdf': 1, 'c.pdf': 1, 'd.pdf': 1})
    const rows = ['a', 'b', 'c', 'd'].map((name) => ({document_id: 'A', path: `${name}.pdf`}))
    expect(await refused(volume, rows)).toEqual([[3, 'path', 'DocumentTooLarge']])
    const [first] = (await writeWith(volume, {bookings: [bookingOf('A')], documents: rows.slice(0, 2)})).packages
    expect(first!.files.map(({bytes}) => bytes.length)).toEqual([MAX_DOCUMENT_BYTES - 1, 1])
  })

  test('that are pipes or devices are refused without waiting for them', async () => {
    await using volume = await makeVolume()
    await mkdir(join(volume.mount, 'pipes'))
    execFileSync('mkfifo', [join(volume.mount, 'pipes/a.pdf')])
    expect(await refused(volume, [{document_id: 'A', path: 'pipes/a.pdf'}])).toEqual([[1, 'path', 'FileNotReadable']])
  })
})

describe('a booking', () => {
  test('that names a document that is not there is refused, with its key and the id', async () => {
    await using volume = await makeVolume(FILE)
    const bookings = [bookingOf('A', {booking_id: '7'}), bookingOf('B', {booking_id: '8'})]
    const error: unknown = await writeWith(volume, {bookings, documents: [{document_id: 'A', path: 'a.pdf'}]}).catch((fault: unknown) => fault)
    expect(error).toMatchObject({
      code: 'DocumentMissing',
      findings: [{dataset: 'bookings', row: 2, key: {column: 'booking_id', value: '8'}, column: 'document_id (Beleglink, 20)', value: 'B'}],
    })
  })

  test('of a document whose file is wrong is not refused besides', async () => {
    await using volume = await makeVolume(FILE)
    expect(await refused(volume, [{document_id: 'A', path: 'nothing.pdf'}], {bookings: [bookingOf('A')]})).toEqual([[1, 'path', 'FileNotFound']])
  })

  test('is checked for all else besides', async () => {
    await using volume = await makeVolume(FILE)
    const bookings = [bookingOf('B', {amount: '0.00', text: 'a\tb'})]
    expect(await refused(volume, [], {bookings})).toEqual([
      [1, 'document_id (Beleglink, 20)', 'DocumentMissing'],
      [1, 'amount (Umsatz, 1)', 'AmountIsZero'],
      [1, 'text (Buchungstext, 14)', 'ControlCharacter'],
    ])
  })
})

describe('the shape of the datasets', () => {
  const DOCUMENTS = {document_id: 'A', path: 'a.pdf'}
  const SHAPES: readonly [what: string, datasets: readonly [bookings: Row, documents: Row], code: string, message: string][] = [
    ['bookings without document_id', [booking(), DOCUMENTS], 'MissingColumn', 'bookings lacks document_id (Beleglink, 20)'],
    ['a link besides', [bookingOf('A', {document_link: ''}), DOCUMENTS], 'DuplicateColumn', 'document_link and document_id'],
    ["DATEV's column besides", [bookingOf('A', {datev_20_beleglink: ''}), DOCUMENTS], 'DuplicateColumn', 'datev_20_beleglink and document_id'],
    ['documents without path', [bookingOf('A'), {document_id: 'A'}], 'MissingColumn', 'documents lacks path'],
    ['documents with another column', [bookingOf('A'), {...DOCUMENTS, filename: 'a'}], 'UnknownColumn', 'nearest: file_name'],
  ]
  test.each(SHAPES)('%s', async (_, [bookings, documents], code, message) => {
    await using volume = await makeVolume(FILE)
    const datasets = [datasetOf([documents], undefined, {name: 'documents'}), datasetOf([bookings])]
    const format = createDatevFormat(specOf(), {documents: {mount: volume.mount, path: '', repository: undefined}})
    await expect(format.write(inputOf(...datasets), memorySink(), contextOf())).rejects.toMatchObject({code, message: expect.stringContaining(message)})
  })

  test('a mapping that fills the Beleglink besides', async () => {
    await using volume = await makeVolume(FILE)
    const spec = {columns: [{to: 'datev_20_beleglink' as const, from: 'link'}]}
    const written = writeWith(volume, {bookings: [bookingOf('A', {link: ''})], documents: [DOCUMENTS], options: {spec}})
    await expect(written).rejects.toMatchObject({code: 'DuplicateColumn', message: expect.stringContaining('link and document_id')})
  })

  test('a document_id of bookings is unused, and no error, where the spec names no documents', async () => {
    const result = await createDatevFormat(specOf()).write(inputOf(datasetOf([bookingOf('A')])), memorySink(), contextOf())
    expect(result.unusedColumns).toEqual(['document_id'])
  })
})

test('no sentence holds a value', () => {
  expect(Object.values(DOCUMENT_RULES).every((sentence) => sentence.startsWith('must '))).toBe(true)
})
