// Documents in a real pod: their files on a volume of their own, mounted read-only; the package on the export's volume, linked by the bookings.
import {beforeAll, describe, expect, inject, test} from 'vitest'
import type {Manifest} from '../../crds/run.ts'
import type {ScheduledExportSpecInput} from '../../crds/spec.ts'
import {readList} from '../../exporter-job/formats/datev/documents/testing/read-list.ts'
import {readZip} from '../../exporter-job/formats/datev/documents/testing/read-zip.ts'
import {readStack} from '../../exporter-job/formats/datev/testing/reader.ts'
import {ensureCluster} from '../cluster/index.ts'
import {runOnVolume} from '../support/volume.ts'
import {queryLedger} from './database.ts'
import {kubectl} from './kubectl.ts'
import {SECRET, createTenant} from './tenant.ts'
import type {Tenant} from './tenant.ts'

const INVOICES = 'invoices'
const PERIOD = 'posted_on >= :periodStart and posted_on < :periodEnd'

/** Every tenth booking has a document; `path` names its file. */
function withDocuments(path: string): Partial<ScheduledExportSpecInput> {
  const id = "case when id % 10 = 0 then 'D-' || id end as document_id"
  const bookings = `select id as booking_id, amount, side as debit_credit, account, contra_account, posted_on as document_date, ${id} from ledger where ${PERIOD} order by id`
  const documents = `select 'D-' || id as document_id, '${path}' as path, number || '.pdf' as file_name, '2' as type from ledger where id % 10 = 0 and ${PERIOD} order by id`
  return {
    source: {postgres: {urlSecretRef: {name: SECRET, key: 'url'}, datasets: {bookings: {query: bookings}, documents: {query: documents}}}},
    format: {datev: {consultant: 1001, client: 456, documents: {claimName: INVOICES, path: 'scans'}}},
  }
}

async function idsOf(start: string, end: string): Promise<number[]> {
  const rows = await queryLedger((server) => server.query('select id from ledger where posted_on >= $1 and posted_on < $2 order by id', [start, end]))
  return rows.map((row) => Number(row['id']))
}

describe('a pod', () => {
  let tenant: Tenant
  beforeAll(async () => {
    tenant = await createTenant('documents')
    await (await ensureCluster()).makeVolume(tenant.namespace, INVOICES)
    const script = "const fs = require('node:fs'); fs.mkdirSync('/volume/scans/2026', {recursive: true}); fs.writeFileSync('/volume/scans/2026/scan.pdf', '%PDF-1.4')"
    await runOnVolume(kubectl, {namespace: tenant.namespace, claimName: INVOICES, image: inject('jobImage')}, script)
  })

  test('publishes a package of the files, and bookings that link to it', async () => {
    await tenant.apply('linked', withDocuments('2026/scan.pdf'))
    const entry = await tenant.ended('linked', await tenant.runNow('linked'))
    expect(entry).toMatchObject({phase: 'Completed', attempts: 1})
    const ids = await idsOf(entry.periodStart!, entry.periodEnd!)
    const files = await tenant.files()
    const named = (ending: string): Buffer => files.find(({path}) => path.startsWith('datev/') && path.endsWith(ending))!.content
    const {files: published} = JSON.parse(named('.manifest.json').toString()) as Manifest
    const [archive, stack] = published.map(({name}) => files.find(({path}) => path === `datev/${name}`)!)
    expect(published.map(({sha256}) => sha256)).toEqual([archive!.sha256, stack!.sha256])
    const entries = readZip(archive!.content)
    const {documents} = readList(entries.at(-1)!.bytes)
    expect(documents.map(({files: names}) => names)).toEqual(ids.filter((id) => id % 10 === 0).map((id) => [`RE-${id}.pdf`]))
    expect(new Set(entries.slice(0, -1).map(({bytes}) => bytes.toString()))).toEqual(new Set(['%PDF-1.4']))
    const guids = documents.map(({guid}) => `BEDI "${guid}"`)
    expect(readStack(stack!.content).rows.map((row) => row[19])).toEqual(ids.map((id) => (id % 10 === 0 ? guids.shift() : '')))
    expect(entry.rows).toBe(ids.length + documents.length)
  })

  test('fails for files that are missing, publishes nothing, and lists them', async () => {
    await tenant.apply('missing', withDocuments('2026/nothing.pdf'))
    const job = await tenant.runNow('missing')
    expect(await tenant.ended('missing', job)).toMatchObject({phase: 'Failed', error: {code: 'FileNotFound'}})
    await tenant.exited(job, 2)
    const files = (await tenant.files()).filter(({path}) => path.includes('missing') || path.includes('errors/'))
    expect(files.map(({path}) => path)).toEqual([expect.stringMatching(/^datev\/errors\/.*\.csv$/)])
    expect(files[0]!.content.toString()).toContain('FileNotFound')
  })
})
