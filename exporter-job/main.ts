// The exporter's pod: one run, reported to the export's status, its end told by the exit code (crds/run.ts EXIT).
import {setTimeout as delay} from 'node:timers/promises'
import {readEnvironment} from './environment.ts'
import type {Environment} from './environment.ts'
import {createLog} from './log.ts'
import {redactor, secretsOfUrl} from './redact.ts'
import {createExportApi} from './report/api.ts'
import {createReporter, silentReporter} from './report/reporter.ts'
import type {Reporter} from './report/reporter.ts'
import {writeTerminationMessage} from './report/termination.ts'
import {connectAdapters} from './run/connect.ts'
import {identifyRun} from './run/identify.ts'
import {runExport} from './run/run.ts'
import {resultLine} from './run/result.ts'
import type {Logger} from 'pino'

async function main(): Promise<number> {
  const environment = readEnvironment(process.env)
  const {frozen, jobName, jobUid, slot, postgresUrl, mounts, terminationLog} = environment
  const redact = redactor(postgresUrl === undefined ? [] : secretsOfUrl(postgresUrl))
  const log = createLog(redact)
  const stop = new AbortController()
  process.once('SIGTERM', () => stop.abort(new Error('told to stop (SIGTERM)')))
  const now = (): Date => new Date()
  const reporter = reporterOf(environment, log)
  const known = await reporter.known()
  const identity = identifyRun({frozen, jobName, jobUid, override: slot, known, now: now()})
  const outcome = await runExport({
    frozen,
    identity,
    known,
    connect: async () => await connectAdapters({frozen, identity, postgresUrl, mounts, redact, now}),
    reporter,
    lastWords: async (run) => await writeTerminationMessage(terminationLog, run),
    stop: stop.signal,
    now,
    sleep: async (milliseconds, signal) => await delay(milliseconds, undefined, {signal}),
    progress: (rows) => log.info({rows}, 'progress'),
    redact,
    log,
  })
  process.stdout.write(`${redact(resultLine(outcome))}\n`)
  return outcome.exitCode
}

function reporterOf({api, frozen, jobName}: Environment, log: Logger): Reporter {
  if (api === undefined) return silentReporter
  const {historyLimit} = frozen.spec
  return createReporter({api: createExportApi(api, frozen), jobName, historyLimit, log, now: Date.now})
}

// Sockets that a cut connection left behind must not keep a finished run's pod.
process.exit(await main())
