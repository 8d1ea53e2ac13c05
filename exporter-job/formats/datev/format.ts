// The format `datev`: the categories of files that the spec asks for, one after the other.
import type {DatevFormat} from '../../../crds/formats/datev.ts'
import type {Format, FormatInput, FormatResult} from '../types.ts'
import {PACKAGE_LIMITS} from './documents/limits.ts'
import type {DocumentsPlace} from './documents/place.ts'
import {MAX_ROWS_PER_FILE} from './parts.ts'
import {writeStacks} from './stacks.ts'
import type {DatevLimits, Writing} from './write-rows.ts'

export interface DatevOptions {
  /** For tests; what is left out is DATEV's. */
  readonly limits?: Partial<DatevLimits>
  /** Where documents are; undefined where the spec names none. */
  readonly documents?: DocumentsPlace | undefined
}

const LIMITS: DatevLimits = {maxRowsPerFile: MAX_ROWS_PER_FILE, packages: PACKAGE_LIMITS}

export function createDatevFormat(spec: DatevFormat, {limits, documents}: DatevOptions = {}): Format {
  return {
    name: 'datev',
    write: (input, sink, context) => writeFiles({spec, limits: {...LIMITS, ...limits}, sink, context, before: 0}, input, documents),
  }
}

/** Master data before the bookings that refer to it, and so are documents. */
async function writeFiles(writing: Writing, input: FormatInput, documents: DocumentsPlace | undefined): Promise<FormatResult> {
  const {files} = writing.spec
  const result = files.some((file) => file !== 'Buchungsstapel') ? await writeMasterFiles(writing, input) : NOTHING
  if (!files.includes('Buchungsstapel')) return result
  if (documents === undefined) return added(result, await writeStacks({...writing, before: result.rows}, await input.open('bookings')))
  const {writeDocuments} = await import('./documents/write.ts')
  const packages = await writeDocuments({...writing, before: result.rows}, documents, await input.open('documents'))
  const before = added(result, packages.result)
  const stacks = await writeStacks({...writing, before: before.rows}, await input.open('bookings'), packages.links)
  packages.noteUnlinked()
  return added(before, stacks)
}

const NOTHING: FormatResult = {rows: 0, datasets: [], totals: [], unusedColumns: [], protocol: {tables: []}}

async function writeMasterFiles(writing: Writing, input: FormatInput): Promise<FormatResult> {
  const [{MASTER_DATA}, {writeMasterData}] = await Promise.all([import('./master-categories.ts'), import('./master-data.ts')])
  let result = NOTHING
  for (const category of MASTER_DATA) {
    if (!writing.spec.files.includes(category.file)) continue
    result = added(result, await writeMasterData(category, {...writing, before: result.rows}, input))
  }
  return result
}

/** Only bookings have totals and a protocol. */
function added(one: FormatResult, other: FormatResult): FormatResult {
  return {
    rows: one.rows + other.rows,
    ...(other.summedRows !== undefined && {summedRows: other.summedRows}),
    datasets: [...one.datasets, ...other.datasets],
    totals: other.totals,
    unusedColumns: [...one.unusedColumns, ...other.unusedColumns],
    protocol: other.protocol,
  }
}
