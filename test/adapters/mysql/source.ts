// What the tests of MySQL share: a server with a user who may only read, and sources of it.
import {afterAll, beforeAll} from 'vitest'
import {redactor, secretsOfUrl} from '../../../exporter-job/redact.ts'
import {createMysqlSource} from '../../../exporter-job/sources/mysql.ts'
import type {SqlSourceOptions} from '../../../exporter-job/sources/sql/options.ts'
import {sqlParameters} from '../../../exporter-job/sources/sql/parameters.ts'
import {readAll} from '../../../exporter-job/sources/testing/contract.ts'
import type {Snapshot, Source} from '../../../exporter-job/sources/types.ts'
import {startMariadb} from '../../support/mariadb.ts'
import type {MariadbOptions, MariadbServer} from '../../support/mariadb.ts'

export const ALIVE = new AbortController().signal
export const PERIOD = {start: '2026-10-01', end: '2026-11-01'}

export interface Place {
  readonly server: () => MariadbServer
  /** URL of the user who may only read the database `ledger`. */
  readonly readerUrl: () => string
  readonly source: (query: string, options?: Partial<SqlSourceOptions>) => Source
  /** All rows of a query, as COPY text. */
  readonly read: (query: string, options?: Partial<SqlSourceOptions>) => Promise<string>
  /** Connections of that user. */
  readonly connections: () => Promise<number>
}

/** A server for the tests of this file. */
export function place(options?: MariadbOptions): Place {
  let server: MariadbServer
  beforeAll(async () => {
    server = await startMariadb(options)
    await server.query("create user reader@'%' identified by 'reader-canary'")
    await server.query("grant select on ledger.* to reader@'%'")
  })
  afterAll(async () => server?.stop())

  function readerUrl(): string {
    return server.urlOf('reader:reader-canary')
  }
  function source(query: string, own: Partial<SqlSourceOptions> = {}): Source {
    return mysqlSource({url: readerUrl(), queries: {bookings: query}, ...own})
  }
  return {
    server: () => server,
    readerUrl,
    source,
    async read(query, own) {
      await using snapshot: Snapshot = await source(query, own).snapshot(ALIVE)
      return (await readAll(await snapshot.open('bookings'))).toString()
    },
    async connections() {
      const [row] = await server.query("select count(*) as n from information_schema.processlist where user = 'reader'")
      return Number(row?.['n'])
    },
  }
}

function mysqlSource(own: Partial<SqlSourceOptions> & Pick<SqlSourceOptions, 'url' | 'queries'>): Source {
  const timeZone = own.timeZone ?? 'Europe/Berlin'
  return createMysqlSource({
    urlOrigin: 'Secret ledger-db, key url',
    redact: redactor(secretsOfUrl(own.url)),
    parameters: sqlParameters([], '', {period: PERIOD, timeZone}),
    timeZone,
    statementTimeoutMs: 60_000,
    lockTimeoutMs: 30_000,
    ...own,
  })
}
