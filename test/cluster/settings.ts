// The one place where the harness reads its environment.
import {homedir} from 'node:os'
import {join} from 'node:path'

export interface Settings {
  /** CLUSTER: forces a kind of cluster; undefined where the harness chooses. */
  readonly cluster: string | undefined
  /** KUBECONFIG: the cluster that CLUSTER=existing means. */
  readonly kubeconfig: string | undefined
  /** Where everything built and every running cluster's state is kept. */
  readonly cache: string
}

export function readSettings(env: NodeJS.ProcessEnv = process.env): Settings {
  return {
    cluster: env['CLUSTER'] || undefined,
    kubeconfig: env['KUBECONFIG'] || undefined,
    cache: join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'scheduled-export'),
  }
}
