// One attempt: find what is published, else read, write, reconcile, publish.
import {periodLabel} from '../../crds/period.ts'
import type {FrozenExport, Manifest} from '../../crds/run.ts'
import type {Destination, PublicationKey, Published, Staging} from '../destinations/types.ts'
import {PermanentFault, Rejection} from '../errors.ts'
import type {Format, FormatResult} from '../formats/types.ts'
import type {Dataset, Snapshot, Source} from '../sources/types.ts'
import type {RunIdentity} from './identify.ts'

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
  await using snapshot = await adapters.source.snapshot(signal)
  const staging = await adapters.destination.stage(key)
  try {
    const {result, read} = await writeFiles(input, {snapshot, staging, revision})
    reconcile(result, {read, staging})
    signal.throwIfAborted()
    await staging.seal(manifestOf(input, {result, staging, revision}))
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
  readonly staging: Staging
  readonly revision: number
}

async function writeFiles({identity, frozen, adapters, progress}: AttemptInput, {snapshot, staging, revision}: Stage): Promise<{
  result: FormatResult
  read: Dataset[]
}> {
  const read: Dataset[] = []
  const open = async (name: string): Promise<Dataset> => {
    const dataset = await snapshot.open(name)
    read.push(dataset)
    return dataset
  }
  const result = await adapters.format.write(open, staging, {
    exportId: identity.exportId,
    period: identity.period,
    revisionSuffix: revision === 1 ? '' : `-r${revision}`,
    createdAt: identity.scheduledTime,
    timeZone: frozen.spec.timeZone,
    progress,
  })
  return {result, read}
}

/** What the source says it handed out is what the format says it wrote is what stands in the files. */
function reconcile(result: FormatResult, {read, staging}: {read: readonly Dataset[]; staging: Staging}): void {
  const counts = {
    read: sum(read.map((dataset) => dataset.rowCount())),
    written: result.rows,
    staged: sum(staging.files().map((file) => file.rows)),
    totalled: sum(result.totals.map((total) => total.count)),
  }
  if (new Set(Object.values(counts)).size > 1) {
    const list = Object.entries(counts).map(([name, count]) => `${count} ${name}`).join(', ')
    throw new PermanentFault('CountsDiffer', `rows do not agree, so nothing was published: ${list}`)
  }
}

function manifestOf({frozen, identity, adapters}: AttemptInput, {result, staging, revision}: Omit<Stage, 'snapshot'> & {result: FormatResult}): Manifest {
  const {name, namespace, generation, spec} = frozen
  const files = staging.files().map((file) => ({...file}))
  return {
    version: 1,
    export: {name, namespace, generation},
    exportId: identity.exportId,
    slot: identity.slot,
    trigger: identity.trigger,
    scheduledTime: `${identity.scheduledTime.toISOString().slice(0, 19)}Z`,
    timeZone: spec.timeZone,
    period: identity.period,
    revision,
    format: adapters.format.name,
    rows: result.rows,
    bytes: sum(files.map((file) => file.bytes)),
    totals: [...result.totals],
    files,
    unusedColumns: [...result.unusedColumns],
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}
