// The operator's configuration: one YAML file, named by the environment. The chart renders it from its values.
import {readFileSync} from 'node:fs'
import {parse} from 'yaml'
import {z} from 'zod'
import {parseDuration} from '../crds/duration.ts'
import {PrivateEndpoints} from '../crds/endpoints.ts'
import {OPERATOR_FIELD_MANAGER, RUNNER_NAME} from '../crds/names.ts'
import {messageOf} from './kube/errors.ts'

export const DEFAULT_CONFIG_PATH = '/etc/scheduled-export/config.yaml'

/** A Go-style duration in the file, milliseconds once read. */
function milliseconds(fallback: string): z.ZodPipe<z.ZodDefault<z.ZodString>, z.ZodTransform<number, string>> {
  return z
    .string()
    .default(fallback)
    .transform((text, context) => {
      try {
        return parseDuration(text)
      } catch (error) {
        context.addIssue({code: 'custom', message: messageOf(error)})
        return z.NEVER
      }
    })
}

const StringMap = z.record(z.string(), z.string())
const Quantity = z.union([z.string(), z.number()]).transform(String)

const Toleration = z.strictObject({
  key: z.string().optional(),
  operator: z.enum(['Exists', 'Equal']).optional(),
  value: z.string().optional(),
  effect: z.enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute']).optional(),
  tolerationSeconds: z.int().optional(),
})

/** What the cluster's administrator adds to every exporter's pod; everything else in the pod is the operator's own. */
export const RunnerPod = z.strictObject({
  imagePullSecrets: z.array(z.strictObject({name: z.string()})).optional(),
  nodeSelector: StringMap.optional(),
  tolerations: z.array(Toleration).optional(),
  labels: StringMap.optional(),
  annotations: StringMap.optional(),
  resources: z
    .strictObject({requests: z.record(z.string(), Quantity).optional(), limits: z.record(z.string(), Quantity).optional()})
    .optional(),
  priorityClassName: z.string().optional(),
  /** Private networks, addresses and hosts that an http source may reach; a spec cannot add to them. */
  allowedPrivateEndpoints: PrivateEndpoints.optional(),
})
export type RunnerPod = z.infer<typeof RunnerPod>

const Runner = z.strictObject({
  /** The exporter's image. */
  image: z.string().min(1),
  imagePullPolicy: z.enum(['Always', 'IfNotPresent', 'Never']).default('IfNotPresent'),
  /** ClusterRole that each namespace's RoleBinding refers to. */
  clusterRole: z.string().min(1).default(RUNNER_NAME),
  pod: RunnerPod.prefault({}),
  /** By namespace; merged over `pod` ({@link runnerPodOf}). */
  namespaces: z.record(z.string(), RunnerPod).prefault({}),
})

const LeaderElection = z
  .strictObject({
    enabled: z.boolean().default(true),
    /** Namespace of the Lease; left out, that of the operator's own pod. */
    namespace: z.string().min(1).optional(),
    name: z.string().min(1).default(OPERATOR_FIELD_MANAGER),
    /** ms. After this long without a renewal another replica may take the Lease. */
    leaseDuration: milliseconds('15s'),
    /** ms. A leader that could not renew for this long stops being one. */
    renewDeadline: milliseconds('10s'),
    /** ms between attempts to acquire or renew. */
    retryPeriod: milliseconds('2s'),
  })
  .refine((value) => value.leaseDuration > value.renewDeadline && value.renewDeadline > value.retryPeriod && value.retryPeriod > 0, {
    message: 'must have leaseDuration > renewDeadline > retryPeriod > 0s, or two replicas could lead at once',
  })

export const OperatorConfig = z.strictObject({
  /** Namespaces to watch; empty means all. */
  namespaces: z.array(z.string().min(1)).default([]),
  logLevel: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  /** Exports reconciled at the same time. */
  workers: z.int().min(1).max(64).default(4),
  leaderElection: LeaderElection.prefault({}),
  listen: z.strictObject({port: z.int().min(0).max(65_535).default(8080)}).prefault({}),
  runner: Runner,
  /** ms. A run's pod that is Pending for longer sets the condition RunBlocked. */
  podPendingAfter: milliseconds('2m'),
})
/** The configuration with its defaults; durations are milliseconds. */
export type OperatorConfig = z.infer<typeof OperatorConfig>

/** Reads a configuration from YAML; throws an Error that names every wrong field. */
export function parseConfig(text: string): OperatorConfig {
  const result = OperatorConfig.safeParse(parse(text) ?? {})
  if (!result.success) throw new Error(`the configuration is not valid:\n${z.prettifyError(result.error)}`)
  return result.data
}

/** Reads the configuration file; throws an Error that names the file. */
export function loadConfig(path: string): OperatorConfig {
  try {
    return parseConfig(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new Error(`${path}: ${messageOf(error)}`, {cause: error})
  }
}

/** The pod settings of a namespace: maps are merged key by key, lists and single values of the namespace replace the general ones. */
export function runnerPodOf(config: OperatorConfig, namespace: string): RunnerPod {
  const general = config.runner.pod
  const own = Object.hasOwn(config.runner.namespaces, namespace) ? (config.runner.namespaces[namespace] ?? {}) : {}
  const merged: RunnerPod = {...general, ...own}
  if (general.nodeSelector && own.nodeSelector) merged.nodeSelector = {...general.nodeSelector, ...own.nodeSelector}
  if (general.labels && own.labels) merged.labels = {...general.labels, ...own.labels}
  if (general.annotations && own.annotations) merged.annotations = {...general.annotations, ...own.annotations}
  if (general.resources && own.resources) {
    merged.resources = {
      requests: {...general.resources.requests, ...own.resources.requests},
      limits: {...general.resources.limits, ...own.resources.limits},
    }
  }
  return merged
}
