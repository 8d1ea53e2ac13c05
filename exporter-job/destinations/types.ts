// What every destination promises: nothing half-written is ever visible, nothing of another slot is ever overwritten, and a slot
// that was staged completely is published by any later attempt with the same bytes.
import type {Manifest} from '../../crds/run.ts'
import type {LastRun, RunFile} from '../../crds/status.ts'
import type {FileSink} from '../formats/types.ts'

export interface Published {
  readonly manifest: Manifest
  readonly manifestRef: NonNullable<LastRun['manifest']>
  /** As in the manifest, with the URI of each. */
  readonly files: readonly RunFile[]
}

/** A file as staged. */
export interface StagedFile {
  readonly name: string
  readonly bytes: number
  readonly rows: number
  readonly sha256: string
}

/** What identifies a run at the destination. */
export interface PublicationKey {
  /** The slot's identity. */
  readonly slot: string
  /** Stem of the manifest's name: `<export>_<period label>`. */
  readonly stem: string
}

/** Files written but not visible yet. */
export interface Staging extends FileSink {
  /** Files closed so far, in order of creation. */
  files(): readonly StagedFile[]
  /** Makes the staged set durable: from here on a crash leads to publication by the next attempt, before it to discarding. */
  seal(manifest: Manifest): Promise<void>
  /** Makes every file visible under its final name, only if absent, then the manifest. Idempotent. Faults: Rejection when a name is taken by other bytes. */
  publish(): Promise<Published>
  /** Removes what this staging holds unsealed. A sealed set stays, whoever sealed it: the next attempt publishes it. */
  discard(): Promise<void>
}

/** A destination, ready to be written to; made from the spec by destinations/index.ts. */
export interface Destination {
  /** Finishes what an earlier attempt at this slot sealed, and says what this slot has published, if anything. */
  recover(key: PublicationKey): Promise<Published | undefined>
  /**
   * Manifests of this stem that other slots have published: revisions, ascending. What such a slot has sealed and not published is
   * published first: its run may have ended half-way, and nobody else would finish it.
   */
  revisions(key: PublicationKey): Promise<readonly Manifest[]>
  /**
   * Puts a report about a run that publishes nothing where its files would have gone, whole, in place of an earlier attempt's; gives its
   * URI. `name` may have one folder: errors/<exportId>.csv.
   */
  report(name: string, bytes: Uint8Array): Promise<string>
  /** Begins afresh: what an unsealed earlier attempt at this slot left behind is removed first. */
  stage(key: PublicationKey): Promise<Staging>
}
