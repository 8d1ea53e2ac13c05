// Fetching schemas, without a network.
import {mkdtemp, readFile, readdir, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {deflateRawSync} from 'node:zlib'
import {createHash} from 'node:crypto'
import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {fetchSchema} from '../schemas/fetch.ts'
import {SCHEMAS, adapted, findSchema, missingSchema, schemaFolders} from '../schemas/schemas.ts'
import {entryOf} from '../schemas/zip.ts'

const TEXT = Buffer.from('<schema/>')
const SCHEMA = {path: 'xx/schema.xsd', url: 'https://authority.example/schema.xsd', sha256: createHash('sha256').update(TEXT).digest('hex')}

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'schemas-'))
})
afterEach(() => rm(folder, {recursive: true, force: true}))

describe('a schema', () => {
  test('is kept where its checksum is the pinned one, and not fetched again', async () => {
    const asked: string[] = []
    const get = async (url: string): Promise<Uint8Array> => {
      asked.push(url)
      return TEXT
    }
    expect(await fetchSchema(SCHEMA, folder, get)).toBe('fetched')
    expect(await fetchSchema(SCHEMA, folder, get)).toBe('there')
    expect(asked).toEqual([SCHEMA.url])
    expect(await readFile(join(folder, SCHEMA.path))).toEqual(TEXT)
  })

  test('is refused where it is another one, and nothing is kept', async () => {
    await expect(fetchSchema(SCHEMA, folder, async () => Buffer.from('<schema >'))).rejects.toThrow(`must be ${SCHEMA.sha256}: nothing was kept`)
    expect(await readdir(folder)).toEqual([])
  })

  test('is fetched anew where the file is not what it was', async () => {
    await fetchSchema(SCHEMA, folder, async () => TEXT)
    await writeFile(join(folder, SCHEMA.path), 'changed')
    expect(await fetchSchema(SCHEMA, folder, async () => TEXT)).toBe('fetched')
  })

  test('is taken out of an archive', async () => {
    const zip = {...SCHEMA, entry: 'schema.xsd'}
    expect(await fetchSchema(zip, folder, async () => zipOf('Files/schema.xsd', TEXT))).toBe('fetched')
    await expect(
      fetchSchema({...zip, path: 'yy/schema.xsd', entry: 'other.xsd'}, folder, async () => zipOf('Files/schema.xsd', TEXT)),
    ).rejects.toThrow('0 entries named other.xsd')
  })
})

test('what is no archive is said to be none', () => {
  expect(() => entryOf(Buffer.from('<html></html>'), 'schema.xsd')).toThrow('no ZIP archive')
})

test('every schema has an address of its authority and a checksum', () => {
  for (const {url, sha256, path} of Object.values(SCHEMAS)) {
    expect(url).toMatch(/^https:\/\/(raw\.githubusercontent\.com\/Skatteetaten|static\.anaf\.ro|pfi\.public\.lu|info\.portaldasfinancas\.gov\.pt)\//)
    expect(sha256).toMatch(/^[0-9a-f]{64}$/)
    expect(path).toMatch(/^[a-z]{2}\/.*\.xsd$/)
  }
})

test('a named folder is the only one that is looked into', () => {
  expect(schemaFolders({SAFT_SCHEMAS: folder})).toEqual([folder])
  expect(schemaFolders({}).length).toBeGreaterThan(1)
  expect(findSchema('NO-1.30', [folder])).toBeUndefined()
  expect(missingSchema('NO-1.30', [folder])).toContain('NOT VALIDATED')
})

test('what libxml2 does not know is taken out of a schema', () => {
  const schema = '<xs:all><xs:element name="a" maxOccurs="unbounded"/></xs:all><xs:assert test="x"/><xs:assert test="y">z</xs:assert>'
  expect(adapted('PT-1.04_01', schema)).toBe('<xs:choice maxOccurs="unbounded"><xs:element name="a" maxOccurs="unbounded"/></xs:choice>')
})

/** An archive with one deflated entry. */
function zipOf(path: string, content: Uint8Array): Buffer {
  const packed = deflateRawSync(content)
  const name = Buffer.from(path)
  const [local, central, end] = [Buffer.alloc(30), Buffer.alloc(46), Buffer.alloc(22)]
  local.writeUInt32LE(0x04034b50, 0)
  local.writeUInt16LE(name.length, 26)
  central.writeUInt32LE(0x02014b50, 0)
  central.writeUInt16LE(8, 10)
  central.writeUInt32LE(packed.length, 20)
  central.writeUInt32LE(content.length, 24)
  central.writeUInt16LE(name.length, 28)
  const start = local.length + name.length + packed.length
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(1, 10)
  end.writeUInt32LE(start, 16)
  return Buffer.concat([local, name, packed, central, name, end])
}
