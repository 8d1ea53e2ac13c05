// What the sources that read files on a volume have in common.
import {PermanentFault} from '../../errors.ts'
import type {Refusals} from '../../formats/findings.ts'
import {REFUSE_AT_ONCE} from '../refusals.ts'
import {fileChanged} from '../../regular-file.ts'
import type {Dataset, DatasetColumn, Snapshot, Source} from '../types.ts'
import type {Pieces} from './pieces.ts'
import {openVolumeFile} from './volume-file.ts'
import type {VolumeFile} from './volume-file.ts'

export interface FilesOptions {
  /** Where the volume is mounted. */
  readonly mount: string
  /** The file of each dataset, placeholders filled in. */
  readonly paths: Readonly<Record<string, string>>
  readonly now: () => Date
}

export interface OpenFile {
  readonly pieces: Pieces
  readonly dataset: string
  /** On the volume. */
  readonly path: string
  readonly signal: AbortSignal
  readonly refusals: Refusals
}

/** The rows of a file, once its columns are known. */
export interface OpenedRows {
  readonly columns: readonly DatasetColumn[]
  /** What was read to know the columns, and what follows. */
  readonly first: IteratorResult<Buffer, void>
  readonly rows: AsyncGenerator<Buffer, void, undefined>
  /** Rows so far. */
  count(): number
}

/** `kind` as in spec.source; `open` reads as far as it needs to know the columns. */
export function createFilesSource(options: FilesOptions, kind: string, open: (file: OpenFile) => Promise<OpenedRows>): Source {
  return {
    async snapshot(signal, refusals = REFUSE_AT_ONCE) {
      signal.throwIfAborted()
      const held = new Set<VolumeFile>()
      const states = new Map<string, string>()
      return {
        takenAt: options.now().toISOString(),
        open: (name) => openDataset(options, {kind, name, open}, {signal, refusals, held, states}),
        async [Symbol.asyncDispose]() {
          for (const file of held) await file.close()
          held.clear()
        },
      } satisfies Snapshot
    },
  }
}

interface Opening {
  readonly kind: string
  readonly name: string
  readonly open: (file: OpenFile) => Promise<OpenedRows>
}

interface Held {
  readonly signal: AbortSignal
  readonly refusals: Refusals
  /** Files that are not closed yet. */
  readonly held: Set<VolumeFile>
  /** What each path was when it was opened first: opened again, it must be the same. */
  readonly states: Map<string, string>
}

async function openDataset({mount, paths}: FilesOptions, {kind, name, open}: Opening, {signal, refusals, held, states}: Held): Promise<Dataset> {
  const path = Object.hasOwn(paths, name) ? paths[name] : undefined
  if (path === undefined) throw new PermanentFault('DatasetMissing', `spec.source.${kind}.datasets has no file for ${name}`)
  const place = {mount, path, what: `dataset ${name}`}
  const file = await openVolumeFile(place, name)
  held.add(file)
  const release = async (): Promise<void> => {
    held.delete(file)
    await file.close()
  }
  try {
    if ((states.get(path) ?? file.state) !== file.state) throw fileChanged(place, 'was replaced during the run')
    states.set(path, file.state)
    const opened = await open({pieces: file.pieces, dataset: name, path, signal, refusals})
    return datasetOf(name, opened, release)
  } catch (error) {
    await release()
    throw error
  }
}

/** A dataset of rows whose first piece is read already; `release` is called once, however the reading ends. */
export function datasetOf(name: string, {first, rows, columns, ...opened}: OpenedRows, release: () => Promise<void>): Dataset {
  let ended = false
  async function* chunks(): AsyncGenerator<Buffer, void, undefined> {
    try {
      for (let next = first; next.done !== true; next = await rows.next()) if (next.value.length > 0) yield next.value
      ended = true
    } finally {
      await rows.return()
      await release()
    }
  }
  return {
    name,
    columns,
    chunks: chunks(),
    rowCount() {
      if (!ended) throw new Error(`dataset ${name} has not been read to its end`)
      return opened.count()
    },
  }
}
