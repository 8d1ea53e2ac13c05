// The spec's parameters: every value is held against its type before any query runs, and never becomes part of SQL text.
import type {LocalPeriod} from '../../../crds/run.ts'
import type {Parameter} from '../../../crds/sources/sql.ts'
import {parseLocalDate, startOfLocalDay} from '../../../crds/zone.ts'
import {PermanentFault} from '../../errors.ts'

/** The parameters that every query has: days of the period (the end exclusive), and the instants at which those days begin. */
export const PERIOD_PARAMETERS = ['periodStart', 'periodEnd', 'periodStartAt', 'periodEndAt'] as const

export type ParameterType = Parameter['type'] | 'instant'

/** A parameter with a value that is right for its type. */
export interface SqlParameter {
  readonly name: string
  readonly type: ParameterType
  /** In the form in which every server reads it: 4711, -19.00, 2026-10-31, true; an instant in RFC 3339, UTC. */
  readonly value: string
}

/** What a value of the type must look like, in words, and whether it does. */
const TYPES: Readonly<Record<Parameter['type'], {readonly words: string; readonly test: (value: string) => boolean}>> = {
  text: {words: 'text', test: () => true},
  integer: {words: 'a whole number of at most 64 bits, such as 4711 or -1', test: isInteger},
  numeric: {words: 'a number with a point, such as 19.00, of at most 35 digits before it and 30 behind it', test: (value) => /^-?\d{1,35}(\.\d{1,30})?$/.test(value)},
  date: {words: 'a day in the form YYYY-MM-DD, such as 2026-10-31', test: isDate},
  boolean: {words: 'true or false', test: (value) => value === 'true' || value === 'false'},
}

/** The period's parameters and the spec's. `field` is where the spec has them. @throws PermanentFault ParameterInvalid naming the parameter */
export function sqlParameters(spec: readonly Parameter[], field: string, {period, timeZone}: {period: LocalPeriod; timeZone: string}): SqlParameter[] {
  for (const {name, type, value} of spec) {
    const {words, test} = TYPES[type]
    if (test(value)) continue
    throw new PermanentFault('ParameterInvalid', `${field}: the parameter ${name} is of type ${type}, and its value ${JSON.stringify(value)} is not ${words}`)
  }
  const ofThePeriod: Readonly<Record<(typeof PERIOD_PARAMETERS)[number], Omit<SqlParameter, 'name'>>> = {
    periodStart: {type: 'date', value: period.start},
    periodEnd: {type: 'date', value: period.end},
    periodStartAt: {type: 'instant', value: startOfLocalDay(period.start, timeZone).toISOString()},
    periodEndAt: {type: 'instant', value: startOfLocalDay(period.end, timeZone).toISOString()},
  }
  return [...PERIOD_PARAMETERS.map((name) => ({name, ...ofThePeriod[name]})), ...spec]
}

function isInteger(value: string): boolean {
  return /^-?\d{1,19}$/.test(value) && BigInt.asIntN(64, BigInt(value)) === BigInt(value)
}

function isDate(value: string): boolean {
  try {
    parseLocalDate(value)
    return true
  } catch {
    return false
  }
}
