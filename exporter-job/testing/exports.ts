// Resources and runs for tests.
import type {FrozenExport} from '../../crds/run.ts'
import {ScheduledExportSpec} from '../../crds/spec.ts'
import type {ScheduledExportSpecInput} from '../../crds/spec.ts'

export const BOOKING_COLUMNS = 'amount,debit_credit,currency,account,contra_account,document_date,document_number,text'

/** One line of a bookings file: the n-th booking of October 2026. */
export function bookingLine(n: number): string {
  return `${n}.50,S,EUR,1200,8400,2026-10-${String((n % 31) + 1).padStart(2, '0')},RE-${n},"Rechnung ""${n}"""`
}

/** A CSV file of that many bookings in October 2026. */
export function bookingsCsv(count: number): string {
  return [BOOKING_COLUMNS, ...Array.from({length: count}, (_, index) => bookingLine(index + 1))].join('\n')
}

/** An export of CSV files, which needs no server. */
export function csvExport(spec: Partial<ScheduledExportSpecInput> = {}): FrozenExport {
  return {
    name: 'datev-monthly',
    namespace: 'acme',
    generation: 3,
    spec: ScheduledExportSpec.parse({
      schedule: '0 6 1 * *',
      period: {range: 'PreviousMonth'},
      source: {csv: {claimName: 'inbox', datasets: {bookings: {path: 'bookings.csv'}}}},
      format: {datev: {consultant: 1001, client: 456}},
      destination: {volume: {claimName: 'exports', path: 'datev'}},
      ...spec,
    }),
  }
}

/** The same from PostgreSQL. */
export function postgresExport(query: string, spec: Partial<ScheduledExportSpecInput> = {}): FrozenExport {
  return csvExport({source: {postgres: {urlSecretRef: {name: 'ledger-db', key: 'url'}, datasets: {bookings: {query}}}}, ...spec})
}
