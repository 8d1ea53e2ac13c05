// Builders for tests of the GoBD data carrier, and a look at its index.
import type {z} from 'zod'
import {GobdFormat} from '../../../../crds/formats/gobd.ts'
import type {Dataset} from '../../../sources/types.ts'
import type {Written} from '../../tables/testing/write.ts'
import {write} from '../../tables/testing/write.ts'
import type {FormatContext} from '../../types.ts'
import {createGobdFormat} from '../format.ts'
import type {Node} from './read-xml.ts'
import {all, readXml, requireStandard, textAt} from './read-xml.ts'

const SUPPLIER = {name: 'Deichläufer Fahrräder GmbH', location: 'Husum'}

export type Input = Omit<z.input<typeof GobdFormat>, 'supplier'>

export function writeCarrier(input: Input, datasets: readonly Dataset[], context: Partial<FormatContext> = {}): Promise<Written> {
  const period = {start: '2026-01-01', end: '2027-01-01'}
  return write(createGobdFormat(GobdFormat.parse({supplier: SUPPLIER, ...input})), datasets, {period, ...context})
}

/** The tables of the index, which must be by the standard, by the dataset's name in their URL. */
export function tablesOf(index: Buffer): Map<string, Node> {
  const {root} = readXml(index.toString())
  requireStandard(root)
  return new Map(all(root.children.find(({name}) => name === 'Media')!, 'Table').map((table) => [textAt(table, 'URL')!.replace(/(-r\d+)?\.csv$/, ''), table]))
}

export function variable(table: Node): Node {
  return table.children.find(({name}) => name === 'VariableLength')!
}

/** "key name type parameter" of each column. */
export function columnsOf(table: Node): string[] {
  return variable(table)
    .children.filter(({name}) => name === 'VariablePrimaryKey' || name === 'VariableColumn')
    .map((column) => {
      const type = column.children.find(({name}) => ['Numeric', 'AlphaNumeric', 'Date'].includes(name))!
      const parameter = textAt(column, 'MaxLength') ?? textAt(column, type.name, 'Accuracy') ?? textAt(column, type.name, 'Format')
      return `${column.name === 'VariablePrimaryKey' ? 'key ' : ''}${textAt(column, 'Name')} ${type.name} ${parameter}`
    })
}
