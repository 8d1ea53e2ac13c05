// What a run's pods say of themselves: the exporter's last words, why it died, why it cannot start.
import {CONTAINER_NAME} from '../../crds/names.ts'
import {TerminationMessage} from '../../crds/run.ts'
import type {RunError} from '../../crds/status.ts'
import type {Pod} from '../kube/resources.ts'
import {parseJson} from './job-run.ts'

type ContainerState = NonNullable<NonNullable<NonNullable<Pod['status']>['containerStatuses']>[number]['state']>
type Terminated = NonNullable<ContainerState['terminated']>

/** An image that cannot be pulled; its message changes with every attempt. */
export const IMAGE_PULL = 'ImagePullBackOff'
/** Reasons of a waiting container that pass by themselves. */
const STARTING: readonly string[] = ['ContainerCreating', 'PodInitializing']

/** Pods, newest first. */
export function newestFirst(pods: readonly Pod[]): Pod[] {
  return pods.toSorted((a, b) => createdAt(b) - createdAt(a))
}

/** The last words of the newest pod that left some. */
export function lastWords(pods: readonly Pod[]): TerminationMessage | undefined {
  for (const pod of newestFirst(pods)) {
    const parsed = TerminationMessage.safeParse(parseJson(terminated(pod)?.message ?? ''))
    if (parsed.success) return parsed.data
  }
  return undefined
}

/** Why the newest pod ended, in the kubelet's words; undefined where it did not, or ended well. */
export function causeOfDeath(pods: readonly Pod[]): RunError | undefined {
  for (const pod of newestFirst(pods)) {
    const cause = causeOf(pod)
    if (cause !== undefined) return cause
  }
  return undefined
}

function causeOf(pod: Pod): RunError | undefined {
  const name = pod.metadata?.name ?? ''
  const end = terminated(pod)
  if (end?.reason === 'OOMKilled') {
    return {code: 'OutOfMemory', message: `pod ${name} was killed for using more memory than its limit: raise the runner's memory limit in the chart's values`}
  }
  const disruption = pod.status?.conditions?.find((one) => one.type === 'DisruptionTarget' && one.status === 'True')
  if (disruption !== undefined) {
    return {code: 'Disrupted', message: `pod ${name} was ended by the cluster (${disruption.reason ?? 'disruption'}): ${disruption.message ?? ''}`}
  }
  if (pod.status?.phase === 'Failed' && end === undefined) {
    return {code: pod.status.reason ?? 'PodFailed', message: `pod ${name} failed: ${pod.status.message ?? 'the kubelet gave no reason'}`}
  }
  if (end !== undefined && end.exitCode !== 0) {
    return {code: 'ExporterCrashed', message: `pod ${name} ended with exit code ${end.exitCode} and left no message: see its log`}
  }
  return undefined
}

export interface Blockage {
  /** The kubelet's or the scheduler's one-word reason. */
  readonly reason: string
  readonly message: string
  /** When the pod was created. */
  readonly since: Date
}

/** Why a pod cannot start, once it has been Pending for longer than `patience` (ms). */
export function blockageOf(pod: Pod, now: Date, patience: number): Blockage | undefined {
  if (pod.status?.phase !== 'Pending' || pod.metadata?.deletionTimestamp !== undefined) return undefined
  const since = new Date(createdAt(pod))
  if (now.getTime() - since.getTime() < patience) return undefined
  const waiting = containerState(pod)?.waiting
  if (waiting?.reason !== undefined && !STARTING.includes(waiting.reason)) {
    // The kubelet says both in turn: one state, one word.
    const reason = waiting.reason === 'ErrImagePull' ? IMAGE_PULL : waiting.reason
    return {reason, message: waiting.message ?? waiting.reason, since}
  }
  const unscheduled = pod.status.conditions?.find((one) => one.type === 'PodScheduled' && one.status === 'False')
  if (unscheduled !== undefined) {
    return {reason: unscheduled.reason ?? 'Unschedulable', message: unscheduled.message ?? 'no node takes the pod', since}
  }
  const reason = waiting?.reason ?? 'Pending'
  return {reason, message: `pod ${pod.metadata?.name ?? ''} has not started yet: see its Events`, since}
}

/** When a Pending pod will have been so for `patience` ms; undefined for any other pod. */
export function blockedFrom(pod: Pod, patience: number): Date | undefined {
  return pod.status?.phase === 'Pending' ? new Date(createdAt(pod) + patience) : undefined
}

function containerState(pod: Pod): ContainerState | undefined {
  return pod.status?.containerStatuses?.find((one) => one.name === CONTAINER_NAME)?.state
}

function terminated(pod: Pod): Terminated | undefined {
  return containerState(pod)?.terminated
}

function createdAt(pod: Pod): number {
  return Date.parse(pod.metadata?.creationTimestamp ?? '') || 0
}
