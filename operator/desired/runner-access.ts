// What the exporters of a namespace share: an account, and the right to report to the exports of that namespace.
import {RUNNER_NAME} from '../../crds/names.ts'
import type {OperatorConfig} from '../config.ts'
import type {RoleBinding, ServiceAccount} from '../kube/resources.ts'
import {sharedLabels} from './metadata.ts'

/** The account of every exporter's pod in that namespace. The token is mounted by the pod template only. */
export function desiredServiceAccount(namespace: string): ServiceAccount {
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: {name: RUNNER_NAME, namespace, labels: sharedLabels()},
    automountServiceAccountToken: false,
  }
}

/** Binds it to the chart's ClusterRole; the chart's admission policy narrows that to the pod's own export. */
export function desiredRoleBinding(namespace: string, config: OperatorConfig): RoleBinding {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: {name: RUNNER_NAME, namespace, labels: sharedLabels()},
    roleRef: {apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: config.runner.clusterRole},
    subjects: [{kind: 'ServiceAccount', name: RUNNER_NAME, namespace}],
  }
}
