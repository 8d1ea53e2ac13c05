// What an exporter's pod and the operator's account may do, tried from where they are.
import type {V1Pod} from '@kubernetes/client-node'
import {beforeAll, describe, expect, inject, test} from 'vitest'
import {eventually, kubectl, tryKubectl} from './kubectl.ts'
import {createTenant} from './tenant.ts'
import type {Tenant} from './tenant.ts'

/** Runs inside the exporter's pod: a few requests with the pod's own token, the answers' codes as JSON. */
const PROBE = `
const {readFileSync} = require('node:fs'), https = require('node:https')
const folder = '/var/run/secrets/kubernetes.io/serviceaccount/'
const token = readFileSync(folder + 'token', 'utf8'), ca = readFileSync(folder + 'ca.crt')
const call = (method, path, body) => new Promise((resolve, reject) => {
  const headers = {authorization: 'Bearer ' + token, 'content-type': 'application/merge-patch+json'}
  const url = 'https://' + process.env.KUBERNETES_SERVICE_HOST + ':' + process.env.KUBERNETES_SERVICE_PORT + path
  const request = https.request(url, {method, headers, ca}, (answer) => { answer.resume(); answer.on('end', () => resolve(answer.statusCode)) })
  request.on('error', reject); request.end(body && JSON.stringify(body))
})
const ns = process.env.PROBE_NAMESPACE, base = '/apis/scheduledexport.dev/v1alpha1/namespaces/' + ns + '/scheduledexports/'
const run = {status: {history: [{name: 'probe', trigger: 'Manual', phase: 'Processing'}]}}
async function probe() {
  const answers = {
    readOwn: await call('GET', base + 'own'),
    ownStatus: await call('PATCH', base + 'own/status', run),
    neighbourStatus: await call('PATCH', base + 'neighbour/status', run),
    ownConditions: await call('PATCH', base + 'own/status', {status: {conditions: []}}),
    ownSpec: await call('PATCH', base + 'own', {spec: {suspend: true}}),
    secrets: await call('GET', '/api/v1/namespaces/' + ns + '/secrets'),
    pods: await call('GET', '/api/v1/namespaces/' + ns + '/pods'),
    otherNamespace: await call('GET', '/apis/scheduledexport.dev/v1alpha1/namespaces/default/scheduledexports'),
  }
  console.log(JSON.stringify(answers))
}
probe().catch((error) => { console.error(error); process.exit(1) })`

describe('least privilege', () => {
  let tenant: Tenant
  beforeAll(async () => {
    tenant = await createTenant('rights')
    await tenant.apply('own')
    await tenant.apply('neighbour')
    await eventually('conditions', 30, async () => ((await tenant.get('own')).status?.conditions?.length ?? 0) > 0)
  })

  test("an exporter's pod may report its own run and nothing else", async () => {
    const job = await tenant.runNow('own', (copy) => {
      const container = copy.spec!.template.spec!.containers[0]!
      container.command = ['node', '-e', PROBE]
      container.env!.push({name: 'PROBE_NAMESPACE', value: tenant.namespace})
    })
    const pod = await eventually('the probe', 60, async () => {
      return (await tenant.pods(job)).find((one: V1Pod) => one.status?.phase === 'Succeeded' || one.status?.phase === 'Failed')
    })
    const log = await kubectl(['logs', pod.metadata!.name!, '-n', tenant.namespace])
    expect(JSON.parse(log)).toEqual({
      readOwn: 200,
      ownStatus: 200,
      neighbourStatus: 422,
      ownConditions: 422,
      ownSpec: 403,
      secrets: 403,
      pods: 403,
      otherNamespace: 403,
    })
  })

  const allowed = ['list scheduledexports', 'patch scheduledexports/status', 'create cronjobs.batch', 'patch cronjobs.batch/status', 'delete jobs.batch', 'list pods']
  const secrets = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'].map((verb) => `${verb} secrets`)
  const refused = secrets.concat([
    'create pods',
    'create pods/exec',
    'get pods/log',
    'create pods/ephemeralcontainers',
    'create serviceaccounts/token',
    'get configmaps',
    'create scheduledexports',
    'delete scheduledexports',
    'patch scheduledexports',
    'create clusterroles',
    'create clusterrolebindings',
    'escalate clusterroles',
    'bind clusterroles',
    'impersonate users',
    'create deployments.apps',
    'delete namespaces',
  ])
  test.each([...allowed.map((what) => ({what, answer: 'yes'})), ...refused.map((what) => ({what, answer: 'no'}))])(
    "the operator's account: $what → $answer",
    async ({what, answer}) => {
      const [verb, resource] = what.split(' ') as [string, string]
      const [kind, subresource] = resource.split('/') as [string, string | undefined]
      const account = `system:serviceaccount:${inject('operatorNamespace')}:${inject('operatorAccount')}`
      const scope = subresource === undefined ? [] : [`--subresource=${subresource}`]
      const result = await tryKubectl(['auth', 'can-i', verb, kind, ...scope, '-n', tenant.namespace, `--as=${account}`])
      expect(result.stdout.trim()).toBe(answer)
    },
  )
})
