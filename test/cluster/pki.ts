// A certificate authority of a test cluster's own, by the openssl command; nothing of it outlives the cluster.
import {generateKeyPairSync} from 'node:crypto'
import {mkdir, readFile, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {run} from './run.ts'

const DAYS = '30'
const CURVE = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'] as const

/** Paths of a certificate and its key. */
export interface KeyPair {
  readonly certificate: string
  readonly key: string
}

export interface Subject {
  /** As Kubernetes reads it: the user. */
  readonly user: string
  /** As Kubernetes reads it: the group. */
  readonly group?: string
  /** As in "DNS:localhost" or "IP:127.0.0.1". */
  readonly names?: readonly string[]
}

/** A certificate authority in a folder. */
export interface Authority {
  readonly folder: string
  readonly certificate: string
  issue(name: string, subject: Subject): Promise<KeyPair>
}

export async function makeAuthority(folder: string): Promise<Authority> {
  await mkdir(folder, {recursive: true, mode: 0o700})
  const own = pair(folder, 'ca')
  await run('openssl', ['req', '-x509', ...CURVE, '-keyout', own.key, '-out', own.certificate, '-days', DAYS, '-subj', '/CN=scheduled-export-test-ca'])
  return {folder, certificate: own.certificate, issue: (name, subject) => issue(own, {folder, name}, subject)}
}

/** The key pair with which an API server signs service account tokens, as PEM files. */
export async function makeTokenKeys(folder: string): Promise<{privateKey: string; publicKey: string}> {
  const keys = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: {type: 'spki', format: 'pem'},
    privateKeyEncoding: {type: 'pkcs8', format: 'pem'},
  })
  const paths = {privateKey: join(folder, 'service-accounts.key'), publicKey: join(folder, 'service-accounts.pub')}
  await writeFile(paths.privateKey, keys.privateKey, {mode: 0o600})
  await writeFile(paths.publicKey, keys.publicKey)
  return paths
}

/** A PEM file as kubeconfig wants it embedded. */
export async function base64OfFile(path: string): Promise<string> {
  return (await readFile(path)).toString('base64')
}

async function issue(authority: KeyPair, place: {folder: string; name: string}, subject: Subject): Promise<KeyPair> {
  const made = pair(place.folder, place.name)
  const request = join(place.folder, `${place.name}.csr`)
  const extensions = join(place.folder, `${place.name}.ext`)
  const group = subject.group === undefined ? '' : `/O=${subject.group}`
  await writeFile(extensions, `subjectAltName=${(subject.names ?? [`DNS:${place.name}`]).join(',')}\n`)
  await run('openssl', ['req', ...CURVE, '-keyout', made.key, '-out', request, '-subj', `${group}/CN=${subject.user}`])
  const signer = ['-CA', authority.certificate, '-CAkey', authority.key, '-set_serial', `0x${serial()}`]
  await run('openssl', ['x509', '-req', '-in', request, ...signer, '-days', DAYS, '-out', made.certificate, '-extfile', extensions])
  return made
}

/** A random serial number, so that several certificates may be issued at once (a serial file would be shared). */
function serial(): string {
  return crypto.randomUUID().replaceAll('-', '').slice(1)
}

function pair(folder: string, name: string): KeyPair {
  return {certificate: join(folder, `${name}.crt`), key: join(folder, `${name}.key`)}
}
