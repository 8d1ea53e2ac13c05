// Which kind of cluster to use.
import {CLUSTER_KINDS, type ClusterKind} from './types.ts'

export interface Circumstances {
  /** The value of CLUSTER. */
  readonly forced: string | undefined
  /** A healthy cluster of that kind runs already. */
  readonly isRunning: (kind: 'kind' | 'local') => Promise<boolean>
  /** A container engine answers and has, or can pull, the official node image. */
  readonly canPullNode: () => Promise<boolean>
}

/** What CLUSTER says; else what runs already; else kind where its official image is to be had; else local. */
export async function chooseKind({forced, isRunning, canPullNode}: Circumstances): Promise<ClusterKind> {
  if (forced !== undefined) return kindNamed(forced)
  for (const kind of ['local', 'kind'] as const) if (await isRunning(kind)) return kind
  return (await canPullNode()) ? 'kind' : 'local'
}

function kindNamed(name: string): ClusterKind {
  const kind = CLUSTER_KINDS.find((one) => one === name)
  if (kind === undefined) throw new Error(`CLUSTER=${name} is not a kind of cluster: use ${CLUSTER_KINDS.join(', ')} or leave it unset`)
  return kind
}
