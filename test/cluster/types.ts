// What tests and demo are given, whatever kind of cluster it is.

/** `existing`: the one that KUBECONFIG names; `kind`: Kubernetes in a container; `local`: this machine itself is the node. */
export type ClusterKind = 'existing' | 'kind' | 'local'

export const CLUSTER_KINDS: readonly ClusterKind[] = ['existing', 'kind', 'local']

/** A running cluster. */
export interface Cluster {
  readonly kind: ClusterKind
  /** Path of a kubeconfig with all rights. */
  readonly kubeconfig: string
  /** An address of this machine that pods reach: servers of tests (a database, a mail server) listen there. */
  readonly hostAddress: string
  /** The API server's audit log (audit.ts), where this machine has it: kind `local`. */
  readonly auditLog?: string
  /** Makes the images of an archive (docker save, OCI layout) known to every node, under their names. */
  loadImage(archive: string): Promise<void>
  /**
   * A claim bound to an empty volume that uid and group 65532 may write to, ready when the promise resolves; the namespace must be
   * there. A claim that is bound already stays as it is.
   */
  makeVolume(namespace: string, claimName: string): Promise<void>
  /** SIGKILL to the main process of the pod's first container, as by a crash or the OOM killer; resolves when the signal is sent. */
  killContainer(namespace: string, pod: string): Promise<void>
  /** Ends the cluster and removes all it put on this machine; an existing one is left alone. */
  down(): Promise<void>
}

/** What starts, finds and ends clusters of one kind. */
export interface Provider {
  /** The running cluster; undefined where there is none or it is not healthy. Answers within two seconds. */
  find(): Promise<Cluster | undefined>
  /** Starts a cluster from nothing, whatever was left of an earlier one. */
  start(): Promise<Cluster>
  /** Ends whatever is there of a cluster; nothing being there is success. */
  down(): Promise<void>
}
