// A staged file: two buffers in turn, so that the disk writes one, and a thread hashes it, while the format fills the other.
import {createHash} from 'node:crypto'
import type {FileWriter} from '../../formats/types.ts'
import type {StagedFile} from '../types.ts'
import {writeAll} from './files.ts'
import type {VolumeFs} from './files.ts'
import {createFileHash} from './hash-thread.ts'
import type {FileHash} from './hash-thread.ts'

const BUFFER_BYTES = 1 << 20

/** Buffers of files that are closed, for those that come next: made anew for each, they would pile up faster than memory is given back. */
const spare: Buffer[] = []
const MAX_SPARE = 4

function takeBuffer(): Buffer {
  return spare.pop() ?? Buffer.from(new SharedArrayBuffer(BUFFER_BYTES))
}

function giveBack(buffer: Buffer | undefined): void {
  if (buffer !== undefined && spare.length < MAX_SPARE) spare.push(buffer)
}

/** A file being staged, which can also be given up. */
export interface StagedWriter extends FileWriter {
  /** Closes the file without keeping it. */
  abandon(): Promise<void>
}

/** Creates a file and hands out its writer; `closed` is called once the bytes are durable. */
export async function createStagedFile(
  fs: VolumeFs,
  path: {readonly folder: string; readonly name: string},
  closed: (file: StagedFile) => void,
): Promise<StagedWriter> {
  const handle = await fs.open(`${path.folder}/${path.name}`, 'wx')
  /** Of a file that fills a buffer; a smaller one is hashed at its end. */
  let hash: FileHash | undefined
  let filling = takeBuffer()
  let other: Buffer | undefined
  let used = 0
  let bytes = 0
  let pending: Promise<unknown> = Promise.resolve()

  async function flush(): Promise<void> {
    const full = filling.subarray(0, used)
    hash ??= createFileHash()
    await pending
    pending = Promise.all([writeAll(handle, full), hash.update(full)])
    // The failure is met at the next flush; until then nobody waits for this promise.
    pending.catch(() => undefined)
    bytes += used
    used = 0
    ;[filling, other] = [other ?? takeBuffer(), filling]
  }

  /** Writes what is left; gives the hash of all. */
  async function end(): Promise<string> {
    if (hash === undefined) {
      const whole = filling.subarray(0, used)
      await writeAll(handle, whole)
      bytes = used
      return createHash('sha256').update(whole).digest('hex')
    }
    await flush()
    await pending
    return hash.digest()
  }

  return {
    async write(chunk) {
      let taken = 0
      while (taken < chunk.length) {
        const part = chunk.subarray(taken, taken + BUFFER_BYTES - used)
        filling.set(part, used)
        used += part.length
        taken += part.length
        if (used === BUFFER_BYTES) await flush()
      }
    },
    async close(rows) {
      const sha256 = await end()
      await handle.sync()
      await handle.close()
      giveBack(filling)
      giveBack(other)
      closed({name: path.name, bytes, rows, sha256})
    },
    async abandon() {
      await pending.catch(() => undefined)
      await handle.close().catch(() => undefined)
    },
  }
}
