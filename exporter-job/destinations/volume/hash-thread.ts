// SHA-256 in a thread of its own. Encoding keeps one processor busy, the database another one for a part of the time: hashing takes a sixth
// of a run, and beside them it takes nearly none. Bytes are not copied: they lie in memory that both threads see.
import {Worker} from 'node:worker_threads'

/** Hashes one file. Calls are answered in their order. */
export interface FileHash {
  /** Fulfilled when the bytes were read and their memory may be used again. They must lie in a SharedArrayBuffer. */
  update(bytes: Uint8Array): Promise<void>
  /** Hexadecimal; nothing may follow. */
  digest(): Promise<string>
}

/** Of this process, started for the first file that is large enough. */
let thread: HashThread | undefined
let files = 0

/** For a file that is worth a thread. Faults: an Error when the thread has ended, which only a lack of memory can do. */
export function createFileHash(): FileHash {
  const asked = (thread ??= startThread(() => (thread = undefined)))
  const file = files++
  return {
    update: async (bytes) => void (await asked.ask({file, bytes})),
    digest: () => asked.ask({file}),
  }
}

/** Without bytes: the end of a file. */
interface Request {
  readonly file: number
  readonly bytes?: Uint8Array
}

interface HashThread {
  ask(request: Request): Promise<string>
}

interface Waiting {
  resolve(answer: string): void
  reject(error: Error): void
}

function startThread(ended: () => void): HashThread {
  // From its own text, so that there is no path that a build would have to know of.
  const worker = new Worker(`(${answerRequests.toString()})()`, {
    eval: true,
    execArgv: [],
    env: {},
    resourceLimits: {maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2},
  })
  const waiting: Waiting[] = []
  let failure: Error | undefined

  function fail(error: Error): void {
    failure ??= error
    for (const each of waiting.splice(0)) each.reject(failure)
    ended()
  }

  worker.on('message', (answer: string) => {
    waiting.shift()?.resolve(answer)
    // A program may end when nobody waits for the thread, and not before.
    if (waiting.length === 0) worker.unref()
  })
  worker.on('error', (error) => fail(new Error('the thread that hashes failed', {cause: error})))
  worker.on('exit', (code) => fail(new Error(`the thread that hashes ended (${code})`)))
  return {
    ask: (request) =>
      new Promise((resolve, reject) => {
        if (failure !== undefined) return reject(failure)
        waiting.push({resolve, reject})
        worker.ref()
        worker.postMessage(request, [])
      }),
  }
}

/** Runs in the thread: it may name nothing outside itself. */
function answerRequests(): void {
  const {createHash} = process.getBuiltinModule('node:crypto')
  const {parentPort} = process.getBuiltinModule('node:worker_threads')
  const hashes = new Map<number, ReturnType<typeof createHash>>()
  parentPort!.on('message', ({file, bytes}: {file: number; bytes?: Uint8Array}) => {
    const hash = hashes.get(file) ?? createHash('sha256')
    if (bytes === undefined) hashes.delete(file)
    else hashes.set(file, hash.update(bytes))
    parentPort!.postMessage(bytes === undefined ? hash.digest('hex') : '', [])
  })
}
