// The processes of the local cluster with their arguments.
import {join} from 'node:path'
import type {Credentials} from './credentials.ts'
import {NETWORK, NODE_NAME, type Layout} from './layout.ts'

/** Names as of their programs, in the order in which they start. */
export const PARTS = [
  'etcd',
  'containerd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kubelet',
  'kube-proxy',
  'coredns',
] as const

export type Part = (typeof PARTS)[number]

export interface PartsInput {
  readonly layout: Layout
  readonly credentials: Credentials
  readonly ports: {readonly etcd: number; readonly peer: number; readonly api: number}
}

/** Every part's arguments. */
export function partArguments({layout, credentials, ports}: PartsInput): Readonly<Record<Part, readonly string[]>> {
  const {kubeconfigs} = credentials
  return {
    etcd: etcdArguments(join(layout.folder, 'etcd'), ports),
    containerd: [`--config=${join(layout.folder, 'containerd.toml')}`],
    'kube-apiserver': apiServerArguments({layout, credentials, ports}),
    'kube-controller-manager': [
      `--kubeconfig=${kubeconfigs.controllers}`,
      '--leader-elect=false',
      '--secure-port=0',
      '--use-service-account-credentials',
      // It first makes an account for each of its forty controllers; at the usual 20 requests a second that is most of its start.
      '--kube-api-qps=200',
      '--kube-api-burst=400',
      `--service-account-private-key-file=${credentials.tokens.privateKey}`,
      `--flex-volume-plugin-dir=${join(layout.folder, 'volume-plugins')}`,
      `--root-ca-file=${credentials.authority.certificate}`,
    ],
    'kube-scheduler': [`--kubeconfig=${kubeconfigs.scheduler}`, '--leader-elect=false', '--secure-port=0'],
    kubelet: [
      `--config=${join(layout.folder, 'kubelet.yaml')}`,
      `--kubeconfig=${kubeconfigs.node}`,
      `--root-dir=${join(layout.folder, 'kubelet')}`,
      `--hostname-override=${NODE_NAME}`,
      `--node-ip=${NETWORK.nodeAddress}`,
    ],
    'kube-proxy': [
      `--kubeconfig=${kubeconfigs.proxy}`,
      `--hostname-override=${NODE_NAME}`,
      `--cluster-cidr=${NETWORK.pods}`,
      '--proxy-mode=iptables',
      // It would raise the machine's limits on connections.
      '--conntrack-max-per-core=0',
      '--conntrack-min=0',
      '--conntrack-tcp-timeout-established=0',
      '--conntrack-tcp-timeout-close-wait=0',
    ],
    coredns: ['-conf', join(layout.folder, 'Corefile')],
  }
}

/** A throw-away etcd: nothing is flushed to the disk. */
export function etcdArguments(folder: string, ports: {readonly etcd: number; readonly peer: number}): string[] {
  const client = `http://127.0.0.1:${ports.etcd}`
  const peer = `http://127.0.0.1:${ports.peer}`
  return [
    `--data-dir=${folder}`,
    '--unsafe-no-fsync',
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
  ]
}

function apiServerArguments({layout, credentials, ports}: PartsInput): string[] {
  const {authority, server, admin, tokens} = credentials
  return [
    `--etcd-servers=http://127.0.0.1:${ports.etcd}`,
    `--secure-port=${ports.api}`,
    // Pods come in through the bridge, people through loopback.
    '--bind-address=0.0.0.0',
    `--advertise-address=${NETWORK.nodeAddress}`,
    `--tls-cert-file=${server.certificate}`,
    `--tls-private-key-file=${server.key}`,
    `--client-ca-file=${authority.certificate}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${tokens.publicKey}`,
    `--service-account-signing-key-file=${tokens.privateKey}`,
    '--authorization-mode=Node,RBAC',
    '--enable-admission-plugins=NodeRestriction,OwnerReferencesPermissionEnforcement',
    `--service-cluster-ip-range=${NETWORK.services}`,
    '--allow-privileged=true',
    '--kubelet-preferred-address-types=InternalIP',
    `--kubelet-client-certificate=${admin.certificate}`,
    `--kubelet-client-key=${admin.key}`,
    `--kubelet-certificate-authority=${authority.certificate}`,
    `--audit-policy-file=${join(layout.folder, 'audit.yaml')}`,
    `--audit-log-path=${layout.auditLog}`,
    '--audit-log-mode=blocking',
    '--audit-log-maxsize=100',
    '--audit-log-maxbackup=1',
  ]
}
