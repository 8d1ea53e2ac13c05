// What a failure of MySQL or MariaDB, or of the way to it, means for the run. Numbers: "Server Error Message Reference" of MySQL's
// manual, "MariaDB Error Codes" of MariaDB's.
import {RunFault} from '../../errors.ts'
import type {Redact} from '../../redact.ts'
import {faultOf, networkPolicies, permanent, transient, wordsOf} from '../sql/faults.ts'
import type {Policy} from '../sql/faults.ts'

const {lost: LOST, timeout: TIMEOUT, noTls: NO_TLS, bySystemCode: BY_SYSTEM_CODE} = networkPolicies('MySQL', 'leave tls out of the spec')
const UNAVAILABLE = transient('DatabaseUnavailable', 'MySQL is shutting down')
const CONFLICT = transient('DatabaseConflict', 'MySQL ended the transaction in favour of another one, or a table was changed')
const OVERLOADED = transient('DatabaseOverloaded', 'MySQL has no resources left')
const CANCELED = transient('QueryCanceled', 'the query took too long or was cancelled')
const INVALID = permanent('QueryInvalid', 'MySQL refused the query; it must be one SELECT statement')
const WRITES = permanent('QueryWrites', 'the query wants to write or to lock rows; exports read in a read-only transaction')
const FAILED = permanent('QueryFailed', 'the query failed')
const FORBIDDEN = permanent('PermissionDenied', 'the user of the URL may not read what the query names: grant it SELECT')
/** A wrong password stays wrong for this pod, whose environment is fixed; trying on could lock the account. */
const DENIED = permanent('AuthenticationFailed', 'MySQL did not let the user in: compare user and password in the Secret, and see whether the server wants TLS')
const TROUBLE = transient('DatabaseTrouble', 'MySQL had an internal error')

/** Whatever number is not here is FAILED. */
const BY_NUMBER: ReadonlyMap<number, Policy> = new Map([
  ...same(OVERLOADED, [1021, 1037, 1038, 1040, 1041, 1114, 1135, 1203, 1226]),
  ...same(DENIED, [1045, 1129, 1130, 1251, 1524, 1698, 1820, 1862, 3118, 4151]),
  ...same(FORBIDDEN, [1044, 1142, 1143, 1227, 1356, 1370]),
  [1049, permanent('DatabaseNotFound', 'the database of the URL does not exist')],
  ...same(UNAVAILABLE, [1053, 1077, 1079, 1927, 3169]),
  ...same(LOST, [1152, 1158, 1159, 1160, 1161, 1184, 4031]),
  ...same(TROUBLE, [1015, 1023, 1024, 1026, 1030, 1105, 1180, 1194, 1195]),
  // Syntax, names, columns, groups, collations, statements that cannot be prepared.
  ...same(INVALID, [1046, 1051, 1052, 1054, 1055, 1056, 1059, 1063, 1064, 1065, 1066, 1103, 1109, 1111, 1115, 1128, 1140, 1146]),
  ...same(INVALID, [1210, 1221, 1222, 1235, 1241, 1247, 1248, 1253, 1267, 1270, 1271, 1273, 1295, 1305, 1318, 1327, 1582, 1583, 1584, 1630]),
  [1060, permanent('DuplicateColumn', 'two columns have one name: rename one with AS')],
  [1205, transient('LockTimeout', 'the query waited too long for a lock')],
  ...same(CONFLICT, [1020, 1213, 1412, 1637]),
  ...same(WRITES, [1223, 1290, 1792, 1836]),
  [1298, permanent('TimeZoneUnknown', 'MySQL does not know spec.timeZone by name: fill its time zone tables (mariadb-tzinfo-to-sql, mysql_tzinfo_to_sql)')],
  // 1969 of MariaDB, 3024 of MySQL: the statement's time is over.
  ...same(CANCELED, [1028, 1317, 1969, 3024]),
  [3159, permanent('TlsRequired', 'MySQL lets nobody in without TLS: set tls in the spec')],
])

function same(policy: Policy, numbers: readonly number[]): [number, Policy][] {
  return numbers.map((number) => [number, policy])
}

/** Codes that the client library gives. */
const BY_LIBRARY_CODE: Readonly<Record<string, Policy>> = {
  PROTOCOL_CONNECTION_LOST: LOST,
  PROTOCOL_SEQUENCE_TIMEOUT: TIMEOUT,
  HANDSHAKE_NO_SSL_SUPPORT: NO_TLS,
  AUTH_SWITCH_PLUGIN_ERROR: DENIED,
  MYSQL_CLEAR_PASSWORD_NOT_ENABLED: DENIED,
}

/** By the words of errors that the client library gives no code to. */
const BY_MESSAGE: readonly (readonly [RegExp, Policy])[] = [
  [/closed state/, LOST],
  [/LOCAL INFILE/, permanent('QueryFailed', 'the server asked for a file of the exporter, and did not get it: it may not be the one that you mean')],
]

export interface FaultContext {
  /** "dataset bookings", where one was being read. */
  readonly subject?: string
  readonly redact: Redact
}

/** The fault of a failed request. Our own faults, and errors that are not of the database, stay as they are. */
export function mysqlFault(error: unknown, {subject, redact}: FaultContext): unknown {
  if (error instanceof RunFault || !(error instanceof Error)) return error
  // The library gives every failure of TLS a code of its own.
  const cause = 'code' in error && error.code === 'HANDSHAKE_SSL_ERROR' && error.cause instanceof Error ? error.cause : error
  const policy = policyOf(cause)
  if (policy === undefined) return error
  return faultOf(policy, {subject, words: wordsOf(cause) + numberOf(cause), redact, cause: error})
}

function policyOf(error: Error): Policy | undefined {
  if ('errno' in error && 'sqlState' in error) return BY_NUMBER.get(Number(error.errno)) ?? FAILED
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (Object.hasOwn(BY_SYSTEM_CODE, code)) return BY_SYSTEM_CODE[code]
  if (Object.hasOwn(BY_LIBRARY_CODE, code)) return BY_LIBRARY_CODE[code]
  return BY_MESSAGE.find(([words]) => words.test(error.message))?.[1]
}

function numberOf(error: Error): string {
  return 'errno' in error && 'sqlState' in error ? `, error ${String(error.errno)}` : ''
}

const SYNTAX = 1064

export function isSyntaxError(error: unknown): error is Error {
  return error instanceof Error && 'errno' in error && error.errno === SYNTAX
}
