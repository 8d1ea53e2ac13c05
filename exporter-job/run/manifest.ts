// The manifest of a run: what was read and written, by which program, from which state of the source.
import {createHash} from 'node:crypto'
import type {Manifest} from '../../crds/run.ts'
import type {StagedFile} from '../destinations/types.ts'
import type {Findings} from '../formats/findings.ts'
import type {FormatResult} from '../formats/types.ts'
import type {AttemptInput} from './execute.ts'

export interface ManifestFacts {
  readonly result: FormatResult
  readonly findings: Findings
  readonly revision: number
  readonly files: readonly StagedFile[]
  /** RFC 3339. */
  readonly takenAt: string
}

/** The manifest, the protocol's files left out: they show it. */
export function manifestOf(input: AttemptInput, {result, findings, revision, files, takenAt}: ManifestFacts): Manifest {
  const {frozen, identity, adapters, programVersion} = input
  const {name, namespace, generation, spec} = frozen
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
    bytes: files.reduce((sum, file) => sum + file.bytes, 0),
    totals: [...result.totals],
    files: files.map((file) => ({...file})),
    protocol: [],
    datasets: result.datasets.map(({dataset, written, skipped}) => ({dataset, rows: written + skipped, skipped})),
    notes: [...findings.noteCounts()],
    program: programVersion,
    snapshotTime: takenAt,
    sourceSha256: createHash('sha256').update(JSON.stringify(spec.source)).digest('hex'),
    controlled: spec.control !== undefined,
    unusedColumns: [...result.unusedColumns],
  }
}
