// The one place where the harness reads its environment.
import {homedir} from 'node:os'
import {join} from 'node:path'

export interface Settings {
  /** CLUSTER: forces a kind of cluster; undefined where the harness chooses. */
  readonly cluster: string | undefined
  /** KUBECONFIG: the cluster that CLUSTER=existing means. */
  readonly kubeconfig: string | undefined
  /** CLUSTER_HOST_ADDRESS: this machine's address as the pods of an existing cluster reach it. */
  readonly hostAddress: string | undefined
  /** CLUSTER_LOAD_IMAGE: a command that gets an image archive, added as its last argument, onto the nodes of an existing cluster. */
  readonly loadImage: string | undefined
  /** Where everything built and every running cluster's state is kept. */
  readonly cache: string
}

export function readSettings(env: NodeJS.ProcessEnv = process.env): Settings {
  return {
    cluster: env['CLUSTER'] || undefined,
    kubeconfig: env['KUBECONFIG'] || undefined,
    hostAddress: env['CLUSTER_HOST_ADDRESS'] || undefined,
    loadImage: env['CLUSTER_LOAD_IMAGE'] || undefined,
    cache: join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'scheduled-export'),
  }
}
