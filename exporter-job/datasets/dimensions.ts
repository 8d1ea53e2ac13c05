// The datasets `cost_centers` and `projects`: what lines are assigned to beside their account, each once.
import type {ColumnDescription} from './types.ts'

/** Every canonical column. */
export const DIMENSION_COLUMNS = [
  {name: 'id', type: 'text', meaning: 'Number of the cost centre or the project.'},
  {name: 'name', type: 'text', meaning: 'What it is called.'},
  {name: 'valid_from', type: 'date', meaning: 'First day on which it holds.'},
  {name: 'valid_to', type: 'date', meaning: 'Last day on which it holds.'},
] as const satisfies readonly ColumnDescription[]

export type DimensionColumn = (typeof DIMENSION_COLUMNS)[number]['name']
