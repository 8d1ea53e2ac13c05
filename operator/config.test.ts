import {describe, expect, test} from 'vitest'
import {loadConfig, parseConfig, runnerPodOf} from './config.ts'

describe('reading', () => {
  test('an image is all that must be said', () => {
    expect(parseConfig('runner: {image: r/job:1}')).toEqual({
      namespaces: [],
      logLevel: 'info',
      workers: 4,
      leaderElection: {
        enabled: true,
        name: 'scheduled-export-operator',
        leaseDuration: 15_000,
        renewDeadline: 10_000,
        retryPeriod: 2000,
      },
      listen: {port: 8080},
      runner: {image: 'r/job:1', imagePullPolicy: 'IfNotPresent', clusterRole: 'scheduled-export-runner', pod: {}, namespaces: {}},
      podPendingAfter: 120_000,
    })
  })

  test('durations are read as in the resource', () => {
    const config = parseConfig('{runner: {image: i}, podPendingAfter: 1m30s, leaderElection: {leaseDuration: 1m}}')
    expect([config.podPendingAfter, config.leaderElection.leaseDuration]).toEqual([90_000, 60_000])
  })

  test.each([
    {what: 'an unknown key', yaml: '{runner: {image: i}, wrokers: 3}', says: 'wrokers'},
    {what: 'no image', yaml: '{runner: {}}', says: 'runner.image'},
    {what: 'nothing at all', yaml: '', says: 'runner'},
    {what: 'a duration without a unit', yaml: '{runner: {image: i}, podPendingAfter: "120"}', says: 'podPendingAfter'},
    {what: 'no workers', yaml: '{runner: {image: i}, workers: 0}', says: 'workers'},
    {what: 'an unknown level', yaml: '{runner: {image: i}, logLevel: loud}', says: 'logLevel'},
    {what: 'a port that is none', yaml: '{runner: {image: i}, listen: {port: 70000}}', says: 'listen.port'},
    {
      what: 'times by which two could lead',
      yaml: '{runner: {image: i}, leaderElection: {leaseDuration: 5s, renewDeadline: 10s}}',
      says: 'leaseDuration > renewDeadline',
    },
    {what: 'an unknown toleration', yaml: '{runner: {image: i, pod: {tolerations: [{effect: Never}]}}}', says: 'tolerations'},
    {what: 'an endpoint that is none', yaml: '{runner: {image: i, pod: {allowedPrivateEndpoints: ["http://x"]}}}', says: 'must be a network'},
    {what: 'what is not YAML', yaml: '{', says: 'Flow map'},
  ])('$what is refused, and named', ({yaml, says}) => {
    expect(() => parseConfig(yaml)).toThrow(says)
  })

  test('a file that cannot be read is named', () => {
    expect(() => loadConfig('/nowhere/config.yaml')).toThrow('/nowhere/config.yaml')
  })
})

describe('the pod settings of a namespace', () => {
  const config = parseConfig(`
    runner:
      image: i
      pod:
        labels: {team: all, tier: batch}
        nodeSelector: {zone: a}
        resources: {requests: {cpu: 100m, memory: 128Mi}, limits: {memory: 256Mi}}
        tolerations: [{key: general}]
        priorityClassName: low
      namespaces:
        acme:
          labels: {team: acme}
          resources: {limits: {memory: 1Gi, cpu: 2}}
          tolerations: [{key: acme}]
  `)

  test('are the general ones where it has none of its own', () => {
    expect(runnerPodOf(config, 'other')).toEqual(config.runner.pod)
    expect(runnerPodOf(config, 'constructor')).toEqual(config.runner.pod)
  })

  test('are merged: maps key by key, lists and values replaced', () => {
    expect(runnerPodOf(config, 'acme')).toEqual({
      labels: {team: 'acme', tier: 'batch'},
      nodeSelector: {zone: 'a'},
      resources: {requests: {cpu: '100m', memory: '128Mi'}, limits: {memory: '1Gi', cpu: '2'}},
      tolerations: [{key: 'acme'}],
      priorityClassName: 'low',
    })
  })
})
