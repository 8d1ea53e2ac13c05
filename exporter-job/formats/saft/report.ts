// What a run says of a row that it cannot write: dataset, row, column and rule; the value goes into the list alone.
import type {Dataset} from '../../sources/types.ts'
import {fieldText} from '../copy-rows.ts'
import type {Finding, Findings} from '../findings.ts'
import {NO_COLUMN} from './encode.ts'
import type {RuleCode, RuleContext, Subject} from './rules.ts'
import {sentence} from './rules.ts'

export interface ReportOptions {
  readonly dataset: Pick<Dataset, 'name' | 'columns'>
  readonly findings: Findings
  readonly context: RuleContext
  /** Name of the column that names a row in the ledger. */
  readonly keyColumn: string
}

/** Where a finding is. `field` gives the bytes of a column. */
export interface Place {
  /** From 1. */
  readonly row: number
  readonly field: (column: number) => Uint8Array
}

export interface Report {
  broken(rule: RuleCode, column: number, subject: Subject, place: Place): void
  noted(rule: RuleCode, column: number, subject: Subject, place: Place): void
}

/** For example: journal_lines row 17, column tax_code (Line/TaxInformation/TaxCode): must be in the dataset tax_codes [NotInMasterFiles] */
export function createReport({dataset, findings, context, keyColumn}: ReportOptions): Report {
  const key = dataset.columns.findIndex(({name}) => name === keyColumn)

  function findingOf(rule: RuleCode, column: number, subject: Subject, {row, field}: Place): Finding {
    const keyText = key < 0 ? undefined : fieldText(field(key))
    const value = column === NO_COLUMN ? undefined : fieldText(field(column))
    return {
      dataset: dataset.name,
      row,
      ...(keyText !== undefined && {key: {column: keyColumn, value: keyText}}),
      column: column === NO_COLUMN ? '' : `${dataset.columns[column]!.name} (${subject.path})`,
      rule,
      right: sentence(rule, subject, context),
      ...(value !== undefined && {value}),
    }
  }

  return {
    broken: (rule, column, subject, place) => findings.error(findingOf(rule, column, subject, place)),
    noted: (rule, column, subject, place) => findings.note(findingOf(rule, column, subject, place)),
  }
}
