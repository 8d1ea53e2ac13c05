// What every source that speaks SQL is made with.
import type {Redact} from '../../redact.ts'
import type {SqlParameter} from './parameters.ts'
import type {TlsOptions} from './tls.ts'

export interface SqlSourceOptions {
  /** postgres:// or mysql://user:password@host/database */
  readonly url: string
  /** Where the URL comes from, for messages: "Secret ledger-db, key url". */
  readonly urlOrigin: string
  readonly redact: Redact
  readonly connectTimeoutMs?: number
  /** Without it: what the URL says of TLS, where it can; else no TLS. */
  readonly tls?: TlsOptions
  /** Of all queries. */
  readonly parameters: readonly SqlParameter[]
  /** IANA name: the session's time zone. */
  readonly timeZone: string
  /** The longest that one statement may take. */
  readonly statementTimeoutMs: number
  /** The longest that one statement may wait for a lock. */
  readonly lockTimeoutMs: number
  /** One SELECT for each dataset. */
  readonly queries: Readonly<Record<string, string>>
}
