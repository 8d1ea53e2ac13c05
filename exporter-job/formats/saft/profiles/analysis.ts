// Analysis: cost centres and projects, as a table in the master files and as what lines are assigned to.
import type {Element} from '../elements.ts'
import {fixed, group, idIn, idOf, required, text} from '../elements.ts'
import type {Section} from '../profile.ts'
import {LONG, MIDDLE1} from './common.ts'

const COLUMNS = {cost_centers: 'cost_center', projects: 'project'} as const

/** A kind of analysis: the dataset, the code and the name under which the file knows it. */
export interface Dimension {
  readonly dataset: keyof typeof COLUMNS
  /** AnalysisType, at most nine characters. */
  readonly type: string
  readonly description: string
}

/** The sections of AnalysisTypeTable: one element holds the entries of all. `more` stands at the end of each entry. */
export function analysisTable(dimensions: readonly Dimension[], whenEmpty: Section['whenEmpty'], more: readonly Element[] = []): Section[] {
  return dimensions.map(({dataset, type, description}) => ({
    dataset,
    name: 'AnalysisTypeTable',
    balances: 'none',
    whenEmpty,
    entry: [
      group('AnalysisTypeTableEntry', [
        fixed('AnalysisType', type),
        fixed('AnalysisTypeDescription', description),
        required('AnalysisID', 'id', idOf(dataset, MIDDLE1)),
        required('AnalysisIDDescription', ['name', 'id'], text(LONG)),
        ...more,
      ]),
    ],
  }))
}

/** What a line is assigned to, with its whole amount. */
export function analysisOfLine(dimensions: readonly Dimension[]): Element[] {
  return dimensions.map(({dataset, type}) =>
    group('Analysis', [fixed('AnalysisType', type), required('AnalysisID', COLUMNS[dataset], idIn(dataset, MIDDLE1))], {filled: [COLUMNS[dataset]]}),
  )
}
