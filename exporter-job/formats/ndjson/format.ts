// The format `ndjson`: one file a dataset (or several, by maxRows), as crds/formats/ndjson.ts describes it.
import type {NdjsonFormat} from '../../../crds/formats/ndjson.ts'
import {jsonDialect} from '../tables/json.ts'
import {writeTables} from '../tables/run.ts'
import type {Format} from '../types.ts'

export function createNdjsonFormat(spec: NdjsonFormat): Format {
  return {
    name: 'ndjson',
    write: (input, sink, context) =>
      writeTables(
        {
          entries: spec.datasets,
          extension: 'ndjson',
          maxRows: spec.maxRows,
          currency: spec.currency,
          dialect: (_, chosen) => jsonDialect(spec, chosen),
        },
        {input, sink, context},
      ),
  }
}
