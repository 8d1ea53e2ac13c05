// One attempt: find what is published, else read, write, compare, publish.
import {periodLabel} from '../../crds/period.ts'
import type {FrozenExport, Manifest} from '../../crds/run.ts'
import type {Destination, PublicationKey, Published, Staging} from '../destinations/types.ts'
import {PermanentFault, Rejection} from '../errors.ts'
import {FindingsFull, RowsRefused, createFindings, findingsCsv} from '../formats/findings.ts'
import type {Findings} from '../formats/findings.ts'
import type {Format, FormatResult} from '../formats/types.ts'
import {wordsFor} from '../protocol/words.ts'
import {writeProtocol} from '../protocol/write.ts'
import type {Snapshot, Source} from '../sources/types.ts'
import {compareWithControl} from './control.ts'
import type {RunIdentity} from './identify.ts'
import {manifestOf} from './manifest.ts'
import {readingInput, reconcile} from './reconcile.ts'
import type {Reading} from './reconcile.ts'

/** The three adapters of a run, ready to be used. */
export interface Adapters {
  readonly source: Source
  readonly format: Format
  readonly destination: Destination
}

export interface AttemptInput {
  readonly frozen: FrozenExport
  readonly identity: RunIdentity
  readonly adapters: Adapters
  readonly programVersion: string
  readonly signal: AbortSignal
  readonly progress: (rows: number) => void
}

/** Publishes the run, or finds that an earlier attempt did. Faults: Rejection, PermanentFault, TransientFault; the signal's reason. */
export async function executeAttempt(input: AttemptInput): Promise<Published> {
  const {frozen, identity, adapters, signal} = input
  const key: PublicationKey = {slot: identity.slot, stem: `${frozen.name}_${periodLabel(identity.period)}`}
  const already = await adapters.destination.recover(key)
  if (already !== undefined) return already
  const revision = revisionAfter(await adapters.destination.revisions(key), frozen)
  signal.throwIfAborted()
  const findings = createFindings(frozen.spec.maxErrors)
  await using snapshot = await adapters.source.snapshot(signal, findings)
  const staging = await adapters.destination.stage(key)
  try {
    await staging.seal(await writeAndCompare(input, {snapshot, findings, staging, revision, key}))
  } catch (error) {
    // What cannot be removed now is swept by a later run; the fault that matters is the first one.
    await staging.discard().catch(() => undefined)
    throw error
  }
  // From here on a crash leads to publication by the next attempt, so nothing is discarded any more.
  return await staging.publish()
}

/** The next revision of this period's files, where another run has published it. */
function revisionAfter(manifests: readonly Manifest[], {spec}: FrozenExport): number {
  const latest = manifests.at(-1)
  if (latest === undefined) return 1
  if (spec.onExisting === 'NewRevision') return latest.revision + 1
  throw new Rejection(
    'AlreadyPublished',
    `the period ${periodLabel(latest.period)} was published by the ${latest.trigger} run of ${latest.scheduledTime} (exportId ${latest.exportId}): ` +
      'nothing was written; set spec.onExisting to NewRevision to publish a corrected file beside it',
  )
}

interface Stage {
  readonly snapshot: Snapshot
  readonly findings: Findings
  readonly staging: Staging
  readonly revision: number
  readonly key: PublicationKey
}

/** Everything between the snapshot and the seal; gives the manifest of what was staged. */
async function writeAndCompare(input: AttemptInput, stage: Stage): Promise<Manifest> {
  const {frozen, identity, signal} = input
  const {snapshot, findings, staging, revision, key} = stage
  const reading = readingInput(snapshot, {spec: frozen.spec.source, findings})
  const result = await writeFiles(input, {reading, findings, staging, revision})
  if ('refusedBecause' in result) throw await refusal(findings, input, result.refusedBecause)
  const files = [...staging.files()]
  reconcile(result, {reading, files})
  if (result.rows === 0 && frozen.spec.onEmpty === 'Fail') {
    throw new PermanentFault('NoRows', `there is not one row from ${identity.period.start} to before ${identity.period.end}, and spec.onEmpty is Fail`)
  }
  const {control} = frozen.spec
  if (control !== undefined) await compareWithControl(control.query, result, snapshot)
  signal.throwIfAborted()
  const draft = manifestOf(input, {result, findings, revision, files, takenAt: snapshot.takenAt})
  await writeProtocol(staging, draft, {protocol: result.protocol, findings, words: wordsFor(frozen.spec), stem: key.stem})
  return {...draft, protocol: staging.files().slice(files.length).map(({name, bytes, sha256}) => ({name, bytes, sha256}))}
}

interface Writing {
  readonly reading: Reading
  readonly findings: Findings
  readonly staging: Staging
  readonly revision: number
}

/** Values were refused, so that what is staged is of no use; a fault may have ended the pass before its end. */
interface Refused {
  readonly refusedBecause: PermanentFault | undefined
}

async function writeFiles(input: AttemptInput, {reading, findings, staging, revision}: Writing): Promise<FormatResult | Refused> {
  const {frozen, identity, adapters, progress, programVersion} = input
  try {
    const result = await adapters.format.write(reading.input, staging, {
      name: frozen.name,
      exportId: identity.exportId,
      period: identity.period,
      revisionSuffix: revision === 1 ? '' : `-r${revision}`,
      createdAt: identity.scheduledTime,
      timeZone: frozen.spec.timeZone,
      emptyFile: frozen.spec.onEmpty === 'File',
      spreadsheetFormulas: frozen.spec.spreadsheetFormulas,
      findings,
      programVersion,
      progress,
    })
    return findings.errors().length > 0 ? {refusedBecause: undefined} : result
  } catch (error) {
    if (error instanceof FindingsFull) return {refusedBecause: undefined}
    // What was found before is worth knowing too; a transient fault is followed by another attempt, which finds it again.
    if (error instanceof PermanentFault && findings.errors().length > 0) return {refusedBecause: error}
    throw error
  }
}

/** The fault of a run whose rows were refused, the list of them put where the files would have gone. */
async function refusal(findings: Findings, {identity, frozen, adapters}: AttemptInput, endedBy?: PermanentFault): Promise<RowsRefused> {
  const errors = findings.errors()
  const location = await adapters.destination.report(`errors/${identity.exportId}.csv`, Buffer.from(findingsCsv(errors)))
  return new RowsRefused(errors, {full: errors.length >= frozen.spec.maxErrors, location, endedBy})
}
