// Formats besides DATEV in real pods: the examples as they are, over the sample ledger, with this cluster's own previous month.
import {readFile} from 'node:fs/promises'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {parse} from 'yaml'
import type {ScheduledExport} from '../../crds/scheduledexport.ts'
import type {Manifest} from '../../crds/run.ts'
import {addMonths} from '../../examples/ledger/calendar.ts'
import {createReader, loadLedger} from '../../examples/ledger/load.ts'
import {ensureCluster} from '../cluster/index.ts'
import {startPostgres} from '../support/postgres.ts'
import type {PostgresServer} from '../support/postgres.ts'
import {apply} from './kubectl.ts'
import {createTenant} from './tenant.ts'
import type {Tenant} from './tenant.ts'

/** Each with what its first file begins with, and the view whose rows it has. */
const EXAMPLES = [
  {name: 'bmd-monthly', begins: 'satzart;', view: 'bookings_for_datev', day: 'document_date'},
  {name: 'csv-monthly', begins: '\uFEFFBelegdatum;Belegnummer;', view: 'bookings_for_datev', day: 'document_date'},
  {name: 'saft-no', begins: '<?xml version="1.0" encoding="UTF-8"?>', view: 'journal_lines_for_export', day: 'posting_date'},
  {name: 'saft-ro', begins: '<?xml version="1.0" encoding="UTF-8"?>', view: 'journal_lines_for_export', day: 'posting_date'},
]

describe('a pod', () => {
  let server: PostgresServer
  let tenant: Tenant
  beforeAll(async () => {
    server = await startPostgres({listen: (await ensureCluster()).hostAddress})
    const thisMonth = `${new Date().toISOString().slice(0, 7)}-01`
    await loadLedger(server.url, {firstMonth: addMonths(thisMonth, -3)})
    await createReader(server.url, 'reader', 'secret')
    tenant = await createTenant('formats')
    await tenant.database(server.urlOf('postgres', 'reader:secret'))
  })
  afterAll(async () => {
    await server?.stop()
  })

  test.each(EXAMPLES)('writes $name', async ({name, begins, view, day}) => {
    const example = parse(await readFile(new URL(`../../examples/${name}.yaml`, import.meta.url), 'utf8')) as ScheduledExport
    await apply({...example, metadata: {...example.metadata, namespace: tenant.namespace}})
    const entry = await tenant.ended(name, await tenant.runNow(name))
    expect(entry).toMatchObject({phase: 'Completed', attempts: 1})
    const [counted] = await server.query(`SELECT count(*)::int AS rows FROM ${view} WHERE ${day} >= $1 AND ${day} < $2`, [entry.periodStart, entry.periodEnd])
    expect(entry.rows).toBe(counted?.['rows'])
    const files = await tenant.files()
    const manifest = files.find((file) => file.path.endsWith('.manifest.json') && file.path.includes(name))!
    const {files: published} = JSON.parse(manifest.content.toString()) as Manifest
    const first = files.find((file) => file.path.endsWith(`/${published[0]!.name}`))!
    expect(first.sha256).toBe(published[0]!.sha256)
    expect(first.content.toString().startsWith(begins)).toBe(true)
  })
})
