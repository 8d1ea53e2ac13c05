import {execFile} from 'node:child_process'
import {createHash, randomBytes} from 'node:crypto'
import {mkdtemp, readFile, rm} from 'node:fs/promises'
import * as fs from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {promisify} from 'node:util'
import {afterEach, beforeEach, describe, expect, it, test} from 'vitest'
import type {StagedFile} from '../types.ts'
import {createFileHash} from './hash-thread.ts'
import {createStagedFile} from './writer.ts'

const MIB = 1 << 20

/** In memory that threads share. */
function shared(bytes: Uint8Array): Buffer {
  const copy = Buffer.from(new SharedArrayBuffer(bytes.length))
  copy.set(bytes)
  return copy
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

describe('A hash made by the thread', () => {
  it('is that of the bytes, of several files in turn', async () => {
    const contents = [randomBytes(70_000), randomBytes(10), randomBytes(300_000)]
    const hashes = contents.map(() => createFileHash())
    for (let from = 0; from < 300_000; from += 50_000) {
      await Promise.all(hashes.map((hash, index) => hash.update(shared(contents[index]!.subarray(from, from + 50_000)))))
    }
    expect(await Promise.all(hashes.map((hash) => hash.digest()))).toEqual(contents.map(sha256))
  })

  it('leaves the memory to be used again once it has answered', async () => {
    const hash = createFileHash()
    const bytes = shared(Buffer.alloc(MIB, 'a'))
    await hash.update(bytes)
    bytes.fill('b')
    await hash.update(bytes)
    expect(await hash.digest()).toBe(sha256(Buffer.concat([Buffer.alloc(MIB, 'a'), Buffer.alloc(MIB, 'b')])))
  })
})

test('A program waits for the thread as long as it has something to say, and no longer', async () => {
  const program = `
    import {createFileHash} from ${JSON.stringify(new URL('hash-thread.ts', import.meta.url).href)}
    const hash = createFileHash()
    await hash.update(Buffer.from(new SharedArrayBuffer(3)))
    console.log(await hash.digest())`
  const {stdout} = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], {timeout: 30_000})
  expect(stdout.trim()).toBe(sha256(Buffer.alloc(3)))
})

describe('A staged file', () => {
  let folder: string

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'scheduled-export-'))
  })
  afterEach(() => rm(folder, {recursive: true}))

  test.each([0, 1, MIB - 1, MIB, MIB + 1, 3 * MIB + 7])('of %i bytes has the hash of its bytes', async (size) => {
    const content = randomBytes(size)
    const closed: StagedFile[] = []
    const writer = await createStagedFile(fs, {folder, name: 'a'}, (file) => closed.push(file))
    for (let from = 0; from < size; from += 250_000) await writer.write(content.subarray(from, from + 250_000))
    await writer.close(5)
    expect((await readFile(join(folder, 'a'))).equals(content)).toBe(true)
    expect(closed).toEqual([{name: 'a', bytes: size, rows: 5, sha256: sha256(content)}])
  })
})
