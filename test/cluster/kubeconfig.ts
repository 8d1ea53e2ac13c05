// Writes kubeconfig files: JSON is YAML, so no library is needed.
import {writeFile} from 'node:fs/promises'
import {base64OfFile, type KeyPair} from './pki.ts'

export interface KubeconfigInput {
  /** Name of cluster, user and context. */
  readonly name: string
  readonly server: string
  /** PEM file of the API server's authority. */
  readonly authority: string
  readonly client: KeyPair
}

/** Writes a kubeconfig with everything embedded: the file works wherever it is copied. Readable by its owner only. */
export async function writeKubeconfig(path: string, input: KubeconfigInput): Promise<string> {
  const [authority, certificate, key] = await Promise.all([
    base64OfFile(input.authority),
    base64OfFile(input.client.certificate),
    base64OfFile(input.client.key),
  ])
  const {name, server} = input
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{name, cluster: {server, 'certificate-authority-data': authority}}],
    users: [{name, user: {'client-certificate-data': certificate, 'client-key-data': key}}],
    contexts: [{name, context: {cluster: name, user: name}}],
    'current-context': name,
  }
  await writeFile(path, `${JSON.stringify(config, null, 2)}\n`, {mode: 0o600})
  return path
}
