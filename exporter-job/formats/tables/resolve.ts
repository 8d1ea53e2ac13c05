// Which columns of a dataset a file has, in which order and by which names: decided once, before the first row.
import type {DatasetName} from '../../../crds/datasets.ts'
import type {ColumnChoice} from '../../../crds/formats/tables.ts'
import {PermanentFault} from '../../errors.ts'
import type {DatasetColumn} from '../../sources/types.ts'
import {nearestNames} from '../suggest.ts'
import type {ValueKind} from './kinds.ts'
import {kindOf} from './kinds.ts'

/** A column of a file. */
export interface ChosenColumn {
  /** Index among the dataset's columns. */
  readonly source: number
  /** Its name in the dataset. */
  readonly name: string
  /** Its name in the file. */
  readonly to: string
  readonly kind: ValueKind
}

export interface ChosenColumns {
  readonly chosen: readonly ChosenColumn[]
  /** Columns of the dataset that the spec leaves out. */
  readonly unused: readonly string[]
}

/** All columns where there are no choices. @throws PermanentFault MissingColumn, DuplicateColumn, ColumnTypeRefused */
export function chooseColumns(dataset: DatasetName, columns: readonly DatasetColumn[], choices: readonly ColumnChoice[]): ChosenColumns {
  const wanted = choices.length > 0 ? choices : columns.map(({name}) => ({from: name}))
  const chosen = wanted.map((choice) => resolve(dataset, columns, choice))
  const names = new Set<string>()
  for (const {to} of chosen) {
    if (names.has(to)) throw new PermanentFault('DuplicateColumn', `${dataset}: two columns would be called ${JSON.stringify(to)}: give one another name`)
    names.add(to)
  }
  const used = new Set(chosen.map(({source}) => source))
  return {chosen, unused: columns.filter((_, index) => !used.has(index)).map(({name}) => `${dataset}.${name}`)}
}

function resolve(dataset: DatasetName, columns: readonly DatasetColumn[], {from, to, type}: ColumnChoice): ChosenColumn {
  const source = columns.findIndex(({name}) => name === from)
  if (source < 0) {
    const nearest = nearestNames(from, columns.map(({name}) => name))
    const hint = nearest.length === 0 ? '' : ` (nearest: ${nearest.join(', ')})`
    throw new PermanentFault('MissingColumn', `${dataset} has no column ${from}, which spec.format names${hint}`)
  }
  return {source, name: from, to: to ?? from, kind: kindOf(dataset, columns[source]!, type)}
}
