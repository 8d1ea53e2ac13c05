// Any documents and bookings: every link that is made has its document in one package, every document is in one, bookings of documents that are
// not there are refused each at its row, and nothing else happens.
import * as fc from 'fast-check'
import {afterAll, beforeAll, expect, test} from 'vitest'
import {RowsRefused, createFindings} from '../../findings.ts'
import {counted} from '../../testing/batches.ts'
import {PACKAGE_LIMITS} from './limits.ts'
import type {Volume, WrittenPackages} from './testing/write.ts'
import {bookingOf, makeVolume, writeWith} from './testing/write.ts'

/** Bookings and files: a quarter of what other formats try, for all files are read and written. */
const ROWS = Number(process.env['PROPERTY_ROWS'] ?? 6_000) / 4
/** Fewer than a run has on average, 19. */
const ROWS_A_RUN = 15
const RUNS = Math.ceil(ROWS / ROWS_A_RUN)

const SIZES = [1, 60, 500, 4_000]

let volume: Volume
beforeAll(async () => {
  volume = await makeVolume(Object.fromEntries(SIZES.map((size) => [`${size}.pdf`, size])))
})
afterAll(async () => {
  await volume[Symbol.asyncDispose]()
})

/** Ids as people have them: numbers, GUIDs, texts that COPY escapes. */
const ID = fc.oneof(
  fc.constantFrom('1', '2', 'RE-1', 'ä', 'a\tb', 'a\\b', 'BEDI "x"', ' ', '3f2504e0-4f89-11d3-9a0c-0305e82c3301', 'c9e3a8f0-0000-4000-8000-000000000000'),
  fc.string({minLength: 1, maxLength: 6, unit: 'grapheme'}).filter((text) => text !== ''),
)

const CASE = fc.record({
  documents: fc.uniqueArray(fc.record({id: ID, sizes: fc.array(fc.constantFrom(...SIZES), {minLength: 1, maxLength: 5}), type: fc.constantFrom(null, '1', '2')}), {
    selector: ({id}) => id.toUpperCase(),
    maxLength: 12,
  }),
  /** Of documents that are there, by their place, or of any id. */
  bookings: fc.array(fc.oneof({weight: 8, arbitrary: fc.nat(11)}, {weight: 1, arbitrary: ID}, {weight: 2, arbitrary: fc.constant(null)}), {minLength: 1, maxLength: 20}),
  limits: fc.record({documents: fc.integer({min: 1, max: 6}), bytes: fc.integer({min: 21_500, max: 60_000}), entries: fc.integer({min: 6, max: 30})}),
  chunkBytes: fc.integer({min: 1, max: 200}),
})
type Case = typeof CASE extends fc.Arbitrary<infer T> ? T : never

function idsOf({bookings, documents}: Case): (string | null)[] {
  return bookings.map((each) => (typeof each === 'number' ? (documents[each]?.id ?? null) : each))
}

function isKnown(id: string, {documents}: Case): boolean {
  return documents.some((document) => document.id === id || (/^[0-9a-f-]{36}$/i.test(id) && document.id.toLowerCase() === id.toLowerCase()))
}

async function run(drawn: Case): Promise<WrittenPackages | RowsRefused> {
  const documents = drawn.documents.flatMap(({id, sizes, type}, place) =>
    sizes.map((size, index) => ({document_id: id, path: `${size}.pdf`, file_name: `d${place}-${index}.pdf`, type})),
  )
  const bookings = idsOf(drawn).map((id) => bookingOf(id))
  const findings = createFindings(100)
  try {
    const options = {packages: {...PACKAGE_LIMITS, ...drawn.limits}, context: {findings}}
    const written = await writeWith(volume, {documents, bookings, chunkBytes: drawn.chunkBytes, options})
    expect(findings.notes().map(({value}) => value)).toEqual(unlinkedIds(drawn))
    return written
  } catch (error) {
    if (error instanceof RowsRefused) return error
    throw error
  }
}

function unlinkedIds(drawn: Case): string[] {
  const named = new Set(idsOf(drawn).map((id) => id?.toLowerCase()))
  return drawn.documents.map(({id}) => id).filter((id) => (/^[0-9a-f-]{36}$/i.test(id) ? !named.has(id.toLowerCase()) : !idsOf(drawn).includes(id)))
}

test(`any documents and bookings of ${counted(ROWS)} rows are linked, or refused by name`, {timeout: 600_000}, async () => {
  let rows = 0
  await fc.assert(
    fc.asyncProperty(CASE, async (drawn) => {
      const ids = idsOf(drawn)
      rows += ids.length + drawn.documents.reduce((sum, {sizes}) => sum + sizes.length, 0)
      const missing = ids.flatMap((id, index) => (id === null || isKnown(id, drawn) ? [] : [index + 1]))
      const outcome = await run(drawn)
      const found = outcome instanceof RowsRefused ? outcome.findings.map(({row, rule}) => [row, rule]) : []
      expect(found).toEqual(missing.map((row) => [row, 'DocumentMissing']))
      if (!(outcome instanceof RowsRefused)) expectWhole(drawn, outcome)
    }),
    {numRuns: RUNS},
  )
  expect(rows).toBeGreaterThanOrEqual(ROWS)
})

/** Reads everything back by value. */
function expectWhole(drawn: Case, {packages, stacks}: WrittenPackages): void {
  const listed = packages.flatMap(({list}) => list.documents)
  expect(listed.map(({type, files}) => [type ?? null, files])).toEqual(drawn.documents.map(({type, sizes}, place) => [type, sizes.map((_, index) => `d${place}-${index}.pdf`)]))
  expect(new Set(listed.map(({guid}) => guid)).size).toBe(listed.length)
  expect(packages.flatMap(({files}) => files.map(({bytes}) => bytes.length))).toEqual(drawn.documents.flatMap(({sizes}) => sizes))
  for (const {archive, list, files} of packages) {
    expect(archive.length).toBeLessThanOrEqual(drawn.limits.bytes)
    expect(list.documents.length).toBeLessThanOrEqual(drawn.limits.documents)
    expect(files.length + 1).toBeLessThanOrEqual(drawn.limits.entries)
  }
  const links = stacks.flatMap(({rows}) => rows.map((row) => row[19]!))
  expect(links).toEqual(idsOf(drawn).map((id) => (id === null ? '' : `BEDI "${listed[placeOf(id, drawn)]!.guid}"`)))
}

function placeOf(id: string, drawn: Case): number {
  return drawn.documents.findIndex((document) => isKnown(id, {...drawn, documents: [document]}))
}
