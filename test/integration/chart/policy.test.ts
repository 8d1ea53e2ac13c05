// What a run may write, tried with tokens as pods have them: its own export's status, and there history and lastRun.
import type {V1Pod, V1RoleBinding} from '@kubernetes/client-node'
import {beforeAll, describe, expect, inject, it} from 'vitest'
import {API_VERSION, PLURAL, RUNNER_NAME} from '../../../crds/names.ts'
import {waitFor} from '../../cluster/wait.ts'
import {apply, connect, createNamespace, MERGE, messageOf, type Answer, type Kube} from '../../support/kube.ts'
import {fromPostgres} from '../crd/manifests.ts'
import {isAboutRights, renderChart, tokenOf, type Pod} from './chart.ts'

const RBAC = 'rbac.authorization.k8s.io'
const RBAC_VERSION = `${RBAC}/v1`
const RUN = {name: 'own-29000000', trigger: 'Schedule', phase: 'Processing'}
const CONDITION = {type: 'Ready', status: 'True', lastTransitionTime: '2026-11-01T05:00:00Z', reason: 'Accepted', message: 'as wanted'}
const OWN_EXPORT_ONLY = 'a run may report for its own export only'
const RUN_ONLY = 'a run may change nothing but status.history and status.lastRun'

describe("what an exporter's pod may write", () => {
  let kube: Kube
  let namespace: string
  let elsewhere: string
  beforeAll(async () => {
    kube = connect(inject('kubeconfig'))
    namespace = await createNamespace(kube, 'policy')
    elsewhere = await createNamespace(kube, 'elsewhere')
    await apply(kube, (await renderChart({release: 'scheduled-export', namespace})).filter(isAboutRights))
    for (const place of [namespace, elsewhere]) await makeTenant(kube, {namespace: place, accountsOf: [namespace, elsewhere]})
    const pod = await podToken('own-29000000-abcde')
    // A policy is in force a moment after it was written.
    await waitFor('The policy is in force', async () => (await report(pod, 'neighbour')).status === 422, {seconds: 30})
  })

  /** The API as a pod of that name sees it. */
  async function podToken(name: string, place = namespace): Promise<Kube> {
    return kube.withToken(await tokenOf(kube, {namespace: place, name: RUNNER_NAME}, await makePod(kube, place, name)))
  }

  async function report(as: Kube, name: string, status: object = {history: [RUN]}): Promise<Answer> {
    const path = `/apis/${API_VERSION}/namespaces/${namespace}/${PLURAL}/${name}/status`
    return await as.call('PATCH', path, {body: {status}, contentType: MERGE})
  }

  it.each([
    ['own', 'own-29000000-k7f2x'],
    ['own', 'own-rerun-k7f2x'],
    ['own-quarterly', 'own-quarterly-29000000-k7f2x'],
    ['dotted.v2', 'dotted.v2-29000000-k7f2x'],
    ['n'.repeat(46), `${'n'.repeat(46)}-2900000000-k7f2x`],
  ])('the status of %s by its pod %s', async (name, pod) => {
    const as = await podToken(pod)
    const answer = await report(as, name, {history: [RUN], lastRun: {...RUN, files: []}})
    expect(messageOf(answer.body)).toBe('')
    expect(answer.body).toMatchObject({status: {history: [RUN], lastRun: RUN, conditions: [CONDITION]}})
    expect((await report(as, name, {lastRun: {...RUN, phase: 'Completed'}})).status).toBe(200)
  })

  it.each([
    ['neighbour', 'own-29000000-zzzz1'],
    ['own', 'own-quarterly-29000000-zzzz2'],
    ['own-quarterly', 'own-29000000-zzzz3'],
    ['dotted.v2', 'dottedxv2-29000000-zzzz4'],
    ['own', 'not-own-29000000-zzzz5'],
    ['own', 'own-29000000'],
    ['own', 'own-29000000-zzzz6.x'],
  ])('not the status of %s by the pod %s', async (name, pod) => {
    const answer = await report(await podToken(pod), name)
    expect(answer.status).toBe(422)
    expect(messageOf(answer.body)).toContain(`${OWN_EXPORT_ONLY}: the pod ${pod} is none of ${name}'s`)
  })

  it('nothing with a token that is bound to no pod', async () => {
    const answer = await report(kube.withToken(await tokenOf(kube, {namespace, name: RUNNER_NAME})), 'own')
    expect(answer.status).toBe(422)
    expect(messageOf(answer.body)).toContain(`${OWN_EXPORT_ONLY}: the pod (none in the token)`)
  })

  it("nothing in another namespace, even where somebody bound the role to that namespace's account", async () => {
    const answer = await report(await podToken('own-29000000-other', elsewhere), 'own')
    expect(answer.status).toBe(422)
    expect(messageOf(answer.body)).toContain('a run may report in its own namespace only')
  })

  it.each([
    ['a condition changed', 'own-changed-abcde', {conditions: [{...CONDITION, status: 'False'}]}],
    ['conditions taken away', 'own-removed-abcde', {conditions: null}],
    ['a next run made up', 'own-nextrun-abcde', {nextRunTime: '2030-01-01T00:00:00Z'}],
    ['a success made up', 'own-success-abcde', {lastSuccessTime: '2026-11-01T05:00:00Z'}],
    ['the generation', 'own-generation-abcde', {observedGeneration: 7}],
    ['active runs', 'own-active-abcde', {active: []}],
    ['one of them beside a report', 'own-beside-abcde', {history: [RUN], effectiveSchedule: '@daily'}],
  ])('not %s', async (_, pod, status) => {
    const answer = await report(await podToken(pod), 'own', status)
    expect(answer.status).toBe(422)
    expect(messageOf(answer.body)).toContain(RUN_ONLY)
  })

  it('no spec: it has no right to, and in a report the spec is ignored', async () => {
    const as = await podToken('own-spec-abcde')
    const path = `/apis/${API_VERSION}/namespaces/${namespace}/${PLURAL}/own`
    expect((await as.call('PATCH', path, {body: {spec: {suspend: true}}, contentType: MERGE})).status).toBe(403)
    expect((await as.call('DELETE', path)).status).toBe(403)
    const both = await as.call('PATCH', `${path}/status`, {body: {spec: {suspend: true}, status: {history: [RUN]}}, contentType: MERGE})
    expect(both).toMatchObject({status: 200, body: {spec: {suspend: false}}})
  })

  it('no spec even where somebody gave the account the right', async () => {
    const rule = {apiGroups: ['scheduledexport.dev'], resources: [PLURAL], verbs: ['create', 'patch', 'delete']}
    const role = {apiVersion: RBAC_VERSION, kind: 'Role', metadata: {name: 'too-much'}, rules: [rule]}
    await apply(kube, [role, bindingOf(role, [namespace])], {namespace})
    const as = await podToken('own-toomuch-abcde')
    const collection = `/apis/${API_VERSION}/namespaces/${namespace}/${PLURAL}`
    const answers = [
      await as.call('PATCH', `${collection}/own`, {body: {spec: {suspend: true}}, contentType: MERGE}),
      await as.call('POST', collection, {body: fromPostgres('smuggled')}),
      await as.call('DELETE', `${collection}/own`),
    ]
    expect(answers.map(({status}) => status)).toEqual([422, 422, 422])
    for (const {body} of answers) expect(messageOf(body)).toContain('a run may write nothing of a ScheduledExport but its status')
  })

  it('does not hinder anybody else', async () => {
    expect((await report(kube, 'neighbour', {nextRunTime: '2030-01-01T00:00:00Z'})).status).toBe(200)
  })
})

/** What the operator makes for a namespace, and some exports with a condition each; the role is bound to the accounts of `accountsOf`. */
async function makeTenant(kube: Kube, {namespace, accountsOf}: {namespace: string; accountsOf: readonly string[]}): Promise<void> {
  const account = {apiVersion: 'v1', kind: 'ServiceAccount', metadata: {name: RUNNER_NAME}}
  const binding = bindingOf({kind: 'ClusterRole', metadata: {name: RUNNER_NAME}}, accountsOf)
  const names = ['own', 'own-quarterly', 'neighbour', 'dotted.v2', 'n'.repeat(46)]
  await apply(kube, [account, binding, ...names.map((name) => fromPostgres(name))], {namespace})
  for (const name of names) {
    const path = `/apis/${API_VERSION}/namespaces/${namespace}/${PLURAL}/${name}/status`
    await kube.expect('PATCH', path, {body: {status: {conditions: [CONDITION]}}, contentType: MERGE})
  }
}

/** Binds a role under its own name to the runs' accounts of these namespaces. */
function bindingOf({kind, metadata}: {kind: string; metadata: {name: string}}, namespaces: readonly string[]): V1RoleBinding {
  const roleRef = {apiGroup: RBAC, kind, name: metadata.name}
  const subjects = namespaces.map((namespace) => ({kind: 'ServiceAccount', name: RUNNER_NAME, namespace}))
  return {apiVersion: RBAC_VERSION, kind: 'RoleBinding', metadata, roleRef, subjects}
}

async function makePod(kube: Kube, namespace: string, name: string): Promise<Pod> {
  const spec = {serviceAccountName: RUNNER_NAME, containers: [{name: 'exporter', image: 'none'}]}
  const {metadata} = await kube.expect<V1Pod>('POST', `/api/v1/namespaces/${namespace}/pods`, {body: {metadata: {name}, spec}})
  return {name, uid: metadata?.uid ?? ''}
}
