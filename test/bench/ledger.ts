// What the benchmark exports: bookings of October 2026 with twelve columns, all filled, some 130 bytes a row in COPY's text.
import type {ScheduledExportSpecInput} from '../../crds/spec.ts'
import type {PostgresServer} from '../support/postgres.ts'
import {SAFT_NORWAY} from './saft.ts'

/** A format that can be measured. */
export interface BenchCase {
  /** What is exported and what COPY drains: the same query. */
  readonly query: string
  /** The dataset that the query stands for, and the other datasets. */
  readonly dataset: 'bookings' | 'journal_lines'
  readonly others?: Readonly<Record<string, string>>
  readonly format: ScheduledExportSpecInput['format']
  /** By the program whose encoder looks at nothing. */
  readonly unchecked?: boolean
  /** Makes the tables with that many bookings or transactions, read once so that every measurement finds them in memory. */
  readonly create: (server: PostgresServer, rows: number) => Promise<void>
}

/** Twelve columns of a booking. */
export const QUERY =
  'SELECT amount, debit_credit, currency, account, contra_account, tax_key, document_date, document_number, document_number_2, ' +
  'text, cost_center_1, due_date FROM bench_bookings'

/** By the name that --format takes. */
export const BENCH_CASES: Readonly<Record<string, BenchCase>> = {
  datev: {
    query: QUERY,
    dataset: 'bookings',
    format: {datev: {consultant: 1001, client: 456}},
    create: createBenchLedger,
  },
  bmd: {
    query:
      'SELECT document_kind, account, contra_account, document_number, document_date, amount, tax_amount, tax_rate, tax_key, ' +
      'text, cost_center_1, due_date FROM bench_bookings',
    dataset: 'bookings',
    format: {bmd: {semicolon: 'Comma'}},
    create: createBenchLedger,
  },
  csv: {query: QUERY, dataset: 'bookings', format: {csv: {}}, create: createBenchLedger},
  ndjson: {query: QUERY, dataset: 'bookings', format: {ndjson: {}}, create: createBenchLedger},
  gobd: {
    query: QUERY,
    dataset: 'bookings',
    format: {gobd: {supplier: {name: 'Deichläufer Fahrräder GmbH', location: 'Husum'}}},
    create: createBenchLedger,
  },
  'saft-no': SAFT_NORWAY,
  // What a run costs whatever its rows: start to exit.
  start: {query: `${QUERY} LIMIT 100`, dataset: 'bookings', format: {datev: {consultant: 1001, client: 456}}, create: createBenchLedger},
}

/** The period of all rows, as the command line takes it. */
export const PERIOD = '2026-10'

/** A manifest that exports them. */
export function benchManifest({query, dataset, others, format}: BenchCase): object {
  const datasets = Object.fromEntries([...Object.entries(others ?? {}), [dataset, query]].map(([name, text]) => [name, {query: text}]))
  const spec: ScheduledExportSpecInput = {
    schedule: '@monthly',
    period: {range: 'PreviousMonth'},
    source: {postgres: {urlSecretRef: {name: 'ledger-db', key: 'url'}, datasets}},
    format,
    destination: {volume: {claimName: 'exports', path: 'bench'}},
  }
  return {apiVersion: 'scheduledexport.dev/v1alpha1', kind: 'ScheduledExport', metadata: {name: 'bench', namespace: 'bench'}, spec}
}

async function createBenchLedger(server: PostgresServer, rows: number): Promise<void> {
  await server.query(`
    DROP TABLE IF EXISTS bench_bookings;
    CREATE UNLOGGED TABLE bench_bookings AS
    SELECT
      (1 + (n * 7919) % 9999999)::numeric / 100 AS amount,
      CASE WHEN n % 3 = 0 THEN 'H' ELSE 'S' END AS debit_credit,
      CASE WHEN n % 50 = 0 THEN 'USD' ELSE 'EUR' END AS currency,
      (10000 + n % 60000)::int AS account,
      (8000 + n % 900)::int AS contra_account,
      (1 + n % 90)::text AS tax_key,
      date '2026-10-01' + (n * 31 / ${rows + 1})::int AS document_date,
      'RE-2026/' || lpad(n::text, 8, '0') AS document_number,
      'AU' || lpad((n % 1000000)::text, 8, '0') AS document_number_2,
      (ARRAY['Miete Büro Köln, Oktober', 'Wareneingang Größe L; 3 Stück', 'Erlöse 19 % "Fahrräder"', 'Kfz-Kosten Werkstatt'])[1 + n % 4]
        || ' ' || n AS text,
      'KST-' || (100 + n % 40) AS cost_center_1,
      date '2026-11-01' + (n % 60)::int AS due_date,
      (ARRAY['AR', 'ER', 'GU', 'EG'])[1 + n % 4] AS document_kind,
      round((1 + (n * 7919) % 9999999)::numeric / 600, 2) AS tax_amount,
      20 AS tax_rate
    FROM generate_series(1, ${rows}::bigint) AS n`)
  await server.query('VACUUM ANALYZE bench_bookings')
  await server.query('SELECT count(*), sum(amount) FROM bench_bookings')
}
