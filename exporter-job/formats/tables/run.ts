// Every dataset of the source, one after the other: what csv and ndjson do.
import type {DatasetName} from '../../../crds/datasets.ts'
import type {ColumnChoice} from '../../../crds/formats/tables.ts'
import type {FormatResult} from '../types.ts'
import type {Dialect} from './plan.ts'
import type {ChosenColumn} from './resolve.ts'
import {fileNamer, formatResult, presentDatasets, requireDistinct} from './result.ts'
import type {Surroundings, TableResult} from './write.ts'
import {writeTable} from './write.ts'

interface Entry {
  readonly dataset: DatasetName
  readonly fileName?: string | undefined
  readonly columns: readonly ColumnChoice[]
}

export interface TablesSpec {
  readonly entries: readonly Entry[]
  readonly extension: string
  readonly maxRows: number | undefined
  readonly currency: string
  readonly dialect: (dataset: DatasetName, columns: readonly ChosenColumn[]) => Dialect
}

/** @throws PermanentFault DatasetMissing, DuplicateFileName, PathNotAllowed, and those of writeTable */
export async function writeTables(spec: TablesSpec, surroundings: Surroundings): Promise<FormatResult> {
  const {input, context} = surroundings
  const present = presentDatasets(input, spec.entries).map((dataset) => {
    const entry = spec.entries.find((each) => each.dataset === dataset)
    const fileName = fileNamer(
      {dataset, template: entry?.fileName, extension: spec.extension, numbered: spec.maxRows !== undefined},
      context,
    )
    return {dataset, choices: entry?.columns ?? [], fileName}
  })
  requireDistinct(new Map(present.map(({dataset, fileName}) => [dataset, fileName(1)])))
  const tables: TableResult[] = []
  let rowsBefore = 0
  for (const {dataset, choices, fileName} of present) {
    const {maxRows, currency} = spec
    const table = await writeTable(
      {dataset, choices, fileName, maxRows, currency, rowsBefore, dialect: (columns) => spec.dialect(dataset, columns)},
      surroundings,
    )
    tables.push(table)
    rowsBefore += table.rows
  }
  return formatResult(tables)
}
