// Puts the operator into a cluster as a user would: images, then the chart. Demo and e2e tests share it, and so can share a cluster.
import {fileURLToPath} from 'node:url'
import {ensureHelm, kubectlPath} from '../cluster/index.ts'
import type {Cluster} from '../cluster/index.ts'
import {attempt, run} from '../cluster/run.ts'
import {buildImages} from '../images/build.ts'

export const RELEASE = 'scheduled-export'
export const OPERATOR_NAMESPACE = 'scheduled-export-system'
const DEPLOYMENT = `deployment/${RELEASE}`
const CHART = fileURLToPath(new URL('../../charts/scheduled-export', import.meta.url))

export interface Installation {
  /** Name of the image that exports run in. */
  readonly jobImage: string
  /** What was given to the chart, as `key=value`. */
  readonly values: readonly string[]
}

/** Builds and loads both images and installs the chart, or upgrades it; ready when this returns. An error tells what the cluster said. */
export async function installOperator(cluster: Cluster, extraValues: readonly string[] = []): Promise<Installation> {
  const {operator, job} = await buildImages()
  for (const {archive} of [operator, job]) await cluster.loadImage(archive)
  const values = [...imageValues('operator', operator.name), ...imageValues('runner', job.name), ...extraValues]
  const env = environment(cluster)
  const kubectl = await kubectlPath()
  const inNamespace = ['-n', OPERATOR_NAMESPACE]
  const {stdout: before} = await attempt(kubectl, ['get', DEPLOYMENT, ...inNamespace, '--ignore-not-found', '-o', 'name'], {env})
  const sets = values.flatMap((value) => ['--set', value])
  const command = ['upgrade', '--install', RELEASE, CHART, ...inNamespace, '--create-namespace', '--wait', '--timeout', '5m', ...sets]
  try {
    await run(await ensureHelm(), command, {env})
    // An image keeps its name when it is built again, so that an upgrade alone would leave the old one running.
    if (before !== '') {
      await run(kubectl, ['rollout', 'restart', DEPLOYMENT, ...inNamespace], {env})
      await run(kubectl, ['rollout', 'status', DEPLOYMENT, ...inNamespace, '--timeout=5m'], {env})
    }
  } catch (error) {
    throw new Error(`the operator did not become ready\n${await whatTheClusterSays(kubectl, env)}`, {cause: error})
  }
  return {jobImage: job.name, values}
}

export async function uninstallOperator(cluster: Cluster): Promise<void> {
  const args = ['uninstall', RELEASE, '-n', OPERATOR_NAMESPACE, '--ignore-not-found', '--wait']
  await run(await ensureHelm(), args, {env: environment(cluster)})
}

async function whatTheClusterSays(kubectl: string, env: NodeJS.ProcessEnv): Promise<string> {
  const questions = [
    ['get', 'nodes,pods', '-A', '-o', 'wide'],
    ['describe', 'pods', '-n', OPERATOR_NAMESPACE],
    ['logs', DEPLOYMENT, '-n', OPERATOR_NAMESPACE, '--tail=40'],
  ]
  const answers = await Promise.all(questions.map((args) => attempt(kubectl, args, {env})))
  return answers.map(({stdout, stderr}, index) => `$ kubectl ${questions[index]?.join(' ')}\n${stdout}${stderr}`).join('\n')
}

function environment(cluster: Cluster): NodeJS.ProcessEnv {
  return {...process.env, KUBECONFIG: cluster.kubeconfig}
}

function imageValues(part: 'operator' | 'runner', image: string): string[] {
  const colon = image.lastIndexOf(':')
  return [`${part}.image.repository=${image.slice(0, colon)}`, `${part}.image.tag=${image.slice(colon + 1)}`]
}
