// The sources by the name that the spec gives them. An adapter is loaded when it is used.
import type {DatasetName} from '../../crds/datasets.ts'
import {parseDuration} from '../../crds/duration.ts'
import type {FrozenExport, LocalPeriod} from '../../crds/run.ts'
import type {Secrets} from '../../crds/secrets.ts'
import {renderTemplate} from '../../crds/template.ts'
import type {TemplateValues} from '../../crds/template.ts'
import {PermanentFault} from '../errors.ts'
import type {Redact} from '../redact.ts'
import type {Source} from './types.ts'

export interface SourceContext {
  readonly period: LocalPeriod
  /** What paths may name. */
  readonly values: TemplateValues
  readonly secrets: Secrets
  /** Where the source's volume is mounted. */
  readonly mount: string
  readonly redact: Redact
  readonly now: () => Date
}

/** The source that the spec names; the schema has seen to it that it names exactly one. @throws PermanentFault */
export async function createSource({spec}: FrozenExport, context: SourceContext): Promise<Source> {
  const {postgres, csv} = spec.source
  if (postgres !== undefined) {
    const {name, key} = postgres.urlSecretRef
    const urlOrigin = `Secret ${name}, key ${key}`
    const url = context.secrets.postgresUrl
    if (url === undefined) throw new PermanentFault('ConnectionUrlMissing', `the connection URL (${urlOrigin}) was not given`)
    const {createPostgresSource} = await import('./postgres.ts')
    return createPostgresSource({
      url,
      urlOrigin,
      redact: context.redact,
      period: context.period,
      timeZone: spec.timeZone,
      statementTimeoutMs: parseDuration(spec.activeDeadline),
      queries: mapDatasets(postgres.datasets, ({query}) => query),
    })
  }
  if (csv !== undefined) {
    const {createCsvSource} = await import('./csv.ts')
    const paths = mapDatasets(csv.datasets, ({path}, dataset) => render(path, `spec.source.csv.datasets.${dataset}.path`, context.values))
    return createCsvSource({mount: context.mount, delimiter: csv.delimiter, paths, now: context.now})
  }
  throw new Error('the spec names no source')
}

/** Something of every dataset that the spec has. */
function mapDatasets<T extends object, R>(datasets: Partial<Record<DatasetName, T | undefined>>, of: (dataset: T, name: string) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(datasets).flatMap(([name, dataset]) => (dataset === undefined ? [] : [[name, of(dataset, name)]])))
}

function render(path: string, field: string, values: TemplateValues): string {
  try {
    return renderTemplate(path, values)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new PermanentFault('PathNotAllowed', `${field}: ${error.message}`, {cause: error})
  }
}
