// Publications for tests of destinations.
import type {Manifest} from '../../../crds/run.ts'
import type {Destination, PublicationKey, Staging} from '../types.ts'

export const KEY: PublicationKey = {slot: 'acme/datev-monthly@2026-11-01T05:00:00Z', stem: 'datev-monthly_2026-10'}
export const OTHER_SLOT: PublicationKey = {slot: 'acme/datev-monthly@2026-11-02T05:00:00Z', stem: KEY.stem}
export const OTHER_EXPORT: PublicationKey = {slot: 'acme/weekly@2026-11-02T05:00:00Z', stem: 'weekly_2026-W44'}

/** A file set by name and text. */
export type FileSet = Readonly<Record<string, string>>

export const FILES: FileSet = {'EXTF_a.csv': 'first;file\r\n', 'EXTF_b.csv': 'second;file\r\n'}

/** The manifest of what was staged. */
export function manifestFor(key: PublicationKey, staging: Staging, revision = 1): Manifest {
  const files = staging.files()
  return {
    version: 1,
    export: {name: 'datev-monthly', namespace: 'acme', generation: 1},
    exportId: 'a8098c1a-f86e-5e1a-9d2f-0242ac130003',
    slot: key.slot,
    trigger: 'Schedule',
    scheduledTime: '2026-11-01T05:00:00Z',
    timeZone: 'Europe/Berlin',
    period: {start: '2026-10-01', end: '2026-11-01'},
    revision,
    format: 'datev',
    rows: files.reduce((sum, file) => sum + file.rows, 0),
    bytes: files.reduce((sum, file) => sum + file.bytes, 0),
    totals: [],
    files: [...files],
    protocol: [],
    datasets: [],
    notes: [],
    program: '0.0.0',
    snapshotTime: '2026-11-01T05:00:01.000Z',
    sourceSha256: 'ef',
    controlled: false,
    unusedColumns: [],
  }
}

/** Stages and closes every file of a set. */
export async function stageFiles(destination: Destination, key: PublicationKey, files: FileSet = FILES): Promise<Staging> {
  const staging = await destination.stage(key)
  for (const [name, text] of Object.entries(files)) {
    const writer = await staging.create(name)
    await writer.write(Buffer.from(text))
    await writer.close(1)
  }
  return staging
}

/** Stages and seals a set: what a crash before publication leaves. */
export async function sealFiles(destination: Destination, key: PublicationKey, files: FileSet = FILES): Promise<Staging> {
  const staging = await stageFiles(destination, key, files)
  await staging.seal(manifestFor(key, staging))
  return staging
}
