// A real API server with its etcd and nothing else, for integration tests: RBAC, admission and storage are Kubernetes' own, but no
// controller runs, so that a test says itself what CronJobs, Jobs and pods do.
import {spawn, type ChildProcess} from 'node:child_process'
import {openSync, closeSync, readFileSync} from 'node:fs'
import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {request} from 'node:https'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {auditPolicy} from './audit.ts'
import {ensureCommands} from './build/build.ts'
import {ensurePackages} from './build/packages.ts'
import {writeKubeconfig} from './kubeconfig.ts'
import {etcdArguments} from './local/parts.ts'
import {makeAuthority, makeTokenKeys, type KeyPair} from './pki.ts'
import {freePorts} from './ports.ts'
import {Hopeless, waitFor} from './wait.ts'

export interface ApiServerOptions {
  /** Added to kube-apiserver's arguments, as in "--max-requests-inflight=5". A later argument overrides an earlier one. */
  readonly arguments?: readonly string[]
}

export interface ApiServer {
  /** Path of a kubeconfig with all rights (group system:masters). */
  readonly kubeconfig: string
  readonly url: string
  /** Path of the audit log: one JSON object a line, level Metadata, see audit.ts. */
  readonly auditLog: string
  /** Ends both processes and removes their files. May be called twice. */
  stop(): Promise<void>
}

/** Starts an API server on free ports, in some five seconds; several may run at once. It ends with the process that started it. */
export async function startApiServer(options: ApiServerOptions = {}): Promise<ApiServer> {
  await ensurePackages(['openssl'])
  const commands = await ensureCommands(['etcd', 'kube-apiserver'])
  const tries = 3
  for (let count = 1; ; count += 1) {
    try {
      return await startOnce(commands, options)
    } catch (error) {
      // Another program may have taken a port between our looking and our listening.
      if (count === tries || !String(error).includes('address already in use')) throw error
    }
  }
}

interface Layout {
  readonly folder: string
  readonly ports: {readonly etcd: number; readonly peer: number; readonly api: number}
}

async function startOnce(commands: {etcd: string; 'kube-apiserver': string}, options: ApiServerOptions): Promise<ApiServer> {
  const folder = await mkdtemp(join(tmpdir(), 'scheduled-export-api-'))
  const [etcd = 0, peer = 0, api = 0] = await freePorts(3)
  const layout: Layout = {folder, ports: {etcd, peer, api}}
  const children: ChildProcess[] = []
  const stop = stopper(children, folder)
  try {
    const {args, admin, authority} = await prepare(layout)
    children.push(start(commands.etcd, etcdArguments(join(folder, 'etcd'), layout.ports), join(folder, 'etcd.log')))
    children.push(start(commands['kube-apiserver'], [...args, ...(options.arguments ?? [])], join(folder, 'kube-apiserver.log')))
    const url = `https://127.0.0.1:${api}`
    const kubeconfig = await writeKubeconfig(join(folder, 'kubeconfig'), {name: 'test', server: url, authority, client: admin})
    await untilReady(url, {authority, admin, children, folder})
    return {kubeconfig, url, auditLog: join(folder, 'audit.log'), stop}
  } catch (error) {
    await stop()
    throw error
  }
}

async function prepare({folder, ports}: Layout): Promise<{args: string[]; admin: KeyPair; authority: string}> {
  const authority = await makeAuthority(join(folder, 'pki'))
  const [server, admin, tokens] = await Promise.all([
    authority.issue('server', {user: 'kube-apiserver', names: ['IP:127.0.0.1', 'DNS:localhost', 'DNS:kubernetes.default.svc']}),
    authority.issue('admin', {user: 'admin', group: 'system:masters'}),
    makeTokenKeys(authority.folder),
    writeFile(join(folder, 'audit.yaml'), auditPolicy()),
  ])
  const args = [
    `--etcd-servers=http://127.0.0.1:${ports.etcd}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${ports.api}`,
    `--tls-cert-file=${server.certificate}`,
    `--tls-private-key-file=${server.key}`,
    `--client-ca-file=${authority.certificate}`,
    '--authorization-mode=RBAC',
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${tokens.publicKey}`,
    `--service-account-signing-key-file=${tokens.privateKey}`,
    '--service-cluster-ip-range=10.96.0.0/16',
    '--enable-admission-plugins=OwnerReferencesPermissionEnforcement',
    // Without controllers no namespace gets its `default` account, and every pod a test makes would be refused.
    '--disable-admission-plugins=ServiceAccount',
    `--audit-policy-file=${join(folder, 'audit.yaml')}`,
    `--audit-log-path=${join(folder, 'audit.log')}`,
    // Batches are written with a delay, and a test reads right after its request.
    '--audit-log-mode=blocking',
    '--allow-privileged=true',
  ]
  return {args, admin, authority: authority.certificate}
}

function start(command: string, args: readonly string[], log: string): ChildProcess {
  const output = openSync(log, 'a')
  try {
    // Whoever waits sees that there is no process; without a listener the event would end the tests.
    return spawn(command, args, {stdio: ['ignore', output, output]}).on('error', () => {})
  } finally {
    closeSync(output)
  }
}

interface Starting {
  readonly authority: string
  readonly admin: KeyPair
  readonly children: readonly ChildProcess[]
  readonly folder: string
}

async function untilReady(url: string, {authority, admin, children, folder}: Starting): Promise<void> {
  const logs = () => ['etcd', 'kube-apiserver'].map((name) => tail(join(folder, `${name}.log`))).join('\n')
  const credentials = {ca: readFileSync(authority), cert: readFileSync(admin.certificate), key: readFileSync(admin.key)}
  const ready = () =>
    new Promise<boolean>((resolve, reject) => {
      const ended = children.find(hasEnded)
      if (ended !== undefined) throw new Hopeless(`${ended.spawnfile} ended\n${logs()}`)
      const call = request(`${url}/readyz`, {...credentials, agent: false, timeout: 2000}, (answer) => {
        answer.resume()
        resolve(answer.statusCode === 200)
      })
      call.on('error', reject).on('timeout', () => call.destroy(new Error('no answer')))
      call.end()
    })
  await waitFor('The API server is ready', ready, {seconds: 60, interval: 100, hint: logs})
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null || child.pid === undefined
}

function endOf(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return Promise.resolve()
  return new Promise((resolve) => {
    child.once('close', () => resolve())
    child.once('error', () => resolve())
  })
}

/** Kills rather than asks: nothing of it is kept, and a graceful end of the API server waits for its watches. */
function stopper(children: readonly ChildProcess[], folder: string): () => Promise<void> {
  const killAll = () => children.forEach((child) => child.kill('SIGKILL'))
  process.once('exit', killAll)
  return async () => {
    process.off('exit', killAll)
    killAll()
    await Promise.all(children.map(endOf))
    await rm(folder, {recursive: true, force: true, maxRetries: 3})
  }
}

function tail(path: string): string {
  try {
    return readFileSync(path, 'utf8').slice(-3000)
  } catch {
    return ''
  }
}
