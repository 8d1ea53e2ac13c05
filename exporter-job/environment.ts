// The exporter's environment in a pod: the only place that reads it. What begins with LOCAL is for tests outside of a pod.
import {z} from 'zod'
import {PrivateEndpoints} from '../crds/endpoints.ts'
import {DESTINATION_MOUNT, DOCUMENTS_MOUNT, ENV, SOURCE_MOUNT} from '../crds/names.ts'
import {FrozenExport, SlotOverride} from '../crds/run.ts'
import {secretsFrom} from '../crds/secrets.ts'
import type {Secrets} from '../crds/secrets.ts'
import {PermanentFault} from './errors.ts'

export interface Environment {
  readonly frozen: FrozenExport
  readonly jobName: string
  readonly jobUid: string
  readonly slot: SlotOverride | undefined
  readonly secrets: Secrets
  readonly mounts: {readonly destination: string; readonly source: string; readonly documents: string}
  /** Private addresses that an http source may reach. */
  readonly allowedPrivateEndpoints: readonly string[]
  /** Where the kubelet reads our last words. */
  readonly terminationLog: string
  readonly api: ApiAddress | undefined
}

/** Where the API server is, and the folder of the pod's own credentials. */
export interface ApiAddress {
  readonly host: string
  readonly port: number
  readonly credentials: string
}

const CREDENTIALS = '/var/run/secrets/kubernetes.io/serviceaccount'

const LOCAL = {
  destination: 'SCHEDULED_EXPORT_LOCAL_DESTINATION',
  source: 'SCHEDULED_EXPORT_LOCAL_SOURCE',
  documents: 'SCHEDULED_EXPORT_LOCAL_DOCUMENTS',
  terminationLog: 'SCHEDULED_EXPORT_LOCAL_TERMINATION_LOG',
  credentials: 'SCHEDULED_EXPORT_LOCAL_CREDENTIALS',
} as const

/** @throws PermanentFault EnvironmentInvalid naming the variable: a pod that the operator did not make */
export function readEnvironment(env: NodeJS.ProcessEnv): Environment {
  const {KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port = '443'} = env
  return {
    frozen: parse(ENV.export, env[ENV.export], FrozenExport),
    jobName: required(ENV.jobName, env[ENV.jobName]),
    jobUid: required(ENV.jobUid, env[ENV.jobUid]),
    slot: env[ENV.slot] === undefined ? undefined : parse(ENV.slot, env[ENV.slot], SlotOverride),
    secrets: secretsFrom(env),
    mounts: {
      destination: env[LOCAL.destination] ?? DESTINATION_MOUNT,
      source: env[LOCAL.source] ?? SOURCE_MOUNT,
      documents: env[LOCAL.documents] ?? DOCUMENTS_MOUNT,
    },
    allowedPrivateEndpoints: env[ENV.allowedPrivateEndpoints] === undefined ? [] : parse(ENV.allowedPrivateEndpoints, env[ENV.allowedPrivateEndpoints], PrivateEndpoints),
    terminationLog: env[LOCAL.terminationLog] ?? '/dev/termination-log',
    api: host === undefined ? undefined : {host, port: Number(port), credentials: env[LOCAL.credentials] ?? CREDENTIALS},
  }
}

function required(name: string, value: string | undefined): string {
  if (value === undefined || value === '') throw invalid(name, 'is not set: this program runs in a pod of the operator')
  return value
}

function parse<T>(name: string, value: string | undefined, schema: z.ZodType<T>): T {
  const result = schema.safeParse(json(name, required(name, value)))
  if (!result.success) throw invalid(name, `is not what this version of the operator writes:\n${z.prettifyError(result.error)}`)
  return result.data
}

function json(name: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw invalid(name, 'is not JSON')
  }
}

function invalid(name: string, problem: string): PermanentFault {
  return new PermanentFault('EnvironmentInvalid', `the environment variable ${name} ${problem}`)
}
