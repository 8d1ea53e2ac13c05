// The destination of `npm run export -- --check`: everything is written, counted and hashed, and nothing is kept.
import {createHash} from 'node:crypto'
import type {Manifest} from '../../crds/run.ts'
import type {FileWriter} from '../formats/types.ts'
import type {Destination, Published, StagedFile, Staging} from './types.ts'

/** Where a report goes: a person who checks wants to see it. */
export type KeepReport = (name: string, bytes: Uint8Array) => Promise<string>

/** Nothing is ever published there, so every run finds it empty. */
export function createCheckDestination(keepReport: KeepReport): Destination {
  return {
    recover: () => Promise.resolve(undefined),
    revisions: () => Promise.resolve([]),
    report: keepReport,
    stage: () => Promise.resolve(createStaging()),
  }
}

function createStaging(): Staging {
  const closed: StagedFile[] = []
  let sealed: Manifest | undefined
  return {
    files: () => closed,
    create: (name) => Promise.resolve(countingWriter(name, (file) => closed.push(file))),
    seal(manifest) {
      sealed = manifest
      return Promise.resolve()
    },
    publish: () => (sealed === undefined ? Promise.reject(new Error('publish() before seal()')) : Promise.resolve(unpublished(sealed))),
    discard: () => Promise.resolve(),
  }
}

function countingWriter(name: string, closed: (file: StagedFile) => void): FileWriter {
  const hash = createHash('sha256')
  let bytes = 0
  return {
    write(chunk) {
      hash.update(chunk)
      bytes += chunk.length
      return Promise.resolve()
    },
    close(rows) {
      closed({name, bytes, rows, sha256: hash.digest('hex')})
      return Promise.resolve()
    },
  }
}

/** As it would have been published; check: instead of a place says that it is nowhere. */
function unpublished(manifest: Manifest): Published {
  const sha256 = createHash('sha256').update(JSON.stringify(manifest)).digest('hex')
  return {manifest, manifestRef: {uri: 'check:manifest.json', sha256}, files: manifest.files.map((file) => ({...file, uri: `check:${file.name}`}))}
}
