// One dataset to its files: what csv, ndjson and gobd have in common.
import type {DatasetName} from '../../../crds/datasets.ts'
import type {ColumnChoice} from '../../../crds/formats/tables.ts'
import {PermanentFault} from '../../errors.ts'
import type {Dataset} from '../../sources/types.ts'
import {fieldText, wholeRows} from '../copy-rows.ts'
import type {Finding} from '../findings.ts'
import {throttledProgress} from '../progress.ts'
import type {FileSink, FormatContext, FormatInput} from '../types.ts'
import {CANONICAL} from './canonical.ts'
import type {Measured, RowEncoder, ValueAt} from './encode.ts'
import {createRowEncoder} from './encode.ts'
import type {TableFiles} from './files.ts'
import {createTableFiles} from './files.ts'
import type {Dialect} from './plan.ts'
import type {ChosenColumn} from './resolve.ts'
import {chooseColumns} from './resolve.ts'
import {NOTES, RULES, detailOf} from './rules.ts'
import type {NoteCode, RuleCode} from './rules.ts'
import type {Tally} from './tally.ts'
import {createTally} from './tally.ts'

/** What a run writes tables from and to. */
export interface Surroundings {
  readonly input: FormatInput
  readonly sink: FileSink
  readonly context: FormatContext
}

export interface TableSpec {
  readonly dataset: DatasetName
  /** None: all columns. */
  readonly choices: readonly ColumnChoice[]
  /** The dialect for the columns; their order is the file's. */
  readonly dialect: (columns: readonly ChosenColumn[]) => Dialect
  /** Puts the columns in another order, before the dialect is made. */
  readonly order?: (columns: readonly ChosenColumn[]) => readonly ChosenColumn[]
  readonly fileName: (number: number) => string
  readonly maxRows: number | undefined
  readonly currency: string
  /** Whether the result's `measured` is wanted. */
  readonly measure?: boolean
  /** Rows written to tables before this one, for the progress of the run. */
  readonly rowsBefore: number
}

export interface TableResult {
  readonly dataset: DatasetName
  readonly rows: number
  readonly columns: readonly ChosenColumn[]
  readonly measured: readonly Measured[]
  readonly unused: readonly string[]
  readonly tally: Tally | undefined
  readonly files: TableFiles
}

/** @throws PermanentFault MissingColumn, DuplicateColumn, ColumnTypeRefused, NameRefused, InvalidRow; FindingsFull */
export async function writeTable(spec: TableSpec, {input, sink, context}: Surroundings): Promise<TableResult> {
  const dataset = await input.open(spec.dataset)
  const {chosen, unused} = chooseColumns(spec.dataset, dataset.columns, spec.choices)
  const columns = spec.order?.(chosen) ?? chosen
  const dialect = spec.dialect(columns)
  const files = createTableFiles({
    sink,
    opening: dialect.opening,
    maxRows: spec.maxRows ?? Infinity,
    fileName: spec.fileName,
    transcode: dialect.transcode,
  })
  const tally = createTally(spec.dataset, {names: dataset.columns.map(({name}) => name), columns, currency: spec.currency})
  const key = dataset.columns.findIndex(({name}) => name === CANONICAL[spec.dataset].key)
  const naming: Naming = {dataset, columns, keyColumn: key < 0 ? undefined : dataset.columns[key]!.name}
  const encoder = createRowEncoder({
    dialect,
    files,
    tally,
    formulas: context.spreadsheetFormulas,
    measure: spec.measure === true,
    columns: dataset.columns.length,
    key: key < 0 ? undefined : key,
    brokenRule: (broken) => context.findings.error(errorOf(broken, naming)),
    noted: noteTaker(context, naming),
    brokenShape: (row) => shapeFault(dataset, row),
  })
  await writeRows(dataset, encoder, {files, progress: throttledProgress((count) => context.progress(spec.rowsBefore + count))})
  if (context.emptyFile) await files.ensure()
  return {dataset: spec.dataset, rows: encoder.rows(), columns, measured: encoder.measured(), unused, tally, files}
}

interface RowTarget {
  readonly files: TableFiles
  readonly progress: (rows: number) => void
}

async function writeRows(dataset: Dataset, encoder: RowEncoder, {files, progress}: RowTarget): Promise<void> {
  try {
    for await (const rows of wholeRows(dataset.chunks)) {
      let position = encoder.encode(rows, 0)
      while (position < rows.length) {
        await files.prepare(encoder.needed())
        position = encoder.encode(rows, position)
      }
      progress(encoder.rows())
    }
    await files.close()
  } finally {
    await files.settle()
  }
}

/** How findings name a place. */
interface Naming {
  readonly dataset: Dataset
  readonly columns: readonly ChosenColumn[]
  readonly keyColumn: string | undefined
}

function errorOf(broken: ValueAt<RuleCode>, naming: Naming): Finding {
  const detail = detailOf(broken.rule, fieldText(broken.value) ?? '')
  return {...placeOf(broken, naming), right: RULES[broken.rule], ...(detail !== undefined && {detail})}
}

/** As many notes of a rule as findings keep have their value. Further ones are only counted, and there may be one a row. */
const FULL_NOTES = 1_000

function noteTaker({findings}: FormatContext, naming: Naming): (note: ValueAt<NoteCode>) => void {
  const notes = new Map<NoteCode, number>()
  return (note) => {
    const {row, rule} = note
    const before = notes.get(rule) ?? 0
    notes.set(rule, before + 1)
    const place = before < FULL_NOTES ? placeOf(note, naming) : {dataset: naming.dataset.name, row, column: '', rule}
    findings.note({...place, right: NOTES[rule]})
  }
}

function placeOf({row, column, rule, value, key}: ValueAt<string>, {dataset, columns, keyColumn}: Naming): Omit<Finding, 'right'> {
  const {name} = dataset.columns[column]!
  const others = columns.filter(({source, to}) => source === column && to !== name).map(({to}) => to)
  const [text, keyText] = [fieldText(value), key === undefined ? undefined : fieldText(key)]
  return {
    dataset: dataset.name,
    row,
    ...(keyColumn !== undefined && keyText !== undefined && {key: {column: keyColumn, value: keyText}}),
    column: others.length === 0 ? name : `${name} (${others.join(', ')})`,
    rule,
    ...(text !== undefined && {value: text}),
  }
}

function shapeFault({name, columns}: Dataset, row: number): PermanentFault {
  return new PermanentFault('InvalidRow', `${name} row ${row} does not have ${columns.length} fields, as many as the dataset has columns`)
}
