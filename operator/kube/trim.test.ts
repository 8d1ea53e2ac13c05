import {expect, test} from 'vitest'
import type {Job, Pod} from './resources.ts'
import {frozenIn} from '../status/job-run.ts'
import {trimmed, trimmedJob, trimmedPod} from './trim.ts'

const BOOKKEEPING = {
  managedFields: [{manager: 'kubectl', operation: 'Apply', fieldsV1: {}}],
  annotations: {'kubectl.kubernetes.io/last-applied-configuration': '{…}', kept: 'yes'},
}

test('book-keeping is dropped, every other annotation and label kept', () => {
  const object = trimmed({metadata: {...BOOKKEEPING, name: 'a', labels: {a: 'b'}}})
  expect(object).toEqual({metadata: {name: 'a', labels: {a: 'b'}, annotations: {kept: 'yes'}}})
})

test('the object that was given is not changed', () => {
  const object = {metadata: {...BOOKKEEPING, name: 'a'}}
  trimmed(object)
  expect(object.metadata.managedFields).toHaveLength(1)
})

const OWNER = {apiVersion: 'batch/v1', kind: 'CronJob', name: 'a', uid: 'u'}
const METADATA = {namespace: 'n', name: 'a', uid: 'u', resourceVersion: '1', creationTimestamp: '2026-11-01T05:00:00Z'}

test('a pod that has started keeps nothing but its phase: last words are read live', () => {
  const pod: Pod = {
    metadata: {...METADATA, ...BOOKKEEPING, labels: {'scheduledexport.dev/export': 'a', team: 'finance'}, ownerReferences: [{...OWNER, controller: true}]},
    spec: {nodeName: 'node-1', containers: [{name: 'exporter', env: [{name: 'A', value: 'x'.repeat(1000)}]}], volumes: [{name: 'v'}]},
    status: {
      phase: 'Succeeded',
      conditions: [{type: 'PodScheduled', status: 'True'}],
      containerStatuses: [containerOf({terminated: {exitCode: 0, message: 'x'.repeat(3500)}})],
    },
  }
  expect(trimmedPod(pod)).toEqual({
    metadata: {...METADATA, labels: {'scheduledexport.dev/export': 'a'}, ownerReferences: [OWNER]},
    status: {phase: 'Succeeded'},
  })
})

test('a Pending pod keeps why', () => {
  const waiting = containerOf({waiting: {reason: 'ImagePullBackOff', message: 'no such image'}})
  const scheduled = {type: 'PodScheduled', status: 'False', reason: 'Unschedulable'}
  const pod: Pod = {
    metadata: METADATA,
    status: {phase: 'Pending', conditions: [{type: 'Ready', status: 'False'}, scheduled], containerStatuses: [{...waiting, name: 'sidecar'}, waiting]},
  }
  expect(trimmedPod(pod)).toEqual({metadata: METADATA, status: {phase: 'Pending', conditions: [scheduled], containerStatuses: [waiting]}})
})

function containerOf(state: object) {
  return {name: 'exporter', image: 'i', imageID: '', ready: false, restartCount: 0, state}
}

test('a Job keeps its slot, whose it is, how long it may take and how it ended: no query, however long', () => {
  const job: Job = {
    metadata: {...METADATA, ...BOOKKEEPING, labels: {'scheduledexport.dev/export': 'a', 'batch.kubernetes.io/job-name': 'a'}},
    spec: {
      backoffLimit: 2,
      activeDeadlineSeconds: 21_600,
      template: {
        metadata: {labels: {a: 'b'}},
        spec: {
          containers: [
            {
              name: 'exporter',
              image: 'i',
              env: [
                {name: 'SCHEDULED_EXPORT', value: JSON.stringify({name: 'a', uid: 'export', generation: 7, spec: {query: 'x'.repeat(60_000)}})},
                {name: 'SCHEDULED_EXPORT_SLOT', value: '{}'},
                {name: 'SCHEDULED_EXPORT_POSTGRES_URL'},
              ],
              securityContext: {runAsUser: 1},
            },
          ],
          volumes: [{name: 'v'}],
        },
      },
    },
    status: {
      succeeded: 1,
      startTime: 't',
      conditions: [{type: 'SuccessCriteriaMet', status: 'True'}, {type: 'Complete', status: 'True', reason: 'CompletionsReached'}],
    },
  }
  const env = [{name: 'SCHEDULED_EXPORT', value: '{"uid":"export","generation":7}'}, {name: 'SCHEDULED_EXPORT_SLOT', value: '{}'}]
  expect(trimmedJob(job)).toEqual({
    metadata: {...METADATA, labels: {'scheduledexport.dev/export': 'a'}},
    spec: {activeDeadlineSeconds: 21_600, template: {spec: {containers: [{name: 'exporter', env}]}}},
    status: {startTime: 't', conditions: [{type: 'Complete', status: 'True', reason: 'CompletionsReached'}]},
  })
  expect(frozenIn(trimmedJob(job))).toEqual({uid: 'export', generation: 7})
})

test('a Job whose frozen spec is none is nobody’s', () => {
  const job: Job = {metadata: METADATA, spec: {template: {spec: {containers: [{name: 'exporter', env: [{name: 'SCHEDULED_EXPORT', value: '{'}]}]}}}}
  expect(frozenIn(trimmedJob(job))).toEqual({})
})
