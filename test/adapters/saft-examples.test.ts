// The SAF-T examples over sample books that began in the year before: valid by the schema, and with the balances that an accountant expects.
import {execFile} from 'node:child_process'
import {mkdtemp, readFile, readdir, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {promisify} from 'node:util'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {SECRET_ENV} from '../../crds/secrets.ts'
import {loadLedger} from '../../examples/ledger/load.ts'
import {all, readXml, textAt} from '../../exporter-job/formats/saft/testing/xml.ts'
import type {XmlElement} from '../../exporter-job/formats/saft/testing/xml.ts'
import {findSchema, missingSchema} from '../schemas/schemas.ts'
import {startPostgres} from '../support/postgres.ts'
import type {PostgresServer} from '../support/postgres.ts'
import {complaints, ensureXmllint} from '../support/xmllint.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
let server: PostgresServer
let folder: string

beforeAll(async () => {
  server = await startPostgres()
  await loadLedger(server.url, {firstMonth: '2025-11-01'})
  folder = await mkdtemp(join(tmpdir(), 'saft-examples-'))
})
afterAll(async () => {
  await server?.stop()
  await rm(folder, {recursive: true, force: true})
})

async function fileOf(example: string, period: string): Promise<Buffer> {
  const out = join(folder, example)
  const args = ['exporter-job/cli.ts', '--file', `examples/${example}.yaml`, '--period', period, '--out', out]
  await promisify(execFile)(process.execPath, args, {cwd: ROOT, env: {...process.env, [SECRET_ENV.postgresUrl]: server.url}})
  const [name] = (await readdir(out, {recursive: true})).filter((each) => each.endsWith('.xml'))
  return readFile(join(out, name!))
}

/** Cents on the debit side. */
function balance(account: XmlElement, which: 'Opening' | 'Closing'): number {
  const side = (name: string): number => Math.round(Number(textAt(account, `${which}${name}Balance`) ?? 0) * 100)
  return side('Debit') - side('Credit')
}

describe.each([
  ['saft-no', 'NO-1.30', '2026-01'],
  ['saft-ro', 'RO-2.4.8', '2026-01'],
  ['saft-lu', 'LU-2.01', '2026'],
  ['saft-pt', 'PT-1.04_01', '2026-01'],
] as const)('%s', (example, profile, period) => {
  let file: Buffer
  beforeAll(async () => {
    file = await fileOf(example, period)
  })

  test('income begins the year at 0 and has turnover; the balance sheet goes on', () => {
    const accounts = all(readXml(file), 'MasterFiles/GeneralLedgerAccounts/Account')
    const income = accounts.filter((account) => /^8\d\d\d$/.test(textAt(account, 'AccountID')!))
    expect(income.length).toBeGreaterThan(2)
    expect(income.filter((account) => balance(account, 'Opening') !== 0)).toEqual([])
    expect(income.some((account) => balance(account, 'Closing') < 0)).toBe(true)
    const bank = accounts.find((account) => textAt(account, 'AccountID') === '1200')!
    expect(balance(bank, 'Opening')).not.toBe(0)
  })

  const isThere = findSchema(profile) !== undefined
  if (!isThere) console.warn(`\n*** ${missingSchema(profile)} ***\n`)

  test.skipIf(!isThere)('is valid by the schema of the authority', async () => {
    await ensureXmllint()
    expect(await complaints(profile, file)).toEqual([])
  })
})
