// Which Secrets a run reads, and under which name its container gets each. The kubelet fills them in; nobody else reads them.
import type {SecretKeyRef} from './fields.ts'
import type {ScheduledExportSpec} from './spec.ts'

/** The environment variable of each secret. */
export const SECRET_ENV = {
  postgresUrl: 'SCHEDULED_EXPORT_POSTGRES_URL',
  postgresCa: 'SCHEDULED_EXPORT_POSTGRES_CA',
  mysqlUrl: 'SCHEDULED_EXPORT_MYSQL_URL',
  mysqlCa: 'SCHEDULED_EXPORT_MYSQL_CA',
  httpToken: 'SCHEDULED_EXPORT_HTTP_TOKEN',
  httpUsername: 'SCHEDULED_EXPORT_HTTP_USERNAME',
  httpPassword: 'SCHEDULED_EXPORT_HTTP_PASSWORD',
  httpCa: 'SCHEDULED_EXPORT_HTTP_CA',
} as const

export type SecretName = keyof typeof SECRET_ENV

/** Values as the environment has them. */
export type Secrets = Readonly<Partial<Record<SecretName, string>>>

/** The references of a spec, by the name that the exporter knows the secret by. */
export function secretRefs({source}: ScheduledExportSpec): readonly (readonly [name: SecretName, ref: SecretKeyRef])[] {
  const refs: Readonly<Record<SecretName, SecretKeyRef | undefined>> = {
    postgresUrl: source.postgres?.urlSecretRef,
    postgresCa: source.postgres?.tls?.caSecretRef,
    mysqlUrl: source.mysql?.urlSecretRef,
    mysqlCa: source.mysql?.tls?.caSecretRef,
    httpToken: source.http?.auth?.bearer?.tokenSecretRef,
    httpUsername: source.http?.auth?.basic?.usernameSecretRef,
    httpPassword: source.http?.auth?.basic?.passwordSecretRef,
    httpCa: source.http?.caSecretRef,
  }
  return Object.entries(refs).filter((entry): entry is [SecretName, SecretKeyRef] => entry[1] !== undefined)
}

/** What of that environment is a secret of a run. */
export function secretsFrom(env: Readonly<Record<string, string | undefined>>): Secrets {
  const found = Object.entries(SECRET_ENV).map(([name, variable]) => [name, env[variable]] as const)
  return Object.fromEntries(found.filter(([, value]) => value !== undefined))
}
