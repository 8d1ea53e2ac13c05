// What a run says of a row that it cannot write: dataset, row, column and rule; the value goes into the list alone.
import type {BmdFormat} from '../../../crds/formats/bmd.ts'
import {lastDay} from '../../../crds/period.ts'
import type {LocalPeriod} from '../../../crds/run.ts'
import type {DatasetColumn} from '../../sources/types.ts'
import {PermanentFault} from '../../errors.ts'
import {fieldText} from '../copy-rows.ts'
import type {Finding} from '../findings.ts'
import type {BrokenRule} from './encode.ts'
import {NONE} from './plan.ts'
import {detailOf, sentence} from './rules.ts'

/** What the message needs to know of the run. */
export interface FaultContext {
  readonly dataset: string
  readonly columns: readonly DatasetColumn[]
  readonly spec: BmdFormat
  readonly period: LocalPeriod
  /** Name of the column that is the row's key, where the dataset has one. */
  readonly keyColumn: string | undefined
}

/** For example: bookings row 17, column amount (betrag): must be positive: the kind of document says which sign it gets [NegativeNumber] */
export function findingOf({row, field, rule, source, value, key}: BrokenRule, context: FaultContext): Finding {
  const {dataset, columns, spec, period, keyColumn} = context
  const text = value === undefined ? undefined : fieldText(value)
  const keyText = key === undefined ? undefined : fieldText(key)
  const detail = detailOf(rule, text ?? '')
  const subject = {
    value: text ?? '',
    currency: spec.currency,
    documentNumberLength: spec.documentNumberLength,
    accountsBeginWith: dataset === 'suppliers' ? spec.personalAccounts.suppliersBeginWith : spec.personalAccounts.customersBeginWith,
    period: `${period.start} to ${lastDay(period)}`,
  }
  const name = source === NONE ? undefined : columns[source]!.name
  return {
    dataset,
    row,
    ...(keyColumn !== undefined && keyText !== undefined && {key: {column: keyColumn, value: keyText}}),
    column: name === undefined ? field.column.name : `${name} (${field.column.name})`,
    rule,
    right: sentence(rule, field.column, subject),
    ...(detail !== undefined && {detail}),
    ...(text !== undefined && {value: text}),
  }
}

export function brokenShapeFault(dataset: string, row: number, columns: number): PermanentFault {
  return new PermanentFault('InvalidRow', `${dataset} row ${row} does not have ${columns} fields, as many as the dataset has columns`)
}
