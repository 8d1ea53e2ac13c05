// Puts the operator into the cluster as a user would: images, then the chart.
import {fileURLToPath} from 'node:url'
import {ensureHelm} from '../cluster/index.ts'
import type {Cluster} from '../cluster/index.ts'
import {run} from '../cluster/run.ts'
import {buildImages} from '../images/build.ts'
import type {Kubectl} from './kubectl.ts'
import {block} from './show.ts'

/** The e2e tests install under the same names, so that the two share a cluster. */
export const RELEASE = 'scheduled-export'
export const OPERATOR_NAMESPACE = 'scheduled-export-system'
const DEPLOYMENT = `deployment/${RELEASE}`

/** Builds and loads both images and installs the chart, or upgrades it; the job image's name. */
export async function installOperator(cluster: Cluster, kubectl: Kubectl): Promise<string> {
  const {operator, job} = await buildImages()
  for (const {archive} of [operator, job]) await cluster.loadImage(archive)
  const chart = fileURLToPath(new URL('../../charts/scheduled-export', import.meta.url))
  const values = [...imageValues('operator', operator.name), ...imageValues('runner', job.name)]
  block(`$ helm upgrade --install ${RELEASE} charts/scheduled-export -n ${OPERATOR_NAMESPACE} --create-namespace \\`)
  block(values.map((value) => `      --set ${value}`).join(' \\\n'))
  const installed = await exists(kubectl)
  const args = ['upgrade', '--install', RELEASE, chart, '-n', OPERATOR_NAMESPACE, '--create-namespace', '--wait', '--timeout', '3m']
  const env = {...process.env, KUBECONFIG: cluster.kubeconfig}
  await run(await ensureHelm(), [...args, ...values.flatMap((value) => ['--set', value])], {env})
  if (installed) await restart(kubectl)
  block(await kubectl.run(['get', 'pods', '-n', OPERATOR_NAMESPACE]))
  return job.name
}

export async function uninstallOperator(cluster: Cluster): Promise<void> {
  const env = {...process.env, KUBECONFIG: cluster.kubeconfig}
  await run(await ensureHelm(), ['uninstall', RELEASE, '-n', OPERATOR_NAMESPACE, '--ignore-not-found', '--wait'], {env})
}

async function exists(kubectl: Kubectl): Promise<boolean> {
  return (await kubectl.run(['get', DEPLOYMENT, '-n', OPERATOR_NAMESPACE, '--ignore-not-found', '-o', 'name'])) !== ''
}

/** An image keeps its name when it is built again, so that an upgrade alone would leave the old one running. */
async function restart(kubectl: Kubectl): Promise<void> {
  await kubectl.run(['rollout', 'restart', DEPLOYMENT, '-n', OPERATOR_NAMESPACE])
  await kubectl.run(['rollout', 'status', DEPLOYMENT, '-n', OPERATOR_NAMESPACE, '--timeout=2m'])
}

function imageValues(part: 'operator' | 'runner', image: string): string[] {
  const colon = image.lastIndexOf(':')
  return [`${part}.image.repository=${image.slice(0, colon)}`, `${part}.image.tag=${image.slice(colon + 1)}`]
}
