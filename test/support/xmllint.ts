// Validation by libxml2, streaming, with the authorities' schemas.
import {execFile} from 'node:child_process'
import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {promisify} from 'node:util'
import {commandOnPath, ensurePackages} from '../cluster/build/packages.ts'
import {adapted, findSchema} from '../schemas/schemas.ts'
import type {ProfileId} from '../schemas/schemas.ts'

/** Finds xmllint, or installs it. */
export async function ensureXmllint(): Promise<void> {
  if (commandOnPath('xmllint') === undefined) await ensurePackages(['xmllint'])
}

const MAX_OUTPUT = 1024 * 1024
/** Messages of a file that is wrong in every line. */
const SHOWN = 20

/** What the schema has against a file: no lines where it is valid. */
export async function complaints(profile: ProfileId, xml: Uint8Array): Promise<readonly string[]> {
  const path = findSchema(profile)
  if (path === undefined) throw new Error(`there is no schema of ${profile}`)
  const folder = await mkdtemp(join(tmpdir(), 'xmllint-'))
  try {
    // Latin-1 keeps every byte of a schema as it is, whatever its encoding.
    await writeFile(join(folder, 'schema.xsd'), adapted(profile, await readFile(path, 'latin1')), 'latin1')
    await writeFile(join(folder, 'file.xml'), xml)
    return await run(['--stream', '--noout', '--schema', join(folder, 'schema.xsd'), join(folder, 'file.xml')])
  } finally {
    await rm(folder, {recursive: true, force: true})
  }
}

async function run(args: readonly string[]): Promise<readonly string[]> {
  try {
    await promisify(execFile)('xmllint', args, {maxBuffer: MAX_OUTPUT})
    return []
  } catch (error) {
    const {stderr = ''} = error as {stderr?: string}
    const lines = stderr.split('\n').filter((line) => line !== '')
    return lines.length === 0 ? [String(error)] : lines.slice(0, SHOWN)
  }
}
