// The chart as Helm renders it, and the accounts it makes.
import {join} from 'node:path'
import type {KubernetesObject, V1ClusterRole, V1Role} from '@kubernetes/client-node'
import {ensureHelm} from '../../cluster/build/build.ts'
import {run} from '../../cluster/run.ts'
import {objectsOf, type Kube} from '../../support/kube.ts'

export const CHART = join(import.meta.dirname, '../../../charts/scheduled-export')

export interface Rendering {
  readonly release: string
  /** The operator's. */
  readonly namespace: string
  /** As for --set-json: path → value. */
  readonly values?: Readonly<Record<string, unknown>>
}

/** Every object that `helm install` would make. */
export async function renderChart({release, namespace, values = {}}: Rendering): Promise<KubernetesObject[]> {
  const sets = Object.entries(values).flatMap(([path, value]) => ['--set-json', `${path}=${JSON.stringify(value)}`])
  return objectsOf(await run(await ensureHelm(), ['template', release, CHART, '-n', namespace, ...sets]))
}

export function isRole(object: KubernetesObject): object is V1Role | V1ClusterRole {
  return object.kind === 'Role' || object.kind === 'ClusterRole'
}

/** Everything of the chart that says who may do what: no Deployment, no CRD. */
export function isAboutRights({kind}: KubernetesObject): boolean {
  return /Role|ServiceAccount|Policy/.test(kind ?? '') && kind !== 'PodDisruptionBudget'
}

export interface Pod {
  readonly name: string
  readonly uid: string
}

/** A token of an account, bound to a pod where one is given: as the kubelet asks for it. */
export async function tokenOf(kube: Kube, account: {namespace: string; name: string}, pod?: Pod): Promise<string> {
  const bound = pod === undefined ? {} : {boundObjectRef: {apiVersion: 'v1', kind: 'Pod', ...pod}}
  const path = `/api/v1/namespaces/${account.namespace}/serviceaccounts/${account.name}/token`
  const request = {apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {expirationSeconds: 3600, ...bound}}
  const {status} = await kube.expect<{status: {token: string}}>('POST', path, {body: request})
  return status.token
}
