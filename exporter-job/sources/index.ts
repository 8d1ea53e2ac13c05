// The sources by the name that the spec gives them. An adapter is loaded when it is used.
import type {DatasetName} from '../../crds/datasets.ts'
import {parseDuration} from '../../crds/duration.ts'
import type {SecretKeyRef} from '../../crds/fields.ts'
import type {FrozenExport, LocalPeriod} from '../../crds/run.ts'
import type {Secrets} from '../../crds/secrets.ts'
import type {MysqlSource} from '../../crds/sources/mysql.ts'
import type {PostgresSource} from '../../crds/sources/postgres.ts'
import type {TemplateValues} from '../../crds/template.ts'
import {PermanentFault} from '../errors.ts'
import {rendered} from '../paths.ts'
import type {Redact} from '../redact.ts'
import type {SqlSourceOptions} from './sql/options.ts'
import {sqlParameters} from './sql/parameters.ts'
import type {FilesOptions} from './files/source.ts'
import type {Source} from './types.ts'

export interface SourceContext {
  readonly period: LocalPeriod
  /** What paths may name. */
  readonly values: TemplateValues
  readonly secrets: Secrets
  /** Where the source's volume is mounted. */
  readonly mount: string
  /** From the operator's configuration: private addresses that an http source may reach (http/allowed.ts). */
  readonly allowedPrivateEndpoints: readonly string[]
  readonly redact: Redact
  readonly now: () => Date
}

/** The source that the spec names; the schema has seen to it that it names exactly one. @throws PermanentFault */
export async function createSource({spec}: FrozenExport, context: SourceContext): Promise<Source> {
  const {postgres, mysql, csv, ndjson, http} = spec.source
  if (postgres !== undefined) {
    const {createPostgresSource} = await import('./postgres.ts')
    const {postgresUrl: url, postgresCa: ca} = context.secrets
    return createPostgresSource(sqlOptions(postgres, {name: 'postgres', url, ca}, {spec, context}))
  }
  if (mysql !== undefined) {
    const {createMysqlSource} = await import('./mysql.ts')
    const {mysqlUrl: url, mysqlCa: ca} = context.secrets
    return createMysqlSource(sqlOptions(mysql, {name: 'mysql', url, ca}, {spec, context}))
  }
  if (csv !== undefined) {
    const {createCsvSource} = await import('./csv.ts')
    return createCsvSource(csv, filesOptions('csv', csv.datasets, context))
  }
  if (ndjson !== undefined) {
    const {createNdjsonSource} = await import('./ndjson.ts')
    return createNdjsonSource(ndjson, filesOptions('ndjson', ndjson.datasets, context))
  }
  if (http !== undefined) {
    const {createHttpSource} = await import('./http.ts')
    return createHttpSource(http, context)
  }
  throw new Error('the spec names no source')
}

interface SqlSecrets {
  readonly name: 'postgres' | 'mysql'
  readonly url: string | undefined
  readonly ca: string | undefined
}

/** What the sources that speak SQL have in common. @throws PermanentFault ConnectionUrlMissing, CaMissing, ParameterInvalid */
function sqlOptions(
  source: PostgresSource | MysqlSource,
  {name, url, ca}: SqlSecrets,
  {spec, context}: {spec: FrozenExport['spec']; context: SourceContext},
): SqlSourceOptions {
  const urlOrigin = originOf(source.urlSecretRef)
  if (url === undefined) throw new PermanentFault('ConnectionUrlMissing', `the connection URL (${urlOrigin}) was not given`)
  const {tls, lockTimeout, statementTimeout = spec.activeDeadline} = source
  const caRef = tls?.caSecretRef
  if (caRef !== undefined && ca === undefined) throw new PermanentFault('CaMissing', `the certificates to trust (${originOf(caRef)}) were not given`)
  return {
    url,
    urlOrigin,
    redact: context.redact,
    ...(tls && {tls: {mode: tls.mode, ...(caRef && {ca, caOrigin: originOf(caRef)})}}),
    parameters: sqlParameters(source.parameters, `spec.source.${name}.parameters`, {period: context.period, timeZone: spec.timeZone}),
    timeZone: spec.timeZone,
    statementTimeoutMs: parseDuration(statementTimeout),
    lockTimeoutMs: parseDuration(lockTimeout),
    queries: mapDatasets(source.datasets, ({query}) => query),
  }
}

function originOf({name, key}: SecretKeyRef): string {
  return `Secret ${name}, key ${key}`
}

/** Something of every dataset that the spec has. */
function mapDatasets<T extends object, R>(datasets: Partial<Record<DatasetName, T | undefined>>, of: (dataset: T, name: string) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(datasets).flatMap(([name, dataset]) => (dataset === undefined ? [] : [[name, of(dataset, name)]])))
}

function filesOptions(kind: string, datasets: Partial<Record<DatasetName, {path: string} | undefined>>, {mount, values, now}: SourceContext): FilesOptions {
  return {mount, now, paths: mapDatasets(datasets, ({path}, dataset) => rendered(path, `spec.source.${kind}.datasets.${dataset}.path`, values))}
}
