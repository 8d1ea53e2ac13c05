// A ledger for the e2e tests: bookings on every one of the last hundred days, so that "the previous month" has some whenever the tests run.
import type {PostgresServer} from '../support/postgres.ts'

const SCHEMA = `
create table ledger as
select id,
       (id % 1000) * 1.37 + 0.01 as amount,
       case when id % 5 = 0 then 'H' else 'S' end as side,
       case when id % 3 = 0 then '8400' else '4930' end as account,
       case when id % 7 = 0 then '70001' else '1200' end as contra_account,
       current_date - (id / 20)::int as posted_on,
       'RE-' || id as number,
       'Büromaterial "Größe ' || id || '"; Filiale Köln, ½ €' as note
from generate_series(20, 2000) as id;
create role exporter login password 'canary-4f1d' noinherit;
grant select on ledger to exporter;
`

const COLUMNS = `amount, side as debit_credit, account, contra_account, posted_on as document_date, number as document_number, note as text`

/** The usual query: canonical columns, in a fixed order. */
export const LEDGER_QUERY = `select ${COLUMNS} from ledger where posted_on >= :periodStart and posted_on < :periodEnd order by id`

/** Ten times the ledger: more than the exporter gathers before it writes (256 KiB), so that a file begins long before the last row. */
const LONG_LEDGER = `select * from ledger cross join generate_series(1, 10) as round
where posted_on >= :periodStart and posted_on < :periodEnd order by round, id`

/** Those rows at once. */
export const LONG_QUERY = `select ${COLUMNS} from (${LONG_LEDGER}) as ordered`

/**
 * The same rows, of which the last tenth comes slowly, in about thirty seconds: time to do something while the file is being written.
 * Without OFFSET the planner would wait below the sort, and nothing would come before the end.
 */
export const SLOW_QUERY = `select ${COLUMNS} from (${LONG_LEDGER} offset 0) as ordered
where case when round = 10 and id % 20 = 0 then pg_sleep(1) is not null else true end`

/** Fills the database, and gives the URL of a user that may only read it. */
export async function seedLedger(server: PostgresServer): Promise<string> {
  await server.query(SCHEMA)
  return server.urlOf('postgres', 'exporter:canary-4f1d')
}

/** What the database itself says of a period: the oracle of the file's count and sum. */
export async function ledgerTotals(server: {query: PostgresServer['query']}, start: string, end: string): Promise<{rows: number; sum: string}> {
  const text = 'select count(*)::int as rows, sum(amount)::numeric(14,2)::text as sum from ledger where posted_on >= $1 and posted_on < $2'
  const [row] = await server.query(text, [start, end])
  return row as {rows: number; sum: string}
}
