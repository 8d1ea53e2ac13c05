// Where the local cluster keeps what, and which addresses it uses.
import {join} from 'node:path'
import {readSettings} from '../settings.ts'

export interface Layout {
  readonly folder: string
  readonly kubeconfig: string
  readonly auditLog: string
  readonly containerdSocket: string
  /** Folder of logs, one a part. */
  readonly logs: string
  /** Folder of the volumes' folders. */
  readonly volumes: string
  /** What the machine was like before, to be put back: see machine.ts. */
  readonly before: string
}

export function localLayout(): Layout {
  const folder = join(readSettings().cache, 'local')
  return {
    folder,
    kubeconfig: join(folder, 'kubeconfig'),
    auditLog: join(folder, 'logs', 'audit.log'),
    containerdSocket: join(folder, 'containerd.sock'),
    logs: join(folder, 'logs'),
    volumes: join(folder, 'volumes'),
    before: join(folder, 'before.json'),
  }
}

/** Addresses of the cluster's own. The node is the bridge's address: a kubelet refuses loopback, and pods reach it. */
export const NETWORK = {
  bridge: 'sx0',
  nodeAddress: '10.213.0.1',
  pods: '10.213.0.0/16',
  prefixLength: 16,
  services: '10.214.0.0/16',
  apiService: '10.214.0.1',
} as const

export const NODE_NAME = 'local'

/** The image of every pod's first process; made here, see pause.ts. */
export const PAUSE_IMAGE = 'localhost/pause:1'
