// The command line of `npm run export`.
import {dirname, resolve} from 'node:path'
import {parseArgs} from 'node:util'
import {parsePeriod} from '../../crds/period.ts'
import type {LocalPeriod} from '../../crds/run.ts'
import {SECRET_ENV, secretsFrom} from '../../crds/secrets.ts'
import type {Secrets} from '../../crds/secrets.ts'

export const USAGE = `usage: npm run export -- --file FILE [--period PERIOD] [--out DIR] [--in DIR] [--documents DIR] [--postgres-url URL | --mysql-url URL] [--check]

  --file FILE          the manifest of a ScheduledExport; no cluster is needed
  --period PERIOD      2026-10, 2026-Q3, 2026, 2026-W44, 2026-10-05 or 2026-10-01..2026-10-15; default: what a run at this moment would cover
  --out DIR            stands for the destination's volume; default ./out
  --in DIR             stands for the volume of a csv or ndjson source; default: the manifest's folder
  --documents DIR      stands for the volume that documents are read from; default: as --in
  --postgres-url URL   stands for the Secret; default: the environment variable ${SECRET_ENV.postgresUrl}
  --mysql-url URL      the same for MySQL and MariaDB; default: ${SECRET_ENV.mysqlUrl}
                       (certificates of tls.caSecretRef: ${SECRET_ENV.postgresCa}, ${SECRET_ENV.mysqlCa})
                       (an http source's Secrets: ${SECRET_ENV.httpToken}, ${SECRET_ENV.httpUsername},
                       ${SECRET_ENV.httpPassword}, ${SECRET_ENV.httpCa})
  --check              read and check everything, publish nothing; a list of errors is put into --out

The last line of stdout is the result as JSON.
Exit code 0: published (with --check: it could be); 2: the call, the spec, the data or the destination must change; 3: a fault that may pass; 143: stopped by Ctrl-C or SIGTERM.`

/** A call that cannot be carried out: the message says what would be right. */
export class UsageError extends Error {
  readonly code: 'Usage' | 'SpecInvalid'
  /** Whether it helps to see what can be called. */
  readonly showUsage: boolean

  constructor(message: string, {code = 'Usage', showUsage = false}: {code?: 'Usage' | 'SpecInvalid'; showUsage?: boolean} = {}) {
    super(message)
    this.code = code
    this.showUsage = showUsage
  }
}

export interface Arguments {
  readonly file: string
  readonly period: LocalPeriod | undefined
  readonly out: string
  readonly in: string
  readonly documents: string
  readonly secrets: Secrets
  /** Publish nothing. */
  readonly check: boolean
}

/** 'help', or the call. Throws UsageError. */
export function parseArguments(args: readonly string[], env: NodeJS.ProcessEnv): Arguments | 'help' {
  const values = parsed(args)
  if (values.help === true) return 'help'
  if (values.file === undefined) throw new UsageError('--file is missing: name the manifest of a ScheduledExport', {showUsage: true})
  const read = resolve(values.in ?? dirname(values.file))
  return {
    file: resolve(values.file),
    period: values.period === undefined ? undefined : period(values.period),
    out: resolve(values.out ?? 'out'),
    in: read,
    documents: values.documents === undefined ? read : resolve(values.documents),
    secrets: {
      ...secretsFrom(env),
      ...(values['postgres-url'] !== undefined && {postgresUrl: values['postgres-url']}),
      ...(values['mysql-url'] !== undefined && {mysqlUrl: values['mysql-url']}),
    },
    check: values.check ?? false,
  }
}

interface Values {
  readonly file?: string
  readonly period?: string
  readonly out?: string
  readonly in?: string
  readonly documents?: string
  readonly 'postgres-url'?: string
  readonly 'mysql-url'?: string
  readonly check?: boolean
  readonly help?: boolean
}

function parsed(args: readonly string[]): Values {
  const text = {type: 'string'} as const
  const flags = {check: {type: 'boolean'}, help: {type: 'boolean', short: 'h'}} as const
  const options = {file: text, period: text, out: text, in: text, documents: text, 'postgres-url': text, 'mysql-url': text, ...flags} as const
  try {
    return parseArgs({args: [...args], options}).values
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), {showUsage: true})
  }
}

function period(text: string): LocalPeriod {
  try {
    return parsePeriod(text)
  } catch (error) {
    throw new UsageError(`--period: ${error instanceof Error ? error.message : String(error)}`)
  }
}
