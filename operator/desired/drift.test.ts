import {describe, expect, test} from 'vitest'
import type {CronJob} from '../kube/resources.ts'
import {operatorConfig, scheduledExport} from '../testing/builders.ts'
import {desiredCronJob} from './cron-job.ts'
import {isApplied, stamped} from './drift.ts'
import {desiredRoleBinding, desiredServiceAccount} from './runner-access.ts'

const DESIRED = stamped(desiredCronJob(scheduledExport(), operatorConfig({pod: {resources: {requests: {cpu: '0.5', memory: '1024Mi'}}}})))

/** What the API server would hand out: defaults filled in, quantities rewritten, others' fields beside ours. */
function live(change: (cronJob: CronJob) => void = () => {}): CronJob {
  const object = structuredClone(DESIRED)
  object.metadata = {...object.metadata, uid: 'cron-job-uid', resourceVersion: '7', annotations: {...object.metadata?.annotations, theirs: 'x'}}
  const pod = object.spec.jobTemplate.spec!.template.spec!
  Object.assign(pod, {dnsPolicy: 'ClusterFirst', schedulerName: 'default-scheduler', serviceAccount: 'scheduled-export-runner'})
  pod.containers[0]!.resources = {requests: {cpu: '500m', memory: '1Gi'}, limits: {memory: '512Mi'}}
  Object.assign(object.spec, {startingDeadlineSeconds: 60})
  change(object)
  return object
}

describe('isApplied', () => {
  test('is content with what the API server filled in and what others added', () => {
    expect(isApplied(live(), DESIRED)).toBe(true)
  })

  test('is content with an object out of a list, which has no apiVersion and no kind', () => {
    const {apiVersion: _version, kind: _kind, ...item} = live()
    expect(isApplied(item, DESIRED)).toBe(true)
  })

  test.each<[string, (cronJob: CronJob) => void]>([
    ['the schedule', (object) => { object.spec.schedule = '0 7 1 * *' }],
    ['suspend', (object) => { object.spec.suspend = true }],
    ['a limit that was lowered', (object) => { object.spec.failedJobsHistoryLimit = 1 }],
    ['the image', (object) => { object.spec.jobTemplate.spec!.template.spec!.containers[0]!.image = 'evil' }],
    ['a second container', (object) => { object.spec.jobTemplate.spec!.template.spec!.containers.push({name: 'sidecar'}) }],
    ['another variable', (object) => { object.spec.jobTemplate.spec!.template.spec!.containers[0]!.env!.push({name: 'X', value: 'y'}) }],
    ['other memory', (object) => { object.spec.jobTemplate.spec!.template.spec!.containers[0]!.resources!.limits = {memory: '513Mi'} }],
    ['a label that was taken off', (object) => { object.metadata!.labels = {} }],
    ['the owner', (object) => { object.metadata!.ownerReferences = [] }],
    ['the stamp', (object) => { object.metadata!.annotations = {} }],
  ])('sees a change of %s', (_, change) => {
    expect(isApplied(live(change), DESIRED)).toBe(false)
  })

  test('sees that a field is no longer wanted, which nothing but the stamp tells', () => {
    const before = stamped(desiredCronJob(scheduledExport(), operatorConfig({pod: {nodeSelector: {pool: 'batch'}}})))
    const after = stamped(desiredCronJob(scheduledExport(), operatorConfig()))
    expect(isApplied(before, after)).toBe(false)
  })

  test('holds for an account and a binding', () => {
    const account = stamped(desiredServiceAccount('acme'))
    const binding = stamped(desiredRoleBinding('acme', operatorConfig()))
    expect(isApplied({...structuredClone(account), apiVersion: 'v1'}, account)).toBe(true)
    expect(isApplied(structuredClone(binding), binding)).toBe(true)
    expect(isApplied(stamped(desiredRoleBinding('acme', operatorConfig({clusterRole: 'another'}))), binding)).toBe(false)
  })
})

test('the stamp is the same for the same object and differs for another', () => {
  const again = stamped(desiredCronJob(scheduledExport(), operatorConfig({pod: {resources: {requests: {cpu: '0.5', memory: '1024Mi'}}}})))
  expect(again).toEqual(DESIRED)
  const other = stamped(desiredCronJob(scheduledExport({generation: 2}), operatorConfig()))
  expect(other.metadata?.annotations).not.toEqual(DESIRED.metadata?.annotations)
})
