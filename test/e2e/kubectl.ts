// kubectl as a user types it, and as a test reads it.
import {execFile} from 'node:child_process'
import {inject} from 'vitest'

export interface KubectlResult {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs kubectl with the test cluster's configuration; never throws for an exit code. */
export async function tryKubectl(args: readonly string[], input?: string): Promise<KubectlResult> {
  return await new Promise((resolve, reject) => {
    const env = {...process.env, KUBECONFIG: inject('kubeconfig')}
    const child = execFile(inject('kubectl'), args, {env, maxBuffer: 64 << 20}, (error, stdout, stderr) => {
      if (error !== null && typeof error.code !== 'number') reject(error)
      else resolve({code: Number(error?.code ?? 0), stdout, stderr})
    })
    // kubectl may end before it has read everything: its exit code says why.
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(input ?? '')
  })
}

/** The output of a kubectl call that must succeed. */
export async function kubectl(args: readonly string[], input?: string): Promise<string> {
  const result = await tryKubectl(args, input)
  if (result.code !== 0) throw new Error(`kubectl ${args.join(' ')} ended with ${result.code}: ${result.stderr}${result.stdout}`)
  return result.stdout
}

/** An object read by kubectl; undefined where there is none. */
export async function readObject<T>(kind: string, namespace: string, name: string): Promise<T | undefined> {
  const text = await kubectl(['get', kind, name, '-n', namespace, '-o', 'json', '--ignore-not-found'])
  return text === '' ? undefined : (JSON.parse(text) as T)
}

/** All objects of a kind in a namespace, narrowed by a label selector. */
export async function listObjects<T>(kind: string, namespace: string, selector = ''): Promise<T[]> {
  const text = await kubectl(['get', kind, '-n', namespace, '-l', selector, '-o', 'json'])
  return (JSON.parse(text) as {items: T[]}).items
}

/** Applies one or more objects by server-side apply, as GitOps tools do. */
export async function apply(...objects: unknown[]): Promise<void> {
  const list = {apiVersion: 'v1', kind: 'List', items: objects}
  await kubectl(['apply', '--server-side', '--force-conflicts', '-f', '-'], JSON.stringify(list))
}

/** Polls until `probe` answers something, and gives it back; the last state is in the error. */
export async function eventually<T>(what: string, seconds: number, probe: () => Promise<T | undefined | false>): Promise<T> {
  const end = Date.now() + seconds * 1000
  let last: unknown
  do {
    try {
      const answer = await probe()
      if (answer !== undefined && answer !== false) return answer
      last = answer
    } catch (error) {
      last = error
    }
    await new Promise((resolve) => setTimeout(resolve, 500))
  } while (Date.now() < end)
  throw new Error(`${what}: not seen within ${seconds} s (last: ${String(last)})`)
}
