// `npm run export`: the exporter without any cluster. One JSON result is the last line of stdout; everything else goes to stderr.
import {mkdir, writeFile} from 'node:fs/promises'
import {dirname, join} from 'node:path'
import {periodLabel, periodOf} from '../crds/period.ts'
import {EXIT} from '../crds/run.ts'
import type {FrozenExport, LocalPeriod} from '../crds/run.ts'
import {exportIdOf} from '../crds/slot.ts'
import {startOfLocalDay} from '../crds/zone.ts'
import {USAGE, UsageError, parseArguments} from './cli/arguments.ts'
import type {Arguments} from './cli/arguments.ts'
import {readManifest} from './cli/manifest.ts'
import {refusalOf} from './cli/refuse.ts'
import {createTerminal} from './cli/terminal.ts'
import {systemClock} from './clock.ts'
import packageJson from './package.json' with {type: 'json'}
import type {KeepReport} from './destinations/check.ts'
import {redactor, secretTexts} from './redact.ts'
import type {Redact} from './redact.ts'
import {silentReporter} from './report/reporter.ts'
import {connectAdapters} from './run/connect.ts'
import type {RunIdentity} from './run/identify.ts'
import {resultLine} from './run/result.ts'
import {runExport} from './run/run.ts'

/** Whoever calls the program can reach from here what the program can. */
const EVERYWHERE = ['0.0.0.0/0', '::/0']

async function main(): Promise<number> {
  const call = parseArguments(process.argv.slice(2), process.env)
  if (call === 'help') {
    process.stdout.write(`${USAGE}\n`)
    return EXIT.published
  }
  const redact = redactor(secretTexts(call.secrets))
  try {
    return await exportOnce(call, await readManifest(call.file), redact)
  } catch (error) {
    return refuse(error, redact)
  }
}

function now(): Date {
  return systemClock.now()
}

async function exportOnce(call: Arguments, frozen: FrozenExport, redact: Redact): Promise<number> {
  const period = call.period ?? periodOf(frozen.spec.period, frozen.spec.timeZone, now())
  const identity = identityOf(frozen, period)
  const mounts = {destination: await folder(call.out), source: call.in, documents: call.documents}
  const terminal = createTerminal(process.stderr, {label: `${frozen.name} ${periodLabel(period)}`, redact})
  const outcome = await runExport({
    frozen,
    identity,
    connect: () =>
      connectAdapters({frozen, identity, secrets: call.secrets, mounts, allowedPrivateEndpoints: EVERYWHERE, redact, now, ...(call.check && {check: keepIn(call.out)})}),
    reporter: silentReporter,
    lastWords: () => Promise.resolve(),
    stop: stopSignal(),
    clock: systemClock,
    programVersion: packageJson.version,
    progress: terminal.progress,
    redact,
    log: terminal.log,
  })
  terminal.end()
  process.stdout.write(`${redact(resultLine(outcome, {checked: call.check}))}\n`)
  return outcome.exitCode
}

/** Writes a report below a folder. */
function keepIn(out: string): KeepReport {
  return async (name, bytes) => {
    const path = join(out, name)
    await mkdir(dirname(path), {recursive: true})
    await writeFile(path, bytes)
    return path
  }
}

function stopSignal(): AbortSignal {
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort(new Error(`told to stop (${signal})`)))
  return stop.signal
}

async function folder(out: string): Promise<string> {
  await mkdir(out, {recursive: true}).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`--out: ${out} cannot be made: ${error.code ?? error.message}`)
  })
  return out
}

/** The same period is the same slot: a second call finds what the first has published, and timestamps in files do not differ. */
function identityOf({namespace, name, spec}: FrozenExport, period: LocalPeriod): RunIdentity {
  const slot = `${namespace}/${name}#${period.start}..${period.end}`
  const scheduledTime = startOfLocalDay(period.end, spec.timeZone)
  const exportId = exportIdOf(namespace, name, slot)
  return {jobName: `${name}-cli`, slot, exportId, trigger: 'Manual', scheduledTime, period, earlierAttempts: 0, startedAt: now()}
}

function refuse(error: unknown, redact: Redact): number {
  const {stderr, stdout, exitCode} = refusalOf(error, redact)
  process.stderr.write(stderr)
  process.stdout.write(stdout)
  return exitCode
}

// Before the call is known, no secret is.
process.exit(await main().catch((error: unknown) => refuse(error, redactor([]))))
