// Small pure parts of the harness.
import {describe, expect, test} from 'vitest'
import {commandPath, kubernetesVersion} from '../../cluster/build/commands.ts'
import {goProblem} from '../../cluster/build/go.ts'
import {duration} from '../../cluster/say.ts'
import {readSettings} from '../../cluster/settings.ts'
import {staticVolume} from '../../cluster/volumes.ts'
import {Hopeless, waitFor} from '../../cluster/wait.ts'

describe('duration', () => {
  test.each([
    [12, '12 ms'],
    [1000, '1 s'],
    [59_400, '59 s'],
    [200_000, '3 min 20 s'],
  ])('%d ms is "%s"', (milliseconds, text) => expect(duration(milliseconds)).toBe(text))
})

describe('commandPath', () => {
  test('carries the version and the pins of everything below it', () => {
    expect(kubernetesVersion()).toMatch(/^v1\.\d+\.\d+$/)
    expect(commandPath('kubectl')).toMatch(new RegExp(`/kubernetes-${kubernetesVersion()}-[0-9a-f]{8}/kubectl$`))
    expect(commandPath('helm')).toMatch(/\/helm-v4\.\d+\.\d+\/helm$/)
  })
})

describe('goProblem', () => {
  test.each(['go version go1.21.0 linux/amd64', 'go version go1.26.8 linux/amd64', 'go version go1.27rc1 linux/arm64', 'go version go2.0 linux/amd64'])(
    'takes %s',
    (printed) => expect(goProblem(printed)).toBeUndefined(),
  )

  test.each([
    ['go version go1.19.8 linux/amd64', 'Go 1.19.8 is too old'],
    ['go version go1.20 linux/amd64', 'Go 1.20 is too old'],
    ['bash: go: not found', '"go version" says "bash: go: not found"'],
  ])('says of %s what would be right', (printed, problem) => {
    expect(goProblem(printed)).toContain(problem)
    expect(goProblem(printed)).toContain('install Go 1.21 or newer')
  })
})

describe('readSettings', () => {
  test('an empty variable counts as unset', () => {
    expect(readSettings({CLUSTER: '', XDG_CACHE_HOME: '/cache'})).toMatchObject({cluster: undefined, cache: '/cache/scheduled-export'})
  })
})

describe('waitFor', () => {
  test('takes exceptions as "not yet" and gives what was found', async () => {
    let looks = 0
    const look = (): string => {
      looks += 1
      if (looks < 3) throw new Error('not yet')
      return 'found'
    }
    expect(await waitFor('it is there', look, {interval: 1})).toBe('found')
  })

  test('says what it waited for and what went wrong last', async () => {
    const waiting = waitFor('the server answers', () => fail(new Error('connection refused')), {seconds: 0.01, interval: 1})
    await expect(waiting).rejects.toThrow(/the server answers.*\nconnection refused/)
  })

  test('ends at once where waiting cannot help', async () => {
    const waiting = waitFor('the server answers', () => fail(new Hopeless('the process has ended')), {seconds: 60})
    await expect(waiting).rejects.toThrow('the process has ended')
  })
})

function fail(error: Error): never {
  throw error
}

describe('staticVolume', () => {
  test('is reserved for its claim and bound to its node', () => {
    const volume = staticVolume({name: 'acme-exports', namespace: 'acme', claimName: 'exports', path: '/data', node: 'node1'})
    expect(volume).toMatchObject({
      spec: {claimRef: {namespace: 'acme', name: 'exports'}, local: {path: '/data'}, storageClassName: ''},
    })
    expect(JSON.stringify(volume)).toContain('"kubernetes.io/hostname","operator":"In","values":["node1"]')
  })
})
