// The format `datev`: the categories of files that the spec asks for, one after the other.
import type {DatevFormat} from '../../../crds/formats/datev.ts'
import type {Format, FormatInput, FormatResult} from '../types.ts'
import {MAX_ROWS_PER_FILE} from './parts.ts'
import {writeStacks} from './stacks.ts'
import type {DatevLimits, Writing} from './write-rows.ts'

export function createDatevFormat(spec: DatevFormat, limits: DatevLimits = {maxRowsPerFile: MAX_ROWS_PER_FILE}): Format {
  return {
    name: 'datev',
    write: (input, sink, context) => writeFiles({spec, limits, sink, context, before: 0}, input),
  }
}

/** Master data before the bookings that refer to it. */
async function writeFiles(writing: Writing, input: FormatInput): Promise<FormatResult> {
  const {files} = writing.spec
  const result = files.some((file) => file !== 'Buchungsstapel') ? await writeMasterFiles(writing, input) : NOTHING
  if (!files.includes('Buchungsstapel')) return result
  return added(result, await writeStacks({...writing, before: result.rows}, await input.open('bookings')))
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
    datasets: [...one.datasets, ...other.datasets],
    totals: other.totals,
    unusedColumns: [...one.unusedColumns, ...other.unusedColumns],
    protocol: other.protocol,
  }
}
