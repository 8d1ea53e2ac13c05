// npm run ledger -- load URL [YYYY-MM] | csv YYYY-MM | ndjson YYYY-MM: fills a database, or writes a month's bookings to stdout.
import {bookingsCsv} from './csv.ts'
import {generateLedger} from './generate.ts'
import {loadMysqlLedger} from './load-mysql.ts'
import {loadLedger} from './load.ts'
import {bookingsNdjson} from './ndjson.ts'

const USAGE = `usage: npm run ledger -- load postgres://user:password@host/database [first month, default 2026-08]
       npm run ledger -- load mysql://user:password@host/database [first month]
       npm run --silent ledger -- csv 2026-10
       npm run --silent ledger -- ndjson 2026-10`

const MONTH = /^[0-9]{4}-(0[1-9]|1[0-2])$/

async function main([command, ...args]: readonly string[]): Promise<number> {
  const [first, second = '2026-08'] = args
  if (command === 'load' && first !== undefined && MONTH.test(second)) {
    const load = /^(mysql|mariadb):/.test(first) ? loadMysqlLedger : loadLedger
    console.log(`${await load(first, {firstMonth: `${second}-01`})} bookings loaded`)
    return 0
  }
  if (command === 'csv' && first !== undefined && MONTH.test(first)) {
    process.stdout.write(bookingsCsv(generateLedger(), first))
    return 0
  }
  if (command === 'ndjson' && first !== undefined && MONTH.test(first)) {
    process.stdout.write(bookingsNdjson(generateLedger(), first))
    return 0
  }
  console.error(USAGE)
  return 2
}

process.exitCode = await main(process.argv.slice(2))
