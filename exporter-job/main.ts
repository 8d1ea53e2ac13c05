// The exporter's pod: one run, reported to the export's status, its end told by the exit code (crds/run.ts EXIT).
import type {Logger} from 'pino'
import type {RunKey} from '../crds/history.ts'
import {EXIT} from '../crds/run.ts'
import {systemClock} from './clock.ts'
import {readEnvironment} from './environment.ts'
import type {Environment} from './environment.ts'
import packageJson from './package.json' with {type: 'json'}
import {RunFault} from './errors.ts'
import {createLog} from './log.ts'
import {redactor, secretTexts} from './redact.ts'
import type {Redact} from './redact.ts'
import {createExportApi} from './report/api.ts'
import {createReporter, silentReporter} from './report/reporter.ts'
import type {Reporter} from './report/reporter.ts'
import {writeTerminationMessage} from './report/termination.ts'
import {connectAdapters} from './run/connect.ts'
import {identifyRun, keyOfRun} from './run/identify.ts'
import {failureLine, resultLine} from './run/result.ts'
import {runExport} from './run/run.ts'

/** A run starts also while the API server is away; its time and attempts are then its own. */
const ASK_FOR_MS = 15_000
/** What hangs in a dead file system must not keep a pod that was told to stop until the kubelet kills it. */
const STOP_WITHIN_MS = 20_000
const PROGRESS_EVERY_MS = 30_000

async function main(): Promise<number> {
  const environment = readEnvironment(process.env)
  const redact = redactor(secretTexts(environment.secrets))
  return runPod(environment, redact, createLog(redact))
}

function now(): Date {
  return systemClock.now()
}

async function runPod(environment: Environment, redact: Redact, log: Logger): Promise<number> {
  const {frozen, jobName, jobUid, slot, secrets, mounts, allowedPrivateEndpoints, terminationLog} = environment
  const stop = stopSignal()
  const facts = {frozen, jobName, jobUid, override: slot, now: now()}
  const reporter = reporterOf(environment, keyOfRun(facts), log)
  const known = await reporter.known({milliseconds: ASK_FOR_MS, stop})
  const identity = identifyRun({...facts, known, now: now()})
  const outcome = await runExport({
    frozen,
    identity,
    connect: () => connectAdapters({frozen, identity, secrets, mounts, allowedPrivateEndpoints, redact, now}),
    reporter,
    lastWords: (run) => writeTerminationMessage(terminationLog, run),
    stop,
    clock: systemClock,
    programVersion: packageJson.version,
    progress: loggedProgress(log),
    redact,
    log,
  })
  process.stdout.write(`${redact(resultLine(outcome))}\n`)
  return outcome.exitCode
}

function stopSignal(): AbortSignal {
  const stop = new AbortController()
  process.once('SIGTERM', () => {
    stop.abort(new Error('told to stop (SIGTERM)'))
    setTimeout(() => process.exit(EXIT.terminated), STOP_WITHIN_MS).unref()
  })
  return stop.signal
}

function reporterOf({api, frozen}: Environment, run: RunKey, log: Logger): Reporter {
  if (api === undefined) return silentReporter
  const {uid: exportUid, spec} = frozen
  return createReporter({api: createExportApi(api, frozen), run, exportUid, historyLimit: spec.historyLimit, log, clock: systemClock})
}

/** Formats tell a few times a second how far they are; a log is read later. */
function loggedProgress(log: Logger): (rows: number) => void {
  let last = performance.now()
  return (rows) => {
    if (performance.now() - last < PROGRESS_EVERY_MS) return
    last = performance.now()
    log.info({rows}, 'progress')
  }
}

/** A pod that the operator did not make, or not for this version: trying again cannot help. */
function refuse(error: unknown): number {
  if (!(error instanceof RunFault)) throw error
  const {code, message} = error
  createLog((line) => line).error({code, reason: message}, 'cannot run')
  process.stdout.write(`${failureLine(error.toRunError())}\n`)
  return EXIT.permanent
}

// Sockets that a cut connection left behind must not keep a finished run's pod.
process.exit(await main().catch(refuse))
