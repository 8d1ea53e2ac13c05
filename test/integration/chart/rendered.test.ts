// The chart renders, and a real API server takes every object of it.
import type {KubernetesObject, V1ConfigMap, V1Deployment, V1PolicyRule} from '@kubernetes/client-node'
import {beforeAll, describe, expect, inject, it} from 'vitest'
import {parseConfig} from '../../../operator/config.ts'
import {ensureHelm} from '../../cluster/build/build.ts'
import {attempt, run} from '../../cluster/run.ts'
import {APPLY, connect, createNamespace, MERGE, messageOf, type Kube} from '../../support/kube.ts'
import {CHART, isRole, renderChart, type Rendering} from './chart.ts'

const RELEASE = 'scheduled-export'

const MODES = [
  {title: 'as it comes', values: {}},
  {
    title: 'for a list of namespaces, with everything set',
    values: {
      watchNamespaces: ['default', 'kube-public'],
      'operator.replicas': 2,
      'operator.podDisruptionBudget.enabled': true,
      'operator.imagePullSecrets': [{name: 'registry'}],
      'operator.nodeSelector': {'kubernetes.io/os': 'linux'},
      'operator.tolerations': [{key: 'system', operator: 'Exists'}],
      'operator.affinity': {nodeAffinity: {}},
      'operator.priorityClassName': 'system-cluster-critical',
      'operator.podLabels': {team: 'accounting'},
      'operator.podAnnotations': {note: 'a'},
      'operator.image.digest': `sha256:${'a'.repeat(64)}`,
      'roles.managersRunNow': true,
    },
  },
] as const

describe.each(MODES)('the chart, $title', ({values}) => {
  let kube: Kube
  let objects: KubernetesObject[]
  beforeAll(async () => {
    kube = connect(inject('kubeconfig'))
    objects = await render(kube, values)
  })

  it('is taken by the API server, object by object', async () => {
    for (const object of objects) {
      const query = {fieldManager: 'helm', force: 'true', dryRun: 'All', fieldValidation: 'Strict'}
      await kube.expect('PATCH', await kube.pathOf(object), {query, body: object, contentType: APPLY})
    }
    expect(objects.length).toBeGreaterThan(12)
  })

  it('names no wildcard and no Secret in any rule', () => {
    const rules = objects.filter(isRole).flatMap((role): V1PolicyRule[] => role.rules ?? [])
    expect(rules.length).toBeGreaterThan(15)
    const words = rules.flatMap(({apiGroups = [], resources = [], verbs}) => [...apiGroups, ...resources, ...verbs])
    expect(words.filter((word) => word.includes('*'))).toEqual([])
    expect(words.filter((word) => ['secrets', 'pods/exec', 'escalate', 'bind', 'impersonate'].includes(word))).toEqual([])
  })

  it('runs the operator under Pod Security "restricted"', async () => {
    const namespace = await createNamespace(kube, 'restricted')
    const labels = {'pod-security.kubernetes.io/enforce': 'restricted'}
    await kube.expect('PATCH', `/api/v1/namespaces/${namespace}`, {body: {metadata: {labels}}, contentType: MERGE})
    const spec = Object.assign({}, deploymentOf(objects).spec?.template.spec, {priorityClassName: undefined})
    const pod = {apiVersion: 'v1', kind: 'Pod', metadata: {name: 'operator'}, spec}
    const answer = await kube.call('POST', `/api/v1/namespaces/${namespace}/pods`, {query: {dryRun: 'All'}, body: pod})
    expect(messageOf(answer.body)).toBe('')
    const root = {...pod, spec: Object.assign({}, spec, {securityContext: {}})}
    const refused = await kube.call('POST', `/api/v1/namespaces/${namespace}/pods`, {query: {dryRun: 'All'}, body: root})
    expect(messageOf(refused.body)).toContain('violates PodSecurity "restricted:latest"')
  })
})

describe('the chart', () => {
  const namespace = 'default'

  it('passes helm lint', async () => {
    expect(await run(await ensureHelm(), ['lint', '--strict', CHART])).toContain('0 chart(s) failed')
  })

  it('writes a configuration that the operator reads', async () => {
    const values = {
      watchNamespaces: ['acme', 'umbrella', 'acme'],
      logLevel: 'debug',
      podPendingAfter: '10s',
      'runner.image': {repository: 'registry.example/job', tag: '7'},
      'runner.pod': {nodeSelector: {disk: 'fast'}, tolerations: [{key: 'batch', operator: 'Exists'}]},
      'runner.namespaces': {acme: {labels: {'cost-centre': '12'}, resources: {limits: {memory: '1Gi'}}}},
    }
    const objects = await renderChart({release: RELEASE, namespace, values})
    expect(parseConfig(configurationIn(objects))).toEqual({
      namespaces: ['acme', 'umbrella'],
      logLevel: 'debug',
      workers: 4,
      leaderElection: {enabled: true, namespace, name: RELEASE, leaseDuration: 15_000, renewDeadline: 10_000, retryPeriod: 2000},
      listen: {port: 8080},
      runner: {
        image: 'registry.example/job:7',
        imagePullPolicy: 'IfNotPresent',
        clusterRole: 'scheduled-export-runner',
        pod: {nodeSelector: {disk: 'fast'}, tolerations: [{key: 'batch', operator: 'Exists'}]},
        namespaces: {acme: {labels: {'cost-centre': '12'}, resources: {limits: {memory: '1Gi'}}}},
      },
      podPendingAfter: 10_000,
    })
  })

  it('keeps the CustomResourceDefinition when it is uninstalled', async () => {
    const objects = await renderChart({release: RELEASE, namespace})
    expect(find(objects, 'CustomResourceDefinition').metadata?.annotations).toEqual({'helm.sh/resource-policy': 'keep'})
  })

  it('rolls the operator when its configuration changes', async () => {
    const before = await renderChart({release: RELEASE, namespace})
    const after = await renderChart({release: RELEASE, namespace, values: {workers: 5}})
    const [one, other] = [before, after].map((objects) => deploymentOf(objects).spec?.template.metadata?.annotations?.['checksum/config'])
    expect(one).toMatch(/^[0-9a-f]{64}$/)
    expect(other).not.toBe(one)
  })

  it.each([
    {enabled: true, strategy: undefined},
    {enabled: false, strategy: {type: 'Recreate'}},
  ])('never has two operators at work: leader election $enabled', async ({enabled, strategy}) => {
    const objects = await renderChart({release: RELEASE, namespace, values: {'leaderElection.enabled': enabled}})
    expect(deploymentOf(objects).spec?.strategy).toEqual(strategy)
    expect(objects.some(({kind, metadata}) => kind === 'Role' && metadata?.name === `${RELEASE}-leader`)).toBe(enabled)
  })

  it.each([
    {watchNamespaces: [], roles: ['ClusterRole -', 'ClusterRoleBinding -']},
    {watchNamespaces: ['acme', 'umbrella'], roles: ['Role acme', 'Role umbrella', 'RoleBinding acme', 'RoleBinding umbrella']},
  ])('gives the operator no cluster-wide right where it watches a list: $watchNamespaces', async ({watchNamespaces, roles}) => {
    const objects = await renderChart({release: RELEASE, namespace, values: {watchNamespaces}})
    const ofOperator = objects.filter(({kind, metadata}) => kind?.includes('Role') && metadata?.name === RELEASE)
    expect(ofOperator.map(({kind, metadata}) => `${kind} ${metadata?.namespace ?? '-'}`)).toEqual(roles)
  })

  it.each([
    ['a value that is not known', ['operator.replica=2'], "additional properties 'replica' not allowed"],
    ['a duration without a unit', ['podPendingAfter=90'], 'podPendingAfter'],
    ['two replicas without leader election', ['operator.replicas=2', 'leaderElection.enabled=false'], 'needs leaderElection.enabled'],
  ])('refuses %s', async (_, values, message) => {
    const sets = values.flatMap((value) => ['--set', value])
    const {code, stderr} = await attempt(await ensureHelm(), ['template', RELEASE, CHART, ...sets])
    expect(code).not.toBe(0)
    expect(stderr).toContain(message)
  })
})

async function render(kube: Kube, values: Rendering['values']): Promise<KubernetesObject[]> {
  return await renderChart({release: RELEASE, namespace: await createNamespace(kube, 'chart'), values: values ?? {}})
}

function find(objects: readonly KubernetesObject[], kind: string): KubernetesObject {
  const found = objects.find((object) => object.kind === kind)
  if (found === undefined) throw new Error(`the chart renders no ${kind}`)
  return found
}

function deploymentOf(objects: readonly KubernetesObject[]): V1Deployment {
  return find(objects, 'Deployment')
}

function configurationIn(objects: readonly KubernetesObject[]): string {
  const {data}: V1ConfigMap = find(objects, 'ConfigMap')
  return data?.['config.yaml'] ?? ''
}
