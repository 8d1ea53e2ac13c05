// Measured program: COPY (query) TO STDOUT into a file, the time that every format is compared with. node copy.ts URL FOLDER
import {open} from 'node:fs/promises'
import {Client} from 'pg'
import {to} from 'pg-copy-streams'
import {QUERY} from './ledger.ts'
import {reportUsage} from './usage.ts'

const [url, folder] = process.argv.slice(2)
const client = new Client({connectionString: url})
await client.connect()
const stream = client.query(to(`COPY (${QUERY}) TO STDOUT`))
const file = await open(`${folder}/copy.txt`, 'w')
let bytes = 0
for await (const chunk of stream as AsyncIterable<Buffer>) {
  bytes += chunk.length
  await file.write(chunk)
}
await file.sync()
await file.close()
await client.end()
reportUsage(stream.rowCount, bytes)
