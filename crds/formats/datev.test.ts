import {describe, expect, test} from 'vitest'
import {DatevFormat} from './datev.ts'

function problems(overrides: object): string[] {
  const result = DatevFormat.safeParse({consultant: 1001, client: 456, ...overrides})
  return result.error?.issues.map(({path, message}) => `${path.join('.')}: ${message}`) ?? []
}

describe('a spec of DATEV', () => {
  test.each([
    {},
    {fiscalYears: [{start: '2026-01-01', end: '2026-06-30'}, {start: '2026-07-01', end: '2027-06-30'}]},
    {fiscalYears: [{start: '2027-03-01', end: '2028-02-29'}]},
    {automaticAccounts: ['8400', '4000-4499', '8300-8300']},
    {encoding: 'UTF8', unmappable: 'Transliterate', zeroAmount: 'Skip', negativeAmount: 'Generalumkehr'},
  ])('takes %o', (spec) => {
    expect(problems(spec)).toEqual([])
  })

  test.each([
    [{fiscalYears: [{start: '2026-02-29', end: '2026-12-31'}]}, 'must be a day of the years 2000 to 2099'],
    [{fiscalYears: [{start: '2026-12-31', end: '2026-01-01'}]}, 'must end after it begins'],
    [{fiscalYears: [{start: '2026-01-01', end: '2027-01-02'}]}, 'no longer than a year'],
    [{fiscalYears: [{start: '2026-01-01', end: '2026-06-30'}, {start: '2026-06-30', end: '2026-12-31'}]}, 'must not overlap'],
    [{automaticAccounts: ['84x0']}, 'such as 8400, or a range'],
    [{automaticAccounts: ['4499-4000']}, 'must begin with its lower end'],
  ])('refuses %o: %s', (spec, message) => {
    expect(problems(spec)).toEqual([expect.stringContaining(message)])
  })
})
