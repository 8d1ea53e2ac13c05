// kubectl as the demo uses it, and as it shows it.
import {kubectlPath} from '../cluster/index.ts'
import type {Cluster} from '../cluster/index.ts'
import {attempt} from '../cluster/run.ts'
import type {RunKubectl} from '../support/volume.ts'
import {block} from './show.ts'

export interface Kubectl {
  /** Runs kubectl; its stdout. A failure is an error with what kubectl said. */
  readonly run: RunKubectl
  /** The same, shown to the reader: the command, then what it printed. */
  show(args: readonly string[]): Promise<void>
  /** The command's path, for those who want to go on by hand. */
  readonly path: string
}

export async function kubectlFor(cluster: Cluster): Promise<Kubectl> {
  const path = await kubectlPath()
  const env = {...process.env, KUBECONFIG: cluster.kubeconfig}
  const run: RunKubectl = async (args, input) => {
    const {code, stdout, stderr} = await attempt(path, args, {env, ...(input !== undefined && {input})})
    if (code !== 0) throw new Error(`kubectl ${args.join(' ')} ended with ${code}: ${stderr.trim()}`)
    return stdout
  }
  const show = async (args: readonly string[]): Promise<void> => {
    block(`$ kubectl ${args.join(' ')}`)
    block(await run(args))
  }
  return {run, show, path}
}
