// The exporter's environment in a pod: the only place that reads it.
import {z} from 'zod'
import {DESTINATION_MOUNT, ENV, SOURCE_MOUNT} from '../crds/names.ts'
import {FrozenExport, SlotOverride} from '../crds/run.ts'

export interface Environment {
  readonly frozen: FrozenExport
  readonly jobName: string
  readonly jobUid: string
  readonly slot: SlotOverride | undefined
  readonly postgresUrl: string | undefined
  readonly mounts: {readonly destination: string; readonly source: string}
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

/** Throws an Error that names the variable and what is wrong with it: a pod that the operator did not make. */
export function readEnvironment(env: NodeJS.ProcessEnv): Environment {
  const host = env['KUBERNETES_SERVICE_HOST']
  return {
    frozen: parse(ENV.export, env[ENV.export], FrozenExport),
    jobName: required(ENV.jobName, env[ENV.jobName]),
    jobUid: required(ENV.jobUid, env[ENV.jobUid]),
    slot: env[ENV.slot] === undefined ? undefined : parse(ENV.slot, env[ENV.slot], SlotOverride),
    postgresUrl: env[ENV.postgresUrl],
    mounts: {destination: DESTINATION_MOUNT, source: SOURCE_MOUNT},
    terminationLog: '/dev/termination-log',
    api: host === undefined ? undefined : {host, port: Number(env['KUBERNETES_SERVICE_PORT'] ?? 443), credentials: CREDENTIALS},
  }
}

function required(name: string, value: string | undefined): string {
  if (value === undefined || value === '') throw new Error(`the environment variable ${name} is not set: this program runs in a pod of the operator`)
  return value
}

function parse<T>(name: string, value: string | undefined, schema: z.ZodType<T>): T {
  const result = schema.safeParse(json(name, required(name, value)))
  if (!result.success) throw new Error(`the environment variable ${name} is not what the operator writes:\n${z.prettifyError(result.error)}`)
  return result.data
}

function json(name: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    throw new Error(`the environment variable ${name} is not JSON`, {cause: error})
  }
}
