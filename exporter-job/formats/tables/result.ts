// What a format of several tables says of them together.
import type {DatasetName} from '../../../crds/datasets.ts'
import {DATASET_NAMES} from '../../../crds/datasets.ts'
import {periodLabel} from '../../../crds/period.ts'
import {renderTemplate} from '../../../crds/template.ts'
import {PermanentFault} from '../../errors.ts'
import type {Protocol} from '../protocol.ts'
import type {FormatContext, FormatInput, FormatResult} from '../types.ts'
import type {TableResult} from './write.ts'

/** The datasets that the source has, in a fixed order. @throws PermanentFault DatasetMissing for an entry of the spec without one */
export function presentDatasets(input: FormatInput, entries: readonly {readonly dataset: DatasetName}[]): DatasetName[] {
  const missing = entries.find(({dataset}) => !input.has(dataset))
  if (missing !== undefined) {
    throw new PermanentFault('DatasetMissing', `spec.format names the dataset ${missing.dataset}, which the source does not have`)
  }
  return DATASET_NAMES.filter((name) => input.has(name))
}

/** Both datasets hold the same amounts: where there are both, the sums of the journal are those of the run. */
export function formatResult(tables: readonly TableResult[]): FormatResult {
  const counted = tables.filter(({tally}) => tally !== undefined)
  const books = counted.find(({dataset}) => dataset === 'journal_lines') ?? counted[0]
  return {
    rows: tables.reduce((sum, {rows}) => sum + rows, 0),
    datasets: tables.map(({dataset, rows}) => ({dataset, written: rows, skipped: 0})),
    totals: books?.tally?.totals() ?? [],
    unusedColumns: tables.flatMap(({unused}) => unused),
    protocol: protocolOf(counted, books),
  }
}

function protocolOf(counted: readonly TableResult[], books: TableResult | undefined): Protocol {
  const several = counted.length > 1
  return {
    ...books?.tally?.protocol(),
    tables: counted.flatMap(({dataset, tally}) =>
      tally!.protocol().tables.map(({title, lines}) => ({title: several ? `${title} (${dataset})` : title, lines})),
    ),
  }
}

export interface NameOptions {
  readonly dataset: DatasetName
  /** From the spec; undefined: <dataset>_<period>. */
  readonly template: string | undefined
  readonly extension: string
  /** Whether the files are numbered. */
  readonly numbered: boolean
}

/** Names a dataset's files: stem, number, revision, ending. @throws PermanentFault PathNotAllowed */
export function fileNamer({dataset, template, extension, numbered}: NameOptions, context: FormatContext): (number: number) => string {
  const stem = template === undefined ? `${dataset}_${periodLabel(context.period)}` : render(template, context)
  return (number) => `${stem}${numbered ? `_${String(number).padStart(3, '0')}` : ''}${context.revisionSuffix}.${extension}`
}

const MAX_STEM = 150

function render(template: string, {name, period, createdAt, timeZone}: FormatContext): string {
  // fileStem() of crds/fields.ts takes no placeholder for the namespace.
  const stem = renderTemplate(template, {name, namespace: '', period, scheduledTime: createdAt, timeZone})
  if (stem.length <= MAX_STEM) return stem
  throw new PermanentFault('PathNotAllowed', `the file name ${JSON.stringify(template)} becomes longer than ${MAX_STEM} characters`)
}

/** @throws PermanentFault DuplicateFileName: two datasets would write the same file, where small letters and capitals are one, too: files are copied to Windows */
export function requireDistinct(names: ReadonlyMap<DatasetName, string>): void {
  const seen = new Map<string, DatasetName>()
  for (const [dataset, name] of names) {
    const other = seen.get(name.toLowerCase())
    if (other !== undefined) {
      throw new PermanentFault('DuplicateFileName', `${other} and ${dataset} would both be written to ${name}: give one of them another fileName`)
    }
    seen.set(name.toLowerCase(), dataset)
  }
}
