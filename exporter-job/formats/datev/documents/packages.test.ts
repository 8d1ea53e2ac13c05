// Where packages end: at DATEV's limits, never inside a document.
import {describe, expect, test} from 'vitest'
import {datasetOf} from '../../testing/dataset.ts'
import {contextOf, inputOf} from '../../testing/memory-sink.ts'
import {createDatevFormat} from '../format.ts'
import {specOf} from '../testing/booking.ts'
import type {PackageLimits} from './limits.ts'
import {PACKAGE_LIMITS} from './limits.ts'
import type {Input, Package, Volume} from './testing/write.ts'
import {bookingOf, makeVolume, writeWith} from './testing/write.ts'

/** Documents of as many files as said, each of ten bytes. */
function documentsOf(...counts: readonly number[]): Input['documents'] {
  return counts.flatMap((count, document) =>
    Array.from({length: count}, (_, file) => ({document_id: `D${document}`, path: 'ten.pdf', file_name: `D${document}-${file}.pdf`})),
  )
}

async function packagesOf(volume: Volume, documents: Input['documents'], limits: Partial<PackageLimits>): Promise<readonly Package[]> {
  const {packages} = await writeWith(volume, {bookings: [bookingOf('D0')], documents, options: {packages: {...PACKAGE_LIMITS, ...limits}}})
  return packages
}

function filesOf(packages: readonly Package[]): string[][] {
  return packages.map(({list}) => list.documents.map(({files}) => `${files[0]!.split('-')[0]}×${files.length}`))
}

describe('a package', () => {
  test('is full at a number of documents', async () => {
    await using volume = await makeVolume({'ten.pdf': 10})
    const packages = await packagesOf(volume, documentsOf(1, 2, 1, 1, 3), {documents: 2})
    expect(packages.map(({name, rows}) => [name, rows])).toEqual([
      ['Belege_202610_001.zip', 3],
      ['Belege_202610_002.zip', 2],
      ['Belege_202610_003.zip', 3],
    ])
    expect(filesOf(packages)).toEqual([['D0×1', 'D1×2'], ['D2×1', 'D3×1'], ['D4×3']])
  })

  test('is full at a number of bytes, exactly', async () => {
    await using volume = await makeVolume({'ten.pdf': 10})
    const documents = documentsOf(1, 2, 1)
    const [whole] = await packagesOf(volume, documents, {})
    const bytes = whole!.archive.length
    expect(filesOf(await packagesOf(volume, documents, {bytes}))).toEqual([['D0×1', 'D1×2', 'D2×1']])
    expect(filesOf(await packagesOf(volume, documents, {bytes: bytes - 1}))).toEqual([['D0×1', 'D1×2'], ['D2×1']])
  })

  test('is full at a number of entries, the list among them', async () => {
    await using volume = await makeVolume({'ten.pdf': 10})
    const packages = await packagesOf(volume, documentsOf(2, 2, 1, 4), {entries: 5})
    expect(filesOf(packages)).toEqual([['D0×2', 'D1×2'], ['D2×1'], ['D3×4']])
  })

  test('keeps what DATEV takes: 465 MB in the smaller sense', () => {
    expect(PACKAGE_LIMITS).toEqual({documents: 4_999, bytes: 465_000_000, entries: 65_534})
  })
})

describe('the files', () => {
  test('are read into the same memory: a run takes no more for many than for one', async () => {
    await using volume = await makeVolume({'large.pdf': 4_000_000})
    const documents = Array.from({length: 40}, (_, index) => ({document_id: `D${index}`, path: 'large.pdf', file_name: `D${index}.pdf`}))
    const before = process.memoryUsage().arrayBuffers
    let most = 0
    const sink = {
      create: () =>
        Promise.resolve({
          write() {
            most = Math.max(most, process.memoryUsage().arrayBuffers)
            return Promise.resolve()
          },
          close: () => Promise.resolve(),
        }),
    }
    const format = createDatevFormat(specOf(), {documents: {mount: volume.mount, path: '', repository: undefined}})
    await format.write(inputOf(datasetOf(documents, undefined, {name: 'documents'}), datasetOf([bookingOf('D0')])), sink, contextOf())
    expect(most - before).toBeLessThan(20_000_000)
  })
})
