// npm run schemas: fetches the authorities' SAF-T schemas and keeps those whose checksum is the pinned one.
import {createHash} from 'node:crypto'
import {mkdir, readFile, rename, writeFile} from 'node:fs/promises'
import {dirname, join} from 'node:path'
import {FETCHED, SCHEMAS} from './schemas.ts'
import type {Schema} from './schemas.ts'
import {entryOf} from './zip.ts'

/** The bytes at an address. */
export type Get = (url: string) => Promise<Uint8Array>

const TIMEOUT_MS = 60_000
/** Luxembourg's archive has some 13 MB. */
const MAX_BYTES = 64 * 1024 * 1024

/** Fetches one schema into a folder, unless it is there already. Throws an Error, and leaves no file, where the checksum is another one. */
export async function fetchSchema({path, url, entry, sha256}: Schema, folder: string, get: Get): Promise<'there' | 'fetched'> {
  const target = join(folder, path)
  const present = await readFile(target).catch(() => undefined)
  if (present !== undefined && checksum(present) === sha256) return 'there'
  const bytes = await get(url)
  const schema = entry === undefined ? bytes : entryOf(bytes, entry)
  const found = checksum(schema)
  if (found !== sha256)
    throw new Error(`${url}${entry === undefined ? '' : `, entry ${entry}`}: its SHA-256 is ${found} and must be ${sha256}: nothing was kept`)
  await mkdir(dirname(target), {recursive: true})
  await writeFile(`${target}.new`, schema)
  await rename(`${target}.new`, target)
  return 'fetched'
}

function checksum(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

async function download(url: string): Promise<Uint8Array> {
  const response = await fetch(url, {signal: AbortSignal.timeout(TIMEOUT_MS)}).catch((error: unknown) => {
    throw new Error(`${url}: ${reasonOf(error)}`, {cause: error})
  })
  if (!response.ok) throw new Error(`${url}: HTTP ${response.status}`)
  const bytes = new Uint8Array(await response.arrayBuffer())
  if (bytes.length > MAX_BYTES) throw new Error(`${url}: ${bytes.length} bytes are more than a schema has`)
  return bytes
}

/** fetch() itself says no more than "fetch failed". */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error && error.cause.message !== '' ? error.cause.message : error.message
}

async function main(): Promise<void> {
  for (const [profile, schema] of Object.entries(SCHEMAS)) {
    try {
      console.log(`${profile}: ${await fetchSchema(schema, FETCHED, download)} ${join(FETCHED, schema.path)}`)
    } catch (error) {
      process.exitCode = 1
      console.error(`${profile}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  if (process.exitCode === 1) console.error('Schemas that you have from elsewhere are taken from the folder that SAFT_SCHEMAS names; without one, the tests that need it are skipped and say so.')
}

if (import.meta.main) await main()
