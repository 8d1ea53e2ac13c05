import {describe, expect, it} from 'vitest'
import type {Parameter} from '../../../crds/sources/sql.ts'
import {EMPTY_DAY, PERIOD_EDGES} from '../../testing/period-edges.ts'
import {sqlParameters} from './parameters.ts'

const RUN = {period: {start: '2026-10-01', end: '2026-11-01'}, timeZone: 'America/New_York'}

function check(type: Parameter['type'], value: string): string | undefined {
  return sqlParameters([{name: 'rate', type, value}], 'spec.source.mysql.parameters', RUN).at(-1)?.value
}

describe('parameters of the spec', () => {
  it('come after those of the period, whose instants are those of the time zone', () => {
    expect(sqlParameters([{name: 'who', type: 'text', value: 'x'}], '', RUN)).toEqual([
      {name: 'periodStart', type: 'date', value: '2026-10-01'},
      {name: 'periodEnd', type: 'date', value: '2026-11-01'},
      {name: 'periodStartAt', type: 'instant', value: '2026-10-01T04:00:00.000Z'},
      {name: 'periodEndAt', type: 'instant', value: '2026-11-01T04:00:00.000Z'},
      {name: 'who', type: 'text', value: 'x'},
    ])
  })

  it.each<[Parameter['type'], string]>([
    ['text', ''],
    ['text', "'; drop table x --"],
    ['integer', '-9223372036854775808'],
    ['integer', '9223372036854775807'],
    ['integer', '007'],
    ['numeric', '19.00'],
    ['numeric', `-${'9'.repeat(35)}.${'9'.repeat(30)}`],
    ['date', '2028-02-29'],
    ['boolean', 'true'],
    ['boolean', 'false'],
  ])('of the type %s may be %j', (type, value) => {
    expect(check(type, value)).toBe(value)
  })

  it.each<[Parameter['type'], string]>([
    ['integer', ''],
    ['integer', '1.0'],
    ['integer', '1e3'],
    ['integer', '9223372036854775808'],
    ['integer', '+1'],
    ['integer', ' 1'],
    ['numeric', '19,00'],
    ['numeric', '1.'],
    ['numeric', '.5'],
    ['numeric', 'NaN'],
    ['numeric', '9'.repeat(36)],
    ['date', '2026-02-29'],
    ['date', '31.10.2026'],
    ['date', '2026-10-31T00:00'],
    ['boolean', 'yes'],
    ['boolean', 'TRUE'],
    ['boolean', '1'],
  ])('of the type %s may not be %j', (type, value) => {
    const fault = {code: 'ParameterInvalid', transient: false, message: expect.stringMatching(/^spec\.source\.mysql\.parameters: the parameter rate is of type /)}
    expect(() => check(type, value)).toThrow(expect.objectContaining(fault))
  })
})

describe('parameters of the period', () => {
  it.each([...PERIOD_EDGES, EMPTY_DAY])('are the instants at which $start and $end begin in $timeZone', ({timeZone, start, end, first, after}) => {
    expect(sqlParameters([], '', {period: {start, end}, timeZone}).map(({value}) => value)).toEqual([start, end, first, after])
  })
})
