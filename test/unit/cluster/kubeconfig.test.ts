import {mkdtempSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {KubeConfig} from '@kubernetes/client-node'
import {afterEach, beforeEach, expect, test} from 'vitest'
import {writeKubeconfig} from '../../cluster/kubeconfig.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kubeconfig-test-'))
})
afterEach(() => rmSync(folder, {recursive: true}))

test('a client reads server, authority and credentials from the file alone', async () => {
  const file = (name: string): string => {
    writeFileSync(join(folder, name), `bytes of ${name}`)
    return join(folder, name)
  }
  const client = {certificate: file('client.crt'), key: file('client.key')}
  const path = await writeKubeconfig(join(folder, 'kubeconfig'), {name: 'test', server: 'https://127.0.0.1:1', authority: file('ca.crt'), client})
  const config = new KubeConfig()
  config.loadFromString(readFileSync(path, 'utf8'))
  expect(config.getCurrentCluster()?.server).toBe('https://127.0.0.1:1')
  expect(decoded(config.getCurrentCluster()?.caData)).toBe('bytes of ca.crt')
  expect(decoded(config.getCurrentUser()?.certData)).toBe('bytes of client.crt')
  expect(decoded(config.getCurrentUser()?.keyData)).toBe('bytes of client.key')
})

function decoded(value: string | undefined): string {
  return Buffer.from(value ?? '', 'base64').toString()
}

test('nobody else may read the key in it', async () => {
  writeFileSync(join(folder, 'pem'), '')
  const client = {certificate: join(folder, 'pem'), key: join(folder, 'pem')}
  const path = await writeKubeconfig(join(folder, 'kubeconfig'), {name: 'test', server: '', authority: join(folder, 'pem'), client})
  expect(statSync(path).mode & 0o777).toBe(0o600)
})
