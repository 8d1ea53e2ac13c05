// Document packages as an accountant gets them: what is in them, and what bookings say of it.
import {describe, expect, test} from 'vitest'
import {createFindings} from '../../findings.ts'
import {bookingOf, linksOf, makeVolume, writeWith} from './testing/write.ts'

/** UUIDv5 of "1001/456/datev-monthly/RE-1", reckoned by another program. */
const RE_1 = '018C6716-8FF8-5E27-9EB3-531755421617'
const FILES = {'2026/RE-1.pdf': '%PDF-1', '2026/RE-1-anlage.xml': '<a/>', 'RE-2.pdf': '%PDF-2'}
const DOCUMENTS = [
  {document_id: 'RE-1', path: '2026/RE-1.pdf', type: '2'},
  {document_id: 'RE-1', path: '2026/RE-1-anlage.xml', file_name: 'Anlage zu RE-1.xml', type: '2'},
  {document_id: 'RE-2', path: 'RE-2.pdf'},
]
const BOOKINGS = [bookingOf('RE-1'), bookingOf(null), bookingOf('RE-2'), bookingOf('RE-1', {document_date: '2026-10-02'})]

describe('a document package', () => {
  test('holds every file, its list, and the time of the run', async () => {
    await using volume = await makeVolume(FILES)
    const {packages, names} = await writeWith(volume, {bookings: BOOKINGS, documents: DOCUMENTS})
    expect(names).toEqual(['Belege_202610_001.zip', 'EXTF_Buchungsstapel_202610_001.csv'])
    const [{list, files, rows}] = packages as [(typeof packages)[0]]
    expect(files.map(({name, bytes}) => [name, bytes.toString()])).toEqual([
      ['RE-1.pdf', '%PDF-1'],
      ['Anlage zu RE-1.xml', '<a/>'],
      ['RE-2.pdf', '%PDF-2'],
    ])
    expect(list).toMatchObject({
      date: '2026-11-01T06:00:00',
      generatingSystem: 'ScheduledExport',
      documents: [
        {guid: RE_1, processID: '1', type: '2', files: ['RE-1.pdf', 'Anlage zu RE-1.xml'], repository: []},
        {processID: '1', type: undefined, files: ['RE-2.pdf']},
      ],
    })
    expect(new Set(files.map(({modified}) => modified))).toEqual(new Set(['2026-11-01 06:00:00']))
    expect(rows).toBe(3)
  })

  test('is what the Beleglink of its bookings names', async () => {
    await using volume = await makeVolume(FILES)
    const written = await writeWith(volume, {bookings: BOOKINGS, documents: DOCUMENTS})
    const [re1, re2] = written.packages[0]!.list.documents.map(({guid}) => `BEDI "${guid}"`)
    expect(linksOf(written)).toEqual([re1, '', re2, re1])
  })

  test('is counted with the rows of the run', async () => {
    await using volume = await makeVolume(FILES)
    const {result} = await writeWith(volume, {bookings: BOOKINGS, documents: DOCUMENTS.map((row) => ({...row, text: 'Rechnung'}))})
    expect(result).toMatchObject({
      rows: 7,
      summedRows: 4,
      datasets: [{dataset: 'documents', written: 3, skipped: 0}, {dataset: 'bookings', written: 4, skipped: 0}],
      unusedColumns: ['documents.text'],
    })
    expect(result.totals.reduce((sum, {count}) => sum + count, 0)).toBe(4)
  })

  test('is the same to the byte, however the rows come in', async () => {
    await using volume = await makeVolume(FILES)
    const input = {bookings: BOOKINGS, documents: DOCUMENTS}
    const [one, other] = [await writeWith(volume, input), await writeWith(volume, {...input, chunkBytes: 7})]
    expect(other.packages[0]!.archive.equals(one.packages[0]!.archive)).toBe(true)
    expect(other.stacks).toEqual(one.stacks)
  })

  test('is named by the days of a period that is no month, and by the revision', async () => {
    await using volume = await makeVolume(FILES)
    const context = {period: {start: '2026-10-05', end: '2026-10-12'}, revisionSuffix: '-r2'}
    const {names} = await writeWith(volume, {bookings: [bookingOf('RE-2', {document_date: '2026-10-05'})], documents: [DOCUMENTS[2]!], options: {context}})
    expect(names[0]).toBe('Belege_20261005-20261011_001-r2.zip')
  })

  test('goes into the repository that the spec names', async () => {
    await using volume = await makeVolume(FILES)
    const repository = {category: 'Müller & "Söhne"', folder: '<Belege>', register: '2026/10'}
    const {packages} = await writeWith(volume, {bookings: [bookingOf('RE-2')], documents: [DOCUMENTS[2]!], repository})
    expect(packages[0]!.list.documents[0]).toMatchObject({processID: '2', repository: ['Müller & "Söhne"', '<Belege>', '2026/10']})
  })

  test('is not there where there is no document', async () => {
    await using volume = await makeVolume()
    expect((await writeWith(volume, {documents: []})).names).toEqual(['EXTF_Buchungsstapel_202610_001.csv'])
  })

  test('takes files from the folder that the spec names', async () => {
    await using volume = await makeVolume({'in/2026/RE-2.pdf': 'x'})
    const {packages} = await writeWith(volume, {bookings: [bookingOf('RE-2')], documents: [{document_id: 'RE-2', path: '2026/RE-2.pdf'}], path: 'in'})
    expect(packages[0]!.files.map(({name}) => name)).toEqual(['RE-2.pdf'])
  })
})

describe('the GUID of a document', () => {
  test('is the one that the dataset gives, in whatever case both give it', async () => {
    await using volume = await makeVolume(FILES)
    const guid = '3f2504e0-4f89-11d3-9a0c-0305e82c3301'
    const written = await writeWith(volume, {bookings: [bookingOf(guid.toUpperCase())], documents: [{document_id: guid, path: 'RE-2.pdf'}]})
    expect(linksOf(written)).toEqual([`BEDI "${guid.toUpperCase()}"`])
  })

  test.each([
    ['of another client', {spec: {client: 457}}],
    ['of another export', {context: {name: 'shop'}}],
  ])('is another one for the same id %s', async (_, options) => {
    await using volume = await makeVolume(FILES)
    const written = await writeWith(volume, {bookings: [bookingOf('RE-1')], documents: [DOCUMENTS[0]!], options})
    expect(linksOf(written)).not.toEqual([`BEDI "${RE_1}"`])
  })
})

describe('a document that no booking names', () => {
  const NOTE = {dataset: 'documents', row: 3, key: {column: 'document_id', value: 'RE-2'}, rule: 'DocumentNotLinked'}

  test('is in its package, and noted', async () => {
    await using volume = await makeVolume(FILES)
    const findings = createFindings(10)
    const {packages} = await writeWith(volume, {bookings: [bookingOf('RE-1')], documents: DOCUMENTS, options: {context: {findings}}})
    expect(packages[0]!.list.documents).toHaveLength(2)
    expect(findings.notes()).toMatchObject([NOTE])
  })

  test('is noted where only a booking of 0,00 names it, which is left out', async () => {
    await using volume = await makeVolume(FILES)
    const findings = createFindings(10)
    const bookings = [bookingOf('RE-1'), bookingOf('RE-2', {amount: '-0.00'})]
    const {result} = await writeWith(volume, {bookings, documents: DOCUMENTS, options: {spec: {zeroAmount: 'Skip'}, context: {findings}}})
    expect(findings.notes().map(({rule}) => rule)).toEqual(['ZeroAmountSkipped', 'DocumentNotLinked'])
    expect(result.datasets[1]).toEqual({dataset: 'bookings', written: 1, skipped: 1})
  })
})
