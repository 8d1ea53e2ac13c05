// What an encoder is told of a dataset and of its run.
import type {Dataset} from '../../sources/types.ts'
import type {Category} from './categories.ts'
import {brokenShapeFault, findingOf} from './faults.ts'
import type {RowPlan} from './plan.ts'
import type {RowOptions} from './row.ts'
import type {Writing} from './write-rows.ts'

export function rowOptions(dataset: Dataset, category: Category, plan: RowPlan, {spec, context}: Writing): RowOptions {
  const columns = dataset.columns.length
  const key = dataset.columns.findIndex(({name}) => name === category.key)
  const keyColumn = key < 0 ? undefined : category.key
  const faultContext = {dataset: dataset.name, spec, period: context.period, columns: category.columns, keyColumn}
  return {
    plan,
    columns,
    key: key < 0 ? undefined : key,
    formulas: context.spreadsheetFormulas,
    noted: (note) => context.findings.note(findingOf(note, faultContext)),
    brokenRule: (broken) => context.findings.error(findingOf(broken, faultContext)),
    brokenShape: (row) => brokenShapeFault(dataset.name, row, columns),
  }
}
