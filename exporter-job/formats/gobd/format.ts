// The format `gobd`: one CSV file a dataset and an index.xml that describes them, as crds/formats/gobd.ts says.
import type {DatasetName} from '../../../crds/datasets.ts'
import type {GobdFormat} from '../../../crds/formats/gobd.ts'
import {PermanentFault} from '../../errors.ts'
import type {CsvStyle} from '../tables/csv.ts'
import {csvDialect} from '../tables/csv.ts'
import type {Dialect} from '../tables/plan.ts'
import type {ChosenColumn} from '../tables/resolve.ts'
import {formatResult, presentDatasets} from '../tables/result.ts'
import type {Surroundings, TableResult} from '../tables/write.ts'
import {writeTable} from '../tables/write.ts'
import type {Format, FormatResult} from '../types.ts'
import {indexXml} from './index-file.ts'
import type {IndexTable} from './index-file.ts'
import {withUniqueKeys} from './keys.ts'
import {TABLES} from './tables.ts'

export function createGobdFormat(spec: GobdFormat): Format {
  return {name: 'gobd', write: (input, sink, context) => writeCarrier(spec, {input, sink, context})}
}

async function writeCarrier(spec: GobdFormat, surroundings: Surroundings): Promise<FormatResult> {
  const {input, sink, context} = surroundings
  const present = presentDatasets(input, spec.datasets)
  requireDistinctNames(spec, present)
  const tables: TableResult[] = []
  for (const dataset of present) {
    const rowsBefore = tables.reduce((sum, {rows}) => sum + rows, 0)
    tables.push(await writeOne(spec, dataset, {surroundings, rowsBefore}))
  }
  const result = formatResult(tables)
  if (result.rows === 0 && !context.emptyFile) return result
  // A table that is described must be there, also without rows.
  for (const {files} of tables) await files.ensure()
  const index = indexXml(tables.map((table) => indexTable(spec, table)), {spec, period: context.period, formulas: context.spreadsheetFormulas})
  const writer = await sink.create(`index${context.revisionSuffix}.xml`)
  await writer.write(Buffer.from(index))
  await writer.close(0)
  return result
}

interface Place {
  readonly surroundings: Surroundings
  readonly rowsBefore: number
}

function writeOne(spec: GobdFormat, dataset: DatasetName, {surroundings, rowsBefore}: Place): Promise<TableResult> {
  const {revisionSuffix} = surroundings.context
  return writeTable(
    {
      dataset,
      choices: entryOf(spec, dataset)?.columns ?? [],
      order: (columns) => keysFirst(columns, keyOf(spec, dataset, columns)),
      dialect: (columns) => dialectOf(spec, dataset, columns),
      fileName: () => `${dataset}${revisionSuffix}.csv`,
      maxRows: undefined,
      currency: spec.currency,
      measure: true,
      rowsBefore,
    },
    surroundings,
  )
}

function dialectOf(spec: GobdFormat, dataset: DatasetName, columns: readonly ChosenColumn[]): Dialect {
  const key = keyOf(spec, dataset, columns)
  const required = key.map((name) => columns.find((column) => column.name === name)!.source)
  return withUniqueKeys(csvDialect(styleOf(spec), {dataset, chosen: withoutFloats(dataset, columns), required}), key.length)
}

/** What the description standard takes for granted, and audit software reads without being told. */
function styleOf({encoding, lineBreaks}: GobdFormat): CsvStyle {
  return {
    delimiter: ';',
    quote: 'Minimal',
    lineEnding: 'CRLF',
    header: true,
    encoding,
    decimalSign: ',',
    dateFormat: 'DD.MM.YYYY',
    nullText: '',
    trueText: '1',
    falseText: '0',
    lineBreaks,
  }
}

function entryOf(spec: GobdFormat, dataset: DatasetName): GobdFormat['datasets'][number] | undefined {
  return spec.datasets.find((entry) => entry.dataset === dataset)
}

/** The spec's key, or ours where the file has all of it: a part of a key names no row. @throws PermanentFault MissingColumn */
function keyOf(spec: GobdFormat, dataset: DatasetName, columns: readonly ChosenColumn[]): readonly string[] {
  const said = entryOf(spec, dataset)?.primaryKey
  const missing = said?.find((name) => !columns.some((column) => column.name === name))
  if (missing !== undefined) throw new PermanentFault('MissingColumn', `${dataset}: the file has no column ${missing}, which primaryKey names`)
  const key = said ?? TABLES[dataset].primaryKey
  return key.every((name) => columns.some((column) => column.name === name)) ? key : []
}

/** The standard describes the columns of the key before all others, and columns in the order of the file. */
function keysFirst(columns: readonly ChosenColumn[], key: readonly string[]): ChosenColumn[] {
  const keys = key.map((name) => columns.find((column) => column.name === name)!)
  return [...keys, ...columns.filter((column) => !keys.includes(column))]
}

/** @throws PermanentFault ColumnTypeRefused */
function withoutFloats(dataset: DatasetName, columns: readonly ChosenColumn[]): readonly ChosenColumn[] {
  const float = columns.find(({kind}) => kind === 'float')
  if (float === undefined) return columns
  const reason = 'a binary floating-point number has no fixed accuracy, which index.xml must state'
  throw new PermanentFault('ColumnTypeRefused', `${dataset}, column ${float.name} has type float: ${reason}; cast it to numeric in the query`)
}

function indexTable(spec: GobdFormat, {dataset, columns, measured, files}: TableResult): IndexTable {
  const entry = entryOf(spec, dataset)
  const descriptions = (entry?.columns ?? []).flatMap(({from, description}) => (description === undefined ? [] : [[from, description] as const]))
  return {
    dataset,
    file: files.names()[0]!,
    name: tableName(spec, dataset),
    description: entry?.description ?? TABLES[dataset].description,
    keys: keyOf(spec, dataset, columns).length,
    columns,
    measured,
    descriptions: new Map(descriptions),
  }
}

function tableName(spec: GobdFormat, dataset: DatasetName): string {
  return entryOf(spec, dataset)?.name ?? TABLES[dataset].name
}

/** @throws PermanentFault DuplicateTableName: foreign keys point at names */
function requireDistinctNames(spec: GobdFormat, datasets: readonly DatasetName[]): void {
  const names = datasets.map((dataset) => tableName(spec, dataset))
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw new PermanentFault('DuplicateTableName', `two tables would be called ${JSON.stringify(twice)}: give one of them another name`)
}
