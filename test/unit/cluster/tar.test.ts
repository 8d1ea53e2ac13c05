import {execFileSync} from 'node:child_process'
import {chmodSync, mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, statSync, symlinkSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {createHash} from 'node:crypto'
import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {bytesEntry, folderEntries, tarHeader, writeTar, type TarEntry} from '../../cluster/tar.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tar-test-'))
})
// A stream that was ended by a fault may still be opening its file.
afterEach(() => rmSync(folder, {recursive: true, maxRetries: 5}))

describe('writeTar', () => {
  test('writes what the system tar reads back: bytes, modes, links, empty files, folders', async () => {
    const entries: TarEntry[] = [
      {type: 'folder', path: 'bin/', mode: 0o755},
      bytesEntry('bin/run', '#!/bin/sh\n', 0o755),
      bytesEntry('empty', ''),
      bytesEntry('exactly-one-block', 'x'.repeat(512)),
      {type: 'link', path: 'link', target: 'bin/run'},
    ]
    const written = await writeTar(join(folder, 'a.tar'), entries)
    execFileSync('tar', ['--extract', '--file', written.path, '--directory', folder])
    expect(readFileSync(join(folder, 'bin/run'), 'utf8')).toBe('#!/bin/sh\n')
    expect(statSync(join(folder, 'bin/run')).mode & 0o777).toBe(0o755)
    expect(statSync(join(folder, 'empty')).size).toBe(0)
    expect(readFileSync(join(folder, 'exactly-one-block'), 'utf8')).toBe('x'.repeat(512))
    expect(readlinkSync(join(folder, 'link'))).toBe('bin/run')
  })

  test('gives size and checksum of the file', async () => {
    const {path, size, sha256} = await writeTar(join(folder, 'a.tar'), [bytesEntry('a', 'hello')])
    const bytes = readFileSync(path)
    expect(size).toBe(bytes.length)
    expect(size).toBe(4 * 512)
    expect(sha256).toBe(createHash('sha256').update(bytes).digest('hex'))
  })

  test.each([100, 101, 200, 250])('keeps a path of %d characters', async (length) => {
    const name = `${'d'.repeat(90)}/${'e'.repeat(length - 91)}`.slice(0, length)
    const path = length > 191 ? `${'c'.repeat(80)}/${'d'.repeat(70)}/${'e'.repeat(length - 152)}` : name
    const written = await writeTar(join(folder, 'a.tar'), [bytesEntry(path, 'x')])
    expect(execFileSync('tar', ['--list', '--file', written.path], {encoding: 'utf8'})).toBe(`${path}\n`)
  })

  test('refuses a path that ustar cannot hold', () => {
    expect(() => tarHeader(bytesEntry(`a/${'b'.repeat(101)}`, ''))).toThrow(/too long/)
  })

  test('refuses a file that is not as long as announced', async () => {
    const entry: TarEntry = {type: 'file', path: 'a', mode: 0o644, size: 3, content: () => bytesContent('four')}
    await expect(writeTar(join(folder, 'a.tar'), [entry])).rejects.toThrow(/4 bytes and was announced with 3/)
  })
})

describe('folderEntries', () => {
  test('is in a fixed order and tells of modes only whether a file may be executed', async () => {
    mkdirSync(join(folder, 'b'))
    writeFileSync(join(folder, 'b', 'z'), '')
    writeFileSync(join(folder, 'a'), '', {mode: 0o600})
    writeFileSync(join(folder, 'c'), '')
    chmodSync(join(folder, 'c'), 0o700)
    symlinkSync('a', join(folder, 'd'))
    const seen: unknown[] = []
    for await (const entry of folderEntries(folder, 'x/')) seen.push([entry.path, entry.type === 'link' ? entry.target : entry.mode])
    expect(seen).toEqual([
      ['x/a', 0o644],
      ['x/b/', 0o755],
      ['x/b/z', 0o644],
      ['x/c', 0o755],
      ['x/d', 'a'],
    ])
  })

  test('the same folder gives the same bytes whenever it was written', async () => {
    mkdirSync(join(folder, 'in'))
    const write = async (name: string): Promise<string> => (await writeTar(join(folder, name), folderEntries(join(folder, 'in')))).sha256
    writeFileSync(join(folder, 'in', 'a'), 'same')
    const first = await write('1.tar')
    rmSync(join(folder, 'in', 'a'))
    writeFileSync(join(folder, 'in', 'a'), 'same')
    expect(await write('2.tar')).toBe(first)
  })
})

async function* bytesContent(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text)
}
