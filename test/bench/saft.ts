// What the benchmark exports as SAF-T Norway: transactions of October 2026 with two lines, the second one with tax.
import type {PostgresServer} from '../support/postgres.ts'
import type {BenchCase} from './ledger.ts'

export const SAFT_NORWAY: BenchCase = {
  query:
    'SELECT journal_id, transaction_id, posting_date, entry_date, transaction_text, line_id, account, debit, credit, text, customer_id, ' +
    'document_number, tax_code, tax_rate, tax_base, tax_amount FROM bench_lines ORDER BY transaction_id, line_id',
  dataset: 'journal_lines',
  others: {
    accounts:
      "SELECT account, 'Konto ' || account AS name, 'salgsinntekt' AS grouping_category, account AS grouping_code, 0 AS opening_debit FROM bench_accounts",
    customers: "SELECT id, 'Kunde ' || id AS name FROM bench_customers",
    tax_codes: "SELECT '3' AS tax_code, 25 AS tax_rate, '3' AS standard_tax_code",
  },
  format: {
    saft: {profile: 'NO-1.30', company: {registrationNumber: '999999999', name: 'Fjord & Fjell AS', contact: {lastName: 'Nordmann'}}},
  },
  create: createLines,
}

async function createLines(server: PostgresServer, transactions: number): Promise<void> {
  await server.query(`
    DROP TABLE IF EXISTS bench_lines, bench_accounts, bench_customers;
    CREATE UNLOGGED TABLE bench_accounts AS SELECT n::text AS account FROM generate_series(1500, 1999) n;
    INSERT INTO bench_accounts SELECT n::text FROM generate_series(3000, 3899) n;
    CREATE UNLOGGED TABLE bench_customers AS SELECT n AS id FROM generate_series(10000, 29999) n;
    CREATE UNLOGGED TABLE bench_lines AS
    SELECT
      'AR' AS journal_id,
      n AS transaction_id,
      date '2026-10-01' + (n * 31 / ${transactions + 1})::int AS posting_date,
      date '2026-11-02' AS entry_date,
      (ARRAY['Salg av varer, Bergen', 'Faktura <netto> & frakt', 'Tjenester Ålesund', 'Abonnement'])[1 + n % 4] || ' ' || n AS transaction_text,
      line AS line_id,
      CASE line WHEN 1 THEN (1500 + n % 500)::text ELSE (3000 + n % 900)::text END AS account,
      CASE line WHEN 1 THEN round(net * 1.25, 2) END AS debit,
      CASE line WHEN 2 THEN round(net * 1.25, 2) END AS credit,
      CASE line WHEN 1 THEN 'Kundefordring' ELSE 'Salgsinntekt' END || ' ' || n AS text,
      CASE line WHEN 1 THEN (10000 + n % 20000)::int END AS customer_id,
      'F-2026/' || lpad(n::text, 8, '0') AS document_number,
      CASE line WHEN 2 THEN '3' END AS tax_code,
      CASE line WHEN 2 THEN 25 END AS tax_rate,
      CASE line WHEN 2 THEN net END AS tax_base,
      CASE line WHEN 2 THEN round(net * 0.25, 2) END AS tax_amount
    FROM (SELECT n, (4 * (1 + (n * 7919) % 2499999))::numeric / 100 AS net FROM generate_series(1, ${transactions}::bigint) AS n) t,
      generate_series(1, 2) AS line
    ORDER BY n, line;
    CREATE UNIQUE INDEX ON bench_lines (transaction_id, line_id)`)
  await server.query('VACUUM ANALYZE bench_lines')
  await server.query('SELECT count(*), sum(debit) FROM bench_lines')
}
