// The connection URL of MySQL and MariaDB.
import {PermanentFault} from '../../errors.ts'

export interface Address {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  /** Empty: none. */
  readonly database: string
}

const DEFAULT_PORT = 3306

/** `origin` is where the URL comes from, for messages. @throws PermanentFault ConnectionUrlInvalid, without a word of the URL */
export function parseUrl(url: string, origin: string): Address {
  const parsed = /^(mysql|mariadb):\/\//i.test(url.trim()) ? URL.parse(url.trim()) : null
  if (parsed === null) {
    throw invalid(`${origin} does not hold a MySQL URL`)
  }
  if (parsed.search !== '' || parsed.hash !== '') {
    throw invalid(`the URL in ${origin} has something behind the database's name: leave it out (tls of the spec says how the way is secured)`)
  }
  try {
    const {hostname, port, username, password, pathname} = parsed
    const address = {
      host: decodeURIComponent(hostname).replace(/^\[(.*)\]$/, '$1'),
      port: port === '' ? DEFAULT_PORT : Number(port),
      user: decodeURIComponent(username),
      password: decodeURIComponent(password),
      database: decodeURIComponent(pathname.slice(1)),
    }
    if (address.host !== '' && address.user !== '') return address
  } catch {
    // Without the cause: its message may hold the password.
  }
  throw invalid(`${origin} does not hold a MySQL URL with host and user`)
}

function invalid(problem: string): PermanentFault {
  return new PermanentFault(
    'ConnectionUrlInvalid',
    `${problem}: it must look like mysql://user:password@host:3306/database, with special characters of the password percent-encoded`,
  )
}
