// The format `csv`: one file a dataset (or several, by maxRows), as crds/formats/csv.ts describes it.
import type {CsvFormat} from '../../../crds/formats/csv.ts'
import {csvDialect} from '../tables/csv.ts'
import {writeTables} from '../tables/run.ts'
import type {Format} from '../types.ts'

export function createCsvFormat(spec: CsvFormat): Format {
  return {
    name: 'csv',
    write: (input, sink, context) =>
      writeTables(
        {
          entries: spec.datasets,
          extension: spec.extension,
          maxRows: spec.maxRows,
          currency: spec.currency,
          dialect: (dataset, chosen) => csvDialect(spec, {dataset, chosen, required: []}),
        },
        {input, sink, context},
      ),
  }
}
