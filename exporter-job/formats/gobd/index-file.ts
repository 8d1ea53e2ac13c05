// index.xml after the Beschreibungsstandard für die Datenträgerüberlassung (document type of 1 September 2004): what is written is what
// the rows have shown, so it is made after them.
import type {DatasetName} from '../../../crds/datasets.ts'
import type {GobdFormat} from '../../../crds/formats/gobd.ts'
import {lastDay} from '../../../crds/period.ts'
import type {LocalPeriod} from '../../../crds/run.ts'
import type {SpreadsheetFormulas} from '../tables/formulas.ts'
import type {Measured} from '../tables/encode.ts'
import type {ChosenColumn} from '../tables/resolve.ts'
import {TABLES} from './tables.ts'
import type {Reference} from './tables.ts'
import type {Element} from './xml.ts'
import {element, xmlDocument} from './xml.ts'

export interface IndexTable {
  readonly dataset: DatasetName
  readonly file: string
  readonly name: string
  readonly description: string
  /** How many of the columns, the first ones, are the primary key. */
  readonly keys: number
  readonly columns: readonly ChosenColumn[]
  readonly measured: readonly Measured[]
  /** Descriptions by the dataset's column. */
  readonly descriptions: ReadonlyMap<string, string>
}

export interface IndexFacts {
  readonly spec: GobdFormat
  readonly period: LocalPeriod
  readonly formulas: SpreadsheetFormulas
}

const DATE_FORMAT = 'DD.MM.YYYY'

/** @throws PermanentFault NameRefused */
export function indexXml(tables: readonly IndexTable[], facts: IndexFacts): string {
  const {supplier, media, dtd} = facts.spec
  return xmlDocument(
    `<!DOCTYPE DataSet SYSTEM "${dtd}">`,
    element('DataSet', [
      element('Version', '1.0'),
      element('DataSupplier', [element('Name', supplier.name), element('Location', supplier.location), element('Comment', supplier.comment)]),
      element('Media', [element('Name', media), ...tables.map((table) => tableElement(table, tables, facts))]),
    ]),
  )
}

function tableElement(table: IndexTable, tables: readonly IndexTable[], {spec, period, formulas}: IndexFacts): Element {
  return element('Table', [
    element('URL', table.file),
    element('Name', table.name),
    element('Description', table.description),
    element('Validity', [
      element('Range', [element('From', germanDay(period.start)), element('To', germanDay(lastDay(period)))]),
      element('Format', DATE_FORMAT),
    ]),
    element(spec.encoding === 'UTF8' ? 'UTF8' : 'ANSI'),
    element('DecimalSymbol', ','),
    element('DigitGroupingSymbol', '.'),
    // The first record is the heading.
    element('Range', [element('From', '2')]),
    element('VariableLength', [
      element('ColumnDelimiter', ';'),
      element('RecordDelimiter', '\r\n'),
      element('TextEncapsulator', '"'),
      ...table.columns.map((_, index) => columnElement(table, index, formulas)),
      ...foreignKeys(table, tables),
    ]),
  ])
}

function columnElement({columns, measured, keys, descriptions}: IndexTable, index: number, formulas: SpreadsheetFormulas): Element {
  const column = columns[index]!
  const description = descriptions.get(column.name)
  return element(index < keys ? 'VariablePrimaryKey' : 'VariableColumn', [
    element('Name', column.to),
    description === undefined ? undefined : element('Description', description),
    ...typeElements(column, measured[index]!, formulas),
  ])
}

function typeElements(column: ChosenColumn, {width, decimals}: Measured, formulas: SpreadsheetFormulas): Element[] {
  const type = typeOf(column)
  switch (type) {
    case 'Numeric':
      return [element(type, [element('Accuracy', String(decimals))])]
    case 'Date':
      return [element(type, [element('Format', DATE_FORMAT)])]
    case 'AlphaNumeric':
      return [element(type), element('MaxLength', String(Math.max(1, width + longer(column, formulas))))]
    default:
      return type satisfies never
  }
}

/** Characters that a value may gain on its way into the file: the minutes of an offset, an apostrophe. */
function longer({kind}: ChosenColumn, formulas: SpreadsheetFormulas): number {
  if (kind === 'timestamp') return 3
  return kind === 'text' && formulas === 'Prefix' ? 1 : 0
}

function typeOf({kind}: ChosenColumn): 'Numeric' | 'AlphaNumeric' | 'Date' {
  if (kind === 'number') return 'Numeric'
  return kind === 'date' ? 'Date' : 'AlphaNumeric'
}

/** Only where the other table is there and the column is its whole key, of the same type: readers cannot join others. */
function foreignKeys(table: IndexTable, tables: readonly IndexTable[]): Element[] {
  return TABLES[table.dataset].references.flatMap((reference) => {
    const other = tables.find(({dataset}) => dataset === reference.dataset)
    const own = table.columns.find(({name}) => name === reference.column)
    if (other === undefined || own === undefined) return []
    const target = keyColumn(other, reference)
    if (target === undefined || typeOf(target) !== typeOf(own)) return []
    const alias = own.to === target.to ? undefined : element('Alias', [element('From', own.to), element('To', target.to)])
    return [element('ForeignKey', [element('Name', own.to), element('References', other.name), alias])]
  })
}

function keyColumn({keys, columns}: IndexTable, {key}: Reference): ChosenColumn | undefined {
  return keys === 1 && columns[0]?.name === key ? columns[0] : undefined
}

/** "2026-10-31" as "31.10.2026". */
function germanDay(day: string): string {
  return day.split('-').toReversed().join('.')
}
