// kubectl, as the harness itself uses it.
import {ensureKubectl} from './build/build.ts'
import {attempt, run} from './run.ts'

/** Where kubectl of the cluster's version is; built where it is not there. */
export function kubectlPath(): Promise<string> {
  return ensureKubectl()
}

/** kubectl against one cluster; stdout. */
export async function kubectl(kubeconfig: string, args: readonly string[], input?: string): Promise<string> {
  return run(await kubectlPath(), ['--kubeconfig', kubeconfig, ...args], input === undefined ? {} : {input})
}

/** Creates or changes objects by server-side apply. */
export async function apply(kubeconfig: string, objects: readonly object[]): Promise<void> {
  const list = JSON.stringify({apiVersion: 'v1', kind: 'List', items: objects})
  await kubectl(kubeconfig, ['apply', '--server-side', '--force-conflicts', '--field-manager=scheduled-export-test', '-f', '-'], list)
}

/** Whether the API server answers within a second and every node is ready. */
export async function isHealthy(kubeconfig: string): Promise<boolean> {
  const condition = '{range .items[*]}{.status.conditions[?(@.type=="Ready")].status}{"\\n"}{end}'
  const args = ['--kubeconfig', kubeconfig, '--request-timeout=1500ms', 'get', 'nodes', '-o', `jsonpath=${condition}`]
  const {code, stdout} = await attempt(await kubectlPath(), args)
  const states = stdout.split('\n').filter((line) => line !== '')
  return code === 0 && states.length > 0 && states.every((state) => state === 'True')
}
