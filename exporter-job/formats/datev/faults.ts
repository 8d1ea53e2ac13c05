// What a run says of a row that it cannot write: dataset, row, column, value and rule.
import type {DatevFormat} from '../../../crds/format.ts'
import type {LocalPeriod} from '../../../crds/run.ts'
import {PermanentFault} from '../../errors.ts'
import {fieldText} from '../copy-rows.ts'
import {BUCHUNGSSTAPEL, columnName} from './columns.ts'
import type {BrokenRule} from './encode.ts'
import {datevName} from './resolve.ts'
import {sentence} from './rules.ts'

/** What the message needs to know of the run. */
export interface FaultContext {
  readonly dataset: string
  readonly spec: DatevFormat
  readonly period: LocalPeriod
}

const SHOWN_CHARACTERS = 40

/** For example: bookings row 17, column amount (Umsatz, 1): "0.00" – must be greater than 0,00: DATEV refuses … */
export function brokenRuleFault({row, field, rule, value}: BrokenRule, {dataset, spec, period}: FaultContext): PermanentFault {
  const text = fieldText(value)
  const right = sentence(rule, field.column, {
    value: text ?? '',
    accountLength: spec.accountLength,
    festschreibung: spec.festschreibung,
    period: `${period.start} to ${dayBefore(period.end)}`,
    describe: nameOf,
  })
  const where = `${dataset} row ${row}, column ${field.name} (${datevName(field.column)})`
  return new PermanentFault(rule, `${where}: ${shown(text)} – ${right}`)
}

export function brokenShapeFault(dataset: string, row: number, columns: number): PermanentFault {
  return new PermanentFault('InvalidRow', `${dataset} row ${row} does not have ${columns} fields, as many as the dataset has columns`)
}

function shown(text: string | undefined): string {
  if (text === undefined) return 'empty (NULL)'
  const characters = Array.from(text)
  return JSON.stringify(characters.length > SHOWN_CHARACTERS ? `${characters.slice(0, SHOWN_CHARACTERS - 1).join('')}…` : text)
}

function nameOf(position: number): string {
  const column = BUCHUNGSSTAPEL[position - 1]!
  return `${column.from ?? columnName(column)} (${datevName(column)})`
}

function dayBefore(isoDay: string): string {
  const day = new Date(`${isoDay}T00:00:00Z`)
  day.setUTCDate(day.getUTCDate() - 1)
  return day.toISOString().slice(0, 10)
}
