// The operator's process: configuration in, signals in, exit code out.
import {KubeConfig} from '@kubernetes/client-node'
import {loadConfig} from './config.ts'
import {readEnvironment} from './environment.ts'
import {messageOf} from './kube/errors.ts'
import {createLogger} from './log.ts'
import {startOperator} from './operator.ts'
import type {Logger} from './reconcile/types.ts'
import packageJson from './package.json' with {type: 'json'}

/** Below a pod's usual 30 s, after which the kubelet kills. */
const EXIT_WITHIN_MS = 25_000

async function main(): Promise<void> {
  const environment = readEnvironment()
  const config = loadConfig(environment.configPath)
  const log = createLogger({level: config.logLevel})
  guard(log)
  const {version} = packageJson
  log.info({version, node: process.version, namespaces: config.namespaces}, 'starting')
  const operator = await startOperator({config, loadKubeConfig, instance: environment.instance, version, log})
  log.info({port: operator.port}, 'listening')
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      log.info({signal}, 'stopping')
      setTimeout(exitWith(log, 'it did not stop in time'), EXIT_WITHIN_MS).unref()
      operator.stop()
    })
  }
  await operator.ended
  log.info({}, 'stopped')
  process.exit(0)
}

function loadKubeConfig(): KubeConfig {
  const config = new KubeConfig()
  config.loadFromDefault()
  return config
}

/** A fault that nobody caught leaves the process in an unknown state: say it and end; Kubernetes starts another. */
function guard(log: Logger): void {
  process.on('uncaughtException', (error) => {
    exitWith(log, 'uncaught exception')(error)
  })
  process.on('unhandledRejection', (error) => {
    exitWith(log, 'unhandled rejection')(error)
  })
}

function exitWith(log: Logger, what: string): (error?: unknown) => void {
  return (error) => {
    log.error({error: messageOf(error), ...(error instanceof Error && {stack: error.stack})}, what)
    process.exit(1)
  }
}

main().catch((error: unknown) => {
  // The configured logger may not be there yet.
  exitWith(createLogger({level: 'error'}), 'the operator cannot go on')(error)
})
