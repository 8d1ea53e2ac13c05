// COPY (query) TO STDOUT into a file, the time that every format is compared with, for machines without psql. node copy.ts URL QUERY FILE
import {open} from 'node:fs/promises'
import {Client} from 'pg'
import {to} from 'pg-copy-streams'

const [url, query, path] = process.argv.slice(2)
const client = new Client({connectionString: url})
await client.connect()
const file = await open(path!, 'w')
for await (const chunk of client.query(to(`COPY (${query}) TO STDOUT`)) as AsyncIterable<Buffer>) await file.write(chunk)
await file.close()
await client.end()
