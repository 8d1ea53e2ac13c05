// Who may do what once the chart is installed, asked of the API server's own authorizer.
import type {V1SubjectAccessReview} from '@kubernetes/client-node'
import {beforeAll, describe, expect, inject, it} from 'vitest'
import {RUNNER_NAME} from '../../../crds/names.ts'
import {apply, connect, createNamespace, messageOf, type Kube} from '../../support/kube.ts'
import {isAboutRights, renderChart, tokenOf} from './chart.ts'

const RBAC = '/apis/rbac.authorization.k8s.io/v1'

let kube: Kube
let release: string
/** The operators' own namespace, one that both watch, and one that only the first watches. */
let home: string
let watched: string
let other: string

beforeAll(async () => {
  kube = connect(inject('kubeconfig'))
  home = await createNamespace(kube, 'home')
  watched = await createNamespace(kube, 'watched')
  other = await createNamespace(kube, 'other')
  release = `rights-${home.slice(-8)}`
  const install = async (name: string, watchNamespaces: string[]) => {
    const values = {watchNamespaces, fullnameOverride: name, 'roles.aggregate': false}
    await apply(kube, (await renderChart({release: name, namespace: home, values})).filter(isAboutRights))
  }
  await install(release, [])
  await install(`${release}-list`, [watched])
})

interface Asked {
  /** As in "list pods" or "patch cronjobs.batch/status" or, by name, "delete serviceaccounts:default". */
  readonly what: string
  readonly user: string
  readonly namespace: string
}

async function may({what, user, namespace}: Asked): Promise<boolean> {
  const [verb = '', target = ''] = what.split(' ')
  const [path = '', name] = target.split(':')
  const [resource = '', subresource] = path.split('/')
  const [plural = '', ...group] = resource.split('.')
  const optional = {...(namespace && {namespace}), ...(subresource && {subresource}), ...(name && {name})}
  const review: V1SubjectAccessReview = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    spec: {user, resourceAttributes: {verb, group: group.join('.'), resource: plural, ...optional}},
  }
  const {status} = await kube.expect<V1SubjectAccessReview>('POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', {body: review})
  return status?.allowed ?? false
}

/** Binds a ClusterRole in the watched namespace. */
async function bind({role, to, name}: {role: string; to: {kind: string; name: string; namespace?: string}; name: string}): Promise<void> {
  const body = {metadata: {name}, roleRef: {apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role}, subjects: [to]}
  await kube.expect('POST', `${RBAC}/namespaces/${watched}/rolebindings`, {body})
}

function all(verbs: string, target: string): string[] {
  return verbs.split(' ').map((verb) => `${verb} ${target}`)
}

const EXPORTS = 'scheduledexports.scheduledexport.dev'
const STATUS = `${EXPORTS}/status`
const BINDINGS = 'rolebindings.rbac.authorization.k8s.io'
const EVERY_VERB = 'get list watch create update patch delete deletecollection'

const OPERATOR_MAY = [
  ...all('get list watch', EXPORTS),
  ...all('patch', STATUS),
  ...all('get list watch create patch', 'cronjobs.batch'),
  ...all('patch', 'cronjobs.batch/status'),
  ...all('get list watch create delete', 'jobs.batch'),
  ...all('get list watch', 'pods'),
  ...all('list watch create', 'serviceaccounts'),
  ...all('get patch delete', `serviceaccounts:${RUNNER_NAME}`),
  ...all('list watch create', BINDINGS),
  ...all('get patch delete', `${BINDINGS}:${RUNNER_NAME}`),
  ...all('create', 'events.events.k8s.io'),
]

const OPERATOR_MAY_NOT = [
  ...all(EVERY_VERB, 'secrets'),
  ...all(EVERY_VERB, 'configmaps'),
  ...all('create update patch delete deletecollection', EXPORTS),
  ...all('get update', STATUS),
  ...all('update delete deletecollection', 'cronjobs.batch'),
  ...all('get list watch update patch delete deletecollection', 'events.events.k8s.io'),
  ...all('create update patch delete', 'pods'),
  ...all('create get', 'pods/exec'),
  ...all('get', 'pods/log'),
  ...all('update patch', 'pods/ephemeralcontainers'),
  ...all('update patch deletecollection', 'jobs.batch'),
  ...all('get patch update delete', 'serviceaccounts:default'),
  ...all('create', 'serviceaccounts/token'),
  ...all('get patch update delete', `${BINDINGS}:admins`),
  ...all('bind escalate create update patch', 'roles.rbac.authorization.k8s.io'),
  ...all('bind escalate create update patch', 'clusterroles.rbac.authorization.k8s.io'),
  ...all('create update patch', 'clusterrolebindings.rbac.authorization.k8s.io'),
  ...all('impersonate', 'users'),
  ...all('impersonate', 'serviceaccounts'),
  ...all('get list create delete', 'namespaces'),
  ...all('get list', 'nodes'),
  ...all('create', 'deployments.apps'),
  ...all('get create', 'persistentvolumeclaims'),
]

describe.each([
  {title: 'watching all namespaces', suffix: ''},
  {title: 'watching a list of namespaces', suffix: '-list'},
])('the operator, $title,', ({suffix}) => {
  const user = () => `system:serviceaccount:${home}:${release}${suffix}`

  it.each(OPERATOR_MAY)('may %s', async (what) => {
    expect(await may({what, user: user(), namespace: watched})).toBe(true)
  })

  it.each(OPERATOR_MAY_NOT)('may not %s', async (what) => {
    expect(await may({what, user: user(), namespace: watched})).toBe(false)
  })

  it('may do elsewhere what its mode says, and nothing there that it may not do here', async () => {
    const answers = await Promise.all(OPERATOR_MAY.map((what) => may({what, user: user(), namespace: other})))
    expect(new Set(answers)).toEqual(new Set([suffix === '']))
    const clusterWide = await Promise.all(OPERATOR_MAY.map((what) => may({what, user: user(), namespace: ''})))
    expect(new Set(clusterWide)).toEqual(new Set([suffix === '']))
  })

  it('keeps its Lease in its own namespace only', async () => {
    const lease = `leases.coordination.k8s.io:${release}${suffix}`
    for (const what of ['create leases.coordination.k8s.io', ...all('get patch', lease)]) {
      expect([what, await may({what, user: user(), namespace: home})]).toEqual([what, true])
      expect([what, await may({what, user: user(), namespace: watched})]).toEqual([what, false])
    }
    for (const what of all('list watch update delete', lease)) expect([what, await may({what, user: user(), namespace: home})]).toEqual([what, false])
    expect(await may({what: 'get leases.coordination.k8s.io:kube-scheduler', user: user(), namespace: home})).toBe(false)
  })

  it('may grant the role of the runs and no other', async () => {
    const operator = kube.withToken(await tokenOf(kube, {namespace: home, name: `${release}${suffix}`}))
    const grant = async (role: string, namespace: string) => {
      const subjects = [{kind: 'ServiceAccount', name: RUNNER_NAME, namespace}]
      const roleRef = {apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role}
      const body = {metadata: {name: RUNNER_NAME}, roleRef, subjects}
      return await operator.call('POST', `${RBAC}/namespaces/${namespace}/rolebindings`, {query: {dryRun: 'All'}, body})
    }
    expect((await grant(RUNNER_NAME, watched)).status).toBe(201)
    const admin = await grant('cluster-admin', watched)
    expect(admin.status).toBe(403)
    expect(messageOf(admin.body)).toContain('attempting to grant RBAC permissions not currently held')
    expect((await grant(RUNNER_NAME, other)).status).toBe(suffix === '' ? 201 : 403)
  })
})

function runner(): string {
  return `system:serviceaccount:${watched}:${RUNNER_NAME}`
}

describe('the runs', () => {
  beforeAll(async () => {
    await bind({role: RUNNER_NAME, to: {kind: 'ServiceAccount', name: RUNNER_NAME, namespace: watched}, name: RUNNER_NAME})
  })

  it.each([`get ${EXPORTS}`, `patch ${STATUS}`])('may %s, in their namespace', async (what) => {
    expect(await may({what, user: runner(), namespace: watched})).toBe(true)
    expect(await may({what, user: runner(), namespace: other})).toBe(false)
  })

  it.each([
    ...all('list watch create update patch delete deletecollection', EXPORTS),
    ...all('get update', STATUS),
    ...OPERATOR_MAY_NOT.filter((what) => !what.endsWith(EXPORTS) && !what.endsWith(STATUS)),
    ...all('get list watch', 'pods'),
    ...all('get list create', 'jobs.batch'),
    ...all('create', 'events.events.k8s.io'),
  ])('may not %s', async (what) => {
    expect(await may({what, user: runner(), namespace: watched})).toBe(false)
  })
})

/** docs/roles.md in short: V(iewer), M(anager), A(dministrator). */
const PEOPLE: Readonly<Record<string, string>> = {
  [`get ${EXPORTS}`]: 'VMA',
  [`list ${EXPORTS}`]: 'VMA',
  [`watch ${EXPORTS}`]: 'VMA',
  [`get ${STATUS}`]: 'VMA',
  [`create ${EXPORTS}`]: 'MA',
  [`update ${EXPORTS}`]: 'MA',
  [`patch ${EXPORTS}`]: 'MA',
  [`delete ${EXPORTS}`]: 'A',
  [`deletecollection ${EXPORTS}`]: 'A',
  [`patch ${STATUS}`]: '',
  [`update ${STATUS}`]: '',
  'get cronjobs.batch': 'MA',
  'patch cronjobs.batch': '',
  'get jobs.batch': 'MA',
  'create jobs.batch': 'A',
  'delete jobs.batch': 'A',
  'get pods': 'MA',
  'get pods/log': 'MA',
  'delete pods': 'A',
  'create pods': '',
  'create pods/exec': '',
  'list events': 'MA',
  'get secrets': '',
  'list secrets': '',
  [`delete serviceaccounts:${RUNNER_NAME}`]: 'A',
  'delete serviceaccounts:default': '',
  'create serviceaccounts/token': '',
  [`delete ${BINDINGS}:${RUNNER_NAME}`]: 'A',
  [`delete ${BINDINGS}:admins`]: '',
  [`create ${BINDINGS}`]: '',
}

describe('people', () => {
  const roles = {V: 'viewer', M: 'manager', A: 'admin'}
  beforeAll(async () => {
    for (const role of Object.values(roles)) {
      await bind({role: `${release}-${role}`, to: {kind: 'User', name: `${release}-${role}`}, name: role})
    }
  })

  it.each(Object.entries(PEOPLE))('%s: %s', async (what, who) => {
    const answers = Object.entries(roles).map(async ([letter, role]) => {
      return (await may({what, user: `${release}-${role}`, namespace: watched})) ? letter : ''
    })
    expect((await Promise.all(answers)).join('')).toBe(who)
  })

  it('may start a run at once as managers where the chart says so', async () => {
    const name = `${release}-now`
    const values = {fullnameOverride: name, 'roles.managersRunNow': true}
    const objects = await renderChart({release: name, namespace: home, values})
    await apply(kube, objects.filter(({metadata}) => metadata?.name === `${name}-manager`))
    await bind({role: `${name}-manager`, to: {kind: 'User', name}, name})
    expect(await may({what: 'create jobs.batch', user: name, namespace: watched})).toBe(true)
  })

  it('get the roles with those of Kubernetes', async () => {
    const objects = await renderChart({release: 'scheduled-export', namespace: home})
    const labels = (name: string) => Object.keys(objects.find(({metadata}) => metadata?.name === name)?.metadata?.labels ?? {})
    expect(labels('scheduled-export-viewer')).toContain('rbac.authorization.k8s.io/aggregate-to-view')
    expect(labels('scheduled-export-manager')).toContain('rbac.authorization.k8s.io/aggregate-to-edit')
    expect(labels('scheduled-export-admin')).toContain('rbac.authorization.k8s.io/aggregate-to-admin')
  })
})
