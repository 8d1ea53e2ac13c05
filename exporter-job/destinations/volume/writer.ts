// A staged file: two buffers in turn, so that the disk writes one while the format fills the other, and SHA-256 beside the write.
import {createHash} from 'node:crypto'
import type {FileWriter} from '../../formats/types.ts'
import type {StagedFile} from '../types.ts'
import {writeAll} from './files.ts'
import type {VolumeFs} from './files.ts'

const BUFFER_BYTES = 1 << 20

/** Buffers of files that are closed, for those that come next: made anew for each, they would pile up faster than memory is given back. */
const spare: Buffer[] = []
const MAX_SPARE = 4

function takeBuffer(): Buffer {
  return spare.pop() ?? Buffer.allocUnsafeSlow(BUFFER_BYTES)
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
  const hash = createHash('sha256')
  let filling = takeBuffer()
  let other: Buffer | undefined
  let used = 0
  let bytes = 0
  let pending: Promise<void> = Promise.resolve()

  async function flush(): Promise<void> {
    const full = filling.subarray(0, used)
    hash.update(full)
    await pending
    pending = writeAll(handle, full)
    // The failure is met at the next flush; until then nobody waits for this promise.
    pending.catch(() => undefined)
    bytes += used
    used = 0
    ;[filling, other] = [other ?? takeBuffer(), filling]
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
      await flush()
      await pending
      await handle.sync()
      await handle.close()
      giveBack(filling)
      giveBack(other)
      closed({name: path.name, bytes, rows, sha256: hash.digest('hex')})
    },
    async abandon() {
      await pending.catch(() => undefined)
      await handle.close().catch(() => undefined)
    },
  }
}
