// What a failure of PostgreSQL, or of the way to it, means for the run. SQLSTATEs: appendix A of PostgreSQL's manual.
import {RunFault} from '../../errors.ts'
import type {Redact} from '../../redact.ts'
import {faultOf, networkPolicies, permanent, transient, wordsOf} from '../sql/faults.ts'
import type {Policy} from '../sql/faults.ts'

const {lost: LOST, timeout: TIMEOUT, noTls: NO_TLS, bySystemCode: BY_SYSTEM_CODE} = networkPolicies(
  'PostgreSQL',
  'leave sslmode out of the URL and tls out of the spec',
)
const UNAVAILABLE = transient('DatabaseUnavailable', 'PostgreSQL is starting or shutting down')
const CONFLICT = transient('DatabaseConflict', 'PostgreSQL ended the transaction in favour of another one')
const OVERLOADED = transient('DatabaseOverloaded', 'PostgreSQL has no resources left')
const TROUBLE = transient('DatabaseTrouble', 'PostgreSQL had an internal error')
const INVALID = permanent('QueryInvalid', 'PostgreSQL refused the query; it must be one SELECT statement')
const FAILED = permanent('QueryFailed', 'the query failed')
/** A wrong password stays wrong for this pod, whose environment is fixed; trying on could lock the account. */
const DENIED = permanent('AuthenticationFailed', 'PostgreSQL did not let the user in: compare user and password in the Secret')

/** By SQLSTATE; where there is none, by its class (the first two characters). Whatever is not here is FAILED. */
const BY_SQLSTATE: Readonly<Record<string, Policy>> = {
  '08': LOST,
  '0A': permanent('QueryInvalid', 'PostgreSQL cannot do what the query asks for'),
  '22': permanent('QueryFailed', 'a value in the query or in its result is wrong'),
  '25006': permanent('QueryWrites', 'the query wants to write; exports read in a read-only transaction'),
  '25P03': LOST,
  '25P04': LOST,
  '28': DENIED,
  '3D': permanent('DatabaseNotFound', 'the database of the URL does not exist'),
  '40': CONFLICT,
  '42': INVALID,
  '42501': permanent('PermissionDenied', 'the user of the URL may not read what the query names: grant it SELECT'),
  '53': OVERLOADED,
  '55P03': transient('LockTimeout', 'the query waited too long for a lock'),
  '57014': transient('QueryCanceled', 'the query took too long or was cancelled'),
  '57P01': UNAVAILABLE,
  '57P02': UNAVAILABLE,
  '57P03': UNAVAILABLE,
  '57P05': LOST,
  '58': TROUBLE,
  '72': CONFLICT,
  XX: TROUBLE,
}

/** By the words of errors that the client library gives no code to. */
const BY_MESSAGE: readonly (readonly [RegExp, Policy])[] = [
  [/^timeout expired/, TIMEOUT],
  [/^Connection terminated|^Client has encountered a connection error|^Client was closed/, LOST],
  [/does not support SSL|establishing an SSL/, NO_TLS],
  [/^SASL|password must be/, DENIED],
]

export interface FaultContext {
  /** "dataset bookings", where one was being read. */
  readonly subject?: string
  /** The statement that was sent, and lines in it before the user's own text. */
  readonly statement?: {readonly text: string; readonly leadingLines: number}
  readonly redact: Redact
}

/** The fault of a failed request. Our own faults, and errors that are not of the database, stay as they are. */
export function postgresFault(error: unknown, context: FaultContext): unknown {
  if (error instanceof RunFault || !(error instanceof Error)) return error
  const policy = policyOf(error)
  if (policy === undefined) return error
  return faultOf(policy, {subject: context.subject, words: `${postgresWords(error)}${lineOf(error, context)}`, redact: context.redact, cause: error})
}

function policyOf(error: Error): Policy | undefined {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  if (code !== undefined && 'severity' in error) return BY_SQLSTATE[code] ?? BY_SQLSTATE[code.slice(0, 2)] ?? FAILED
  if (code !== undefined && Object.hasOwn(BY_SYSTEM_CODE, code)) return BY_SYSTEM_CODE[code]
  return BY_MESSAGE.find(([words]) => words.test(error.message))?.[1]
}

function postgresWords(error: Error): string {
  const sqlState = 'severity' in error && 'code' in error ? `, SQLSTATE ${String(error.code)}` : ''
  return wordsOf(error) + sqlState
}

/** The line of the user's text that PostgreSQL points at. Filling in parameters moves columns, never lines. */
function lineOf(error: Error, {statement}: FaultContext): string {
  const position = 'position' in error ? Number(error.position) : Number.NaN
  if (statement === undefined || !(position > 0)) return ''
  const before = Array.from(statement.text).slice(0, position - 1)
  const line = before.filter((character) => character === '\n').length + 1 - statement.leadingLines
  return line > 0 ? `, line ${line} of the query` : ''
}
