// Once before the integration tests: one real API server for all test files, with the CRD in it. Each file makes namespaces of its own.
import type {TestProject} from 'vitest/node'
import {API_VERSION, GROUP, PLURAL} from '../../crds/names.ts'
import {startApiServer} from '../cluster/apiserver.ts'
import {ensureHelm} from '../cluster/build/build.ts'
import {readSettings} from '../cluster/settings.ts'
import {applyFile, connect, untilCondition, untilObject, type Kube} from '../support/kube.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of a kubeconfig with all rights. */
    kubeconfig: string
    /** Path of the API server's audit log; undefined where the cluster is somebody else's. */
    auditLog: string | undefined
  }
}

interface Server {
  readonly kubeconfig: string
  readonly auditLog?: string
  stop?(): Promise<void>
}

/** vitest's globalSetup: what it gives back is called at the end. CLUSTER=existing takes the cluster that KUBECONFIG names. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  // Helm takes minutes to build the first time, longer than a test may take.
  const [server] = await Promise.all([chooseServer(), ensureHelm()])
  try {
    await installDefinition(connect(server.kubeconfig))
  } catch (error) {
    await server.stop?.()
    throw error
  }
  project.provide('kubeconfig', server.kubeconfig)
  project.provide('auditLog', server.auditLog)
  return async () => await server.stop?.()
}

async function chooseServer(): Promise<Server> {
  const {cluster, kubeconfig} = readSettings()
  if (cluster !== 'existing') return await startApiServer()
  if (kubeconfig === undefined) throw new Error('CLUSTER=existing needs KUBECONFIG, the path of a kubeconfig')
  return {kubeconfig}
}

async function installDefinition(kube: Kube): Promise<void> {
  await applyFile(kube, new URL('../../crds/scheduledexports.yaml', import.meta.url))
  await untilCondition(kube, `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${PLURAL}.${GROUP}`, 'Established=True')
  // Established is said a moment before the path is served, and kubectl and server-side apply look into OpenAPI, which follows later still.
  await untilObject<object>(kube, `/openapi/v3/apis/${API_VERSION}`, () => true)
  await untilObject<object>(kube, `/apis/${API_VERSION}/${PLURAL}`, () => true)
}
