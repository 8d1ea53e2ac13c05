// Reads a volume back by a pod of its own, as a user without access to the node would.
import {createHash} from 'node:crypto'
import {inject} from 'vitest'
import {runOnVolume} from '../support/volume.ts'
import {kubectl} from './kubectl.ts'

export interface VolumeFile {
  /** Relative to the volume. */
  readonly path: string
  readonly content: Buffer
  readonly sha256: string
  /** Which file it is, whatever its name: the same number, the same file. */
  readonly inode: string
  /** When its bytes were last written, in nanoseconds since 1970. */
  readonly written: string
}

const LIST = `
const {readdirSync, readFileSync, statSync} = require('node:fs')
const files = readdirSync('/volume', {recursive: true, withFileTypes: true}).filter((f) => f.isFile())
for (const f of files) {
  const p = f.parentPath + '/' + f.name
  const {ino, mtimeNs} = statSync(p, {bigint: true})
  console.log(JSON.stringify([p.slice(8), readFileSync(p).toString('base64'), String(ino), String(mtimeNs)]))
}`

/** Every file on the claim's volume, sorted by path. */
export async function readVolume(namespace: string, claimName: string): Promise<VolumeFile[]> {
  const printed = await runOnVolume(kubectl, {namespace, claimName, image: inject('jobImage')}, LIST)
  const lines = printed.split('\n').filter((line) => line !== '')
  return lines.map(parseLine).toSorted((a, b) => (a.path < b.path ? -1 : 1))
}

function parseLine(line: string): VolumeFile {
  const [path, encoded, inode, written] = JSON.parse(line) as [string, string, string, string]
  const content = Buffer.from(encoded, 'base64')
  return {path, content, sha256: createHash('sha256').update(content).digest('hex'), inode, written}
}
