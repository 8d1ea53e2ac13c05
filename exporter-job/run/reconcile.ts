// What the source says it handed out is what the format says it wrote is what stands in the files.
import {DATASET_NAMES} from '../../crds/datasets.ts'
import type {DatasetName} from '../../crds/datasets.ts'
import type {Source as SourceSpec} from '../../crds/source.ts'
import type {StagedFile} from '../destinations/types.ts'
import {PermanentFault} from '../errors.ts'
import type {Findings} from '../formats/findings.ts'
import type {FormatInput, FormatResult} from '../formats/types.ts'
import type {Dataset, Snapshot} from '../sources/types.ts'

/** A format's input, and what was opened through it. */
export interface Reading {
  readonly input: FormatInput
  opened(): readonly (readonly [name: DatasetName, dataset: Dataset])[]
}

/** Once there are as many errors as were asked for no dataset is opened any more: FindingsFull. */
export function readingInput(snapshot: Snapshot, {spec, findings}: {spec: SourceSpec; findings: Findings}): Reading {
  const opened: [DatasetName, Dataset][] = []
  const declared = new Set(
    DATASET_NAMES.filter((name) => Object.values(spec).some((source) => source?.datasets[name] !== undefined)),
  )
  return {
    input: {
      has: (name) => declared.has(name),
      async open(name) {
        findings.endWhenFull()
        const dataset = await snapshot.open(name)
        opened.push([name, dataset])
        return dataset
      },
      sql: snapshot.sql,
    },
    opened: () => opened,
  }
}

/** @throws PermanentFault CountsDiffer */
export function reconcile(result: FormatResult, {reading, files}: {reading: Reading; files: readonly StagedFile[]}): void {
  for (const [name, dataset] of reading.opened()) {
    const count = result.datasets.find((each) => each.dataset === name)
    const written = (count?.written ?? 0) + (count?.skipped ?? 0)
    if (dataset.rowCount() !== written) {
      throw differ(`the source handed out ${dataset.rowCount()} rows of ${name}, and ${written} were written or left out`)
    }
  }
  const staged = files.reduce((sum, file) => sum + file.rows, 0)
  if (staged !== result.rows) throw differ(`${result.rows} rows were written, and the files hold ${staged}`)
}

function differ(what: string): PermanentFault {
  return new PermanentFault('CountsDiffer', `rows do not agree, so nothing was published: ${what}`)
}
