import {describe, expect, test} from 'vitest'
import {ScheduledExportSpec} from '../spec.ts'
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
    {documents: {claimName: 'invoices'}},
    {files: ['Zahlungsbedingungen', 'Buchungsstapel'], documents: {claimName: 'invoices', path: "scans/{{ period.start | date: '%Y' }}"}},
    {documents: {claimName: 'invoices', repository: {category: 'Deichläufer', folder: 'Belege', register: "{{ period.start | date: '%Y/%m' }}"}}},
    {encoding: 'UTF8', unmappable: 'Transliterate', zeroAmount: 'Skip', negativeAmount: 'Generalumkehr'},
  ])('takes %o', (spec) => {
    expect(problems(spec)).toEqual([])
  })

  test.each([
    [{fiscalYears: [{start: '2026-02-29', end: '2026-12-31'}]}, 'must be a day of the years 2000 to 2099'],
    [{fiscalYears: [{start: '2026-12-31', end: '2026-01-01'}]}, 'must end after it begins'],
    [{fiscalYears: [{start: '2026-01-01', end: '2027-01-02'}]}, 'no longer than a year'],
    [{fiscalYears: [{start: '2026-01-01', end: '2026-06-30'}, {start: '2026-06-30', end: '2026-12-31'}]}, 'must not overlap'],
    [{files: ['Kontenbeschriftungen'], documents: {claimName: 'invoices'}}, 'documents need Buchungsstapel among files'],
    [{documents: {claimName: 'invoices', path: '../scans'}}, 'documents.path: must stay inside the volume'],
    [{documents: {claimName: 'invoices', path: '/scans'}}, 'documents.path: must be relative to the volume'],
    [{documents: {claimName: 'a/b'}}, 'documents.claimName: must be the name of an object'],
    [{documents: {claimName: 'invoices', repository: {category: 'A', folder: 'B', register: '{{ month }}'}}}, 'register: may hold the placeholders'],
    [{automaticAccounts: ['84x0']}, 'such as 8400, or a range'],
    [{automaticAccounts: ['4499-4000']}, 'must begin with its lower end'],
  ])('refuses %o: %s', (spec, message) => {
    expect(problems(spec)).toEqual([expect.stringContaining(message)])
  })
})

/** What zod says of a whole spec. */
function specProblems(datasets: object, datev: object): string[] {
  const spec = {
    schedule: '0 6 1 * *',
    period: {range: 'PreviousMonth'},
    source: {csv: {claimName: 'inbox', datasets: {bookings: {path: 'bookings.csv'}, ...datasets}}},
    format: {datev: {consultant: 1001, client: 456, ...datev}},
    destination: {volume: {claimName: 'exports'}},
  }
  return ScheduledExportSpec.safeParse(spec).error?.issues.map(({message}) => message) ?? []
}

describe('documents of a DATEV export', () => {
  const DATASET = {documents: {path: 'documents.csv'}}
  const PLACE = {documents: {claimName: 'invoices'}}

  test.each([
    ['are a dataset and a place', DATASET, PLACE, []],
    ['may be left out', {}, {}, []],
    ['need the dataset', {}, PLACE, ["format.datev with documents needs the dataset documents: add it to the source's datasets"]],
    ['need a place: a dataset that nobody takes along would be lost', DATASET, {}, ['format.datev.documents must say on which volume the files of the dataset documents are']],
  ])('%s', (_, datasets, datev, found) => {
    expect(specProblems(datasets, datev)).toEqual(found)
  })
})
