// What a run says of a row that it cannot write: dataset, row, column and rule; the value goes into the list alone.
import type {DatevFormat} from '../../../crds/formats/datev.ts'
import {lastDay} from '../../../crds/period.ts'
import type {LocalPeriod} from '../../../crds/run.ts'
import {PermanentFault} from '../../errors.ts'
import {fieldText} from '../copy-rows.ts'
import type {Finding} from '../findings.ts'
import {datevName} from './resolve.ts'
import type {BrokenRule} from './row.ts'
import {detailOf, sentence} from './rules.ts'
import type {DatevColumn} from './types.ts'

/** What the message needs to know of the run. */
export interface FaultContext {
  readonly dataset: string
  readonly spec: DatevFormat
  readonly period: LocalPeriod
  /** Of the category. */
  readonly columns: readonly DatevColumn[]
  /** Name of the column that is the row's key, where the dataset has one. */
  readonly keyColumn: string | undefined
}

/** For example: bookings row 17, column amount (Umsatz, 1): must be greater than 0,00: DATEV refuses … [AmountIsZero] */
export function findingOf({row, field, rule, value, key}: BrokenRule, {dataset, spec, period, columns, keyColumn}: FaultContext): Finding {
  const text = fieldText(value)
  const subject = {
    value: text ?? '',
    accountLength: spec.accountLength,
    festschreibung: spec.festschreibung,
    transliterates: spec.encoding === 'Windows1252' && spec.unmappable === 'Transliterate',
    period: `${period.start} to ${lastDay(period)}`,
    describe: (position: number) => nameOf(columns[position - 1]!),
  }
  const keyText = key === undefined ? undefined : fieldText(key)
  const detail = detailOf(rule, subject)
  return {
    dataset,
    row,
    ...(keyColumn !== undefined && keyText !== undefined && {key: {column: keyColumn, value: keyText}}),
    column: `${field.name} (${datevName(field.column)})`,
    rule,
    right: sentence(rule, field.column, subject),
    ...(detail !== undefined && {detail}),
    ...(text !== undefined && {value: text}),
  }
}

export function brokenShapeFault(dataset: string, row: number, columns: number): PermanentFault {
  return new PermanentFault('InvalidRow', `${dataset} row ${row} does not have ${columns} fields, as many as the dataset has columns`)
}

function nameOf(column: DatevColumn): string {
  return `${column.from ?? column.name} (${datevName(column)})`
}
