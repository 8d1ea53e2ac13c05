// The example manifest for MySQL over the sample ledger in a real MariaDB: byte for byte the file that PostgreSQL gives.
import {mkdtemp, readFile, readdir, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {afterAll, beforeAll, expect, test} from 'vitest'
import {SECRET_ENV} from '../../../crds/secrets.ts'
import {loadMysqlLedger} from '../../../examples/ledger/load-mysql.ts'
import {loadLedger} from '../../../examples/ledger/load.ts'
import {attempt} from '../../cluster/run.ts'
import {startPostgres} from '../../support/postgres.ts'
import type {PostgresServer} from '../../support/postgres.ts'
import {place} from './source.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const mysql = place()
let postgres: PostgresServer
let folder: string

beforeAll(async () => {
  postgres = await startPostgres()
  await loadLedger(postgres.url)
  await loadMysqlLedger(mysql.server().url)
  folder = await mkdtemp(join(tmpdir(), 'scheduled-export-mysql-'))
})
afterAll(async () => {
  await postgres?.stop()
  await rm(folder, {recursive: true, force: true})
})

/** At the end of DATEV's header: it tells two exports apart. */
const EXPORT_ID = /(?<=")[0-9a-f]{16}(?="\r\n)/

interface Exported {
  readonly code: number
  readonly stderr: string
  readonly files: ReadonlyMap<string, string>
}

async function exportOnce(example: string, env: NodeJS.ProcessEnv, change = ''): Promise<Exported> {
  const out = await mkdtemp(join(folder, `${example}-`))
  const args = ['exporter-job/cli.ts', '--file', `examples/${example}.yaml`, '--period', '2026-10', '--out', out, ...change.split(' ').filter(Boolean)]
  const {code, stderr} = await attempt(process.execPath, args, {cwd: ROOT, env: {...process.env, ...env}})
  const names = (await readdir(out, {recursive: true})).filter((name) => /EXTF.*\.csv$|manifest\.json$/.test(name))
  const files = await Promise.all(names.map(async (name) => [name.replace(/^.*\//, ''), (await readFile(join(out, name), 'latin1')).replace(EXPORT_ID, 'ID')] as const))
  return {code, stderr: code === 0 ? '' : stderr, files: new Map(files)}
}

test('datev-mysql.yaml gives the bytes that datev-monthly.yaml gives from PostgreSQL, and its control agrees', async () => {
  const expected = await exportOnce('datev-monthly', {[SECRET_ENV.postgresUrl]: postgres.url})
  const found = await exportOnce('datev-mysql', {[SECRET_ENV.mysqlUrl]: mysql.readerUrl()})
  expect({code: found.code, stderr: found.stderr}).toEqual({code: 0, stderr: ''})
  const csv = [...found.files].filter(([name]) => name.endsWith('.csv'))
  expect(csv).toHaveLength(1)
  expect(csv).toEqual([...expected.files].filter(([name]) => name.endsWith('.csv')))
  const manifest = [...found.files].find(([name]) => name.endsWith('.json'))?.[1]
  expect(JSON.parse(manifest ?? '')).toMatchObject({controlled: true})
})

test('the URL may be given on the command line, and the message names the variable where it is missing', async () => {
  expect(await exportOnce('datev-mysql', {}, `--check --mysql-url ${mysql.readerUrl()}`)).toMatchObject({code: 0})
  expect(await exportOnce('datev-mysql', {})).toMatchObject({code: 2, stderr: expect.stringContaining('Secret ledger-mysql, key url')})
})
