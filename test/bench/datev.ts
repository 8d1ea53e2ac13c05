// Measured program: the same query as a Buchungsstapel on a volume, hashed and synced, every field checked. node datev.ts URL FOLDER
import {Client} from 'pg'
import {to} from 'pg-copy-streams'
import {DatevFormat} from '../../crds/format.ts'
import {createVolumeDestination} from '../../exporter-job/destinations/volume.ts'
import {createFormat} from '../../exporter-job/formats/index.ts'
import type {Dataset} from '../../exporter-job/sources/types.ts'
import {COLUMNS, PERIOD, QUERY} from './ledger.ts'
import {reportUsage} from './usage.ts'

const [url, folder] = process.argv.slice(2)
const client = new Client({connectionString: url})
await client.connect()
const stream = client.query(to(`COPY (${QUERY}) TO STDOUT`))
const dataset: Dataset = {name: 'bookings', columns: COLUMNS, chunks: stream, rowCount: () => stream.rowCount}

const options = {claimName: 'exports', root: folder!, path: 'datev', owner: 'acme/bench', now: () => new Date()}
const destination = await createVolumeDestination(options)
const staging = await destination.stage({slot: 'bench', stem: 'bench_2026-10'})
const format = await createFormat({datev: DatevFormat.parse({consultant: 1001, client: 456})})
const {rows} = await format.write(() => Promise.resolve(dataset), staging, {
  exportId: '3f2504e0-4f89-51d3-9a0c-0305e82c3301',
  period: PERIOD,
  revisionSuffix: '',
  createdAt: new Date('2026-11-01T05:00:00Z'),
  timeZone: 'Europe/Berlin',
  progress: () => undefined,
})
await client.end()
reportUsage(
  rows,
  staging.files().reduce((sum, file) => sum + file.bytes, 0),
)
