// What operator and exporter say to each other about one run: the frozen resource, the slot, the manifest, the result.
import {z} from 'zod'
import {ScheduledExportSpec} from './spec.ts'
import {HistoryEntry, LastRun, RunFile, TRIGGERS} from './status.ts'

/** Bytes that the frozen resource may have in a pod template: Jobs are copied into etcd each time. */
export const MAX_FROZEN_BYTES = 100 * 1024
/** Bytes of the termination message that we use; the kubelet cuts at 4,096. */
export const MAX_TERMINATION_BYTES = 3_500

/** The resource as the CronJob's pod template carries it (one environment variable, JSON). */
export const FrozenExport = z.strictObject({
  name: z.string(),
  namespace: z.string(),
  /** Tells an export from a later one of the same name; left out where there is no cluster. */
  uid: z.string().optional(),
  generation: z.int(),
  spec: ScheduledExportSpec,
})
export type FrozenExport = z.infer<typeof FrozenExport>

/** Local days, start inclusive, end exclusive: "2026-10-01" to "2026-11-01". */
export const LocalPeriod = z.strictObject({start: z.string(), end: z.string()})
export type LocalPeriod = z.infer<typeof LocalPeriod>

/** Given to a Job that the operator makes (a slot started again): it stands for a slot of another Job. */
export const SlotOverride = z.strictObject({
  /** The slot's identity; the UID of the first Job for a manual run. */
  slot: z.string(),
  trigger: z.enum(TRIGGERS),
  /** RFC 3339, UTC. */
  scheduledTime: z.string(),
  period: LocalPeriod.optional(),
})
export type SlotOverride = z.infer<typeof SlotOverride>

/** Totals of one currency and side, in the currency's minor unit as decimal text ("1234.56"): never a float. */
export const Total = z.strictObject({
  currency: z.string(),
  side: z.enum(['S', 'H']),
  count: z.int(),
  sum: z.string(),
})
export type Total = z.infer<typeof Total>

/** Beside the files at the destination, `<export>_<period>.manifest.json`: written last, it is the proof of publication. */
export const Manifest = z.strictObject({
  version: z.literal(1),
  export: z.strictObject({name: z.string(), namespace: z.string(), generation: z.int()}),
  exportId: z.string(),
  slot: z.string(),
  trigger: z.enum(TRIGGERS),
  scheduledTime: z.string(),
  timeZone: z.string(),
  period: LocalPeriod,
  /** 1, or n for the file set …-rn. */
  revision: z.int().min(1),
  format: z.string(),
  rows: z.int(),
  bytes: z.int(),
  totals: z.array(Total),
  files: z.array(RunFile.omit({uri: true})),
  /** What a person reads: text and HTML, published with the files. */
  protocol: z.array(RunFile.omit({uri: true, rows: true})),
  /** Rows of each dataset, as the source handed them out; those left out because the spec says so. */
  datasets: z.array(z.strictObject({dataset: z.string(), rows: z.int(), skipped: z.int()})),
  /** How often each rule was noted without keeping the run from publishing: rows left out, text that a spreadsheet would run. */
  notes: z.array(z.strictObject({rule: z.string(), count: z.int()})),
  /** Version of the exporter. */
  program: z.string(),
  /** RFC 3339, UTC: the state of the source that was read. */
  snapshotTime: z.string(),
  /** SHA-256 over spec.source: the same hash means the same queries. */
  sourceSha256: z.string(),
  /** Whether spec.control was asked, and agreed: a run that does not agree has no manifest. */
  controlled: z.boolean(),
  /** Known dataset columns that the format has no place for. */
  unusedColumns: z.array(z.string()),
})
export type Manifest = z.infer<typeof Manifest>

/** The termination message (at most MAX_TERMINATION_BYTES): from it the operator repairs a status that the exporter could not write. */
export const TerminationMessage = z.strictObject({
  entry: HistoryEntry,
  manifest: LastRun.shape.manifest,
  files: z.array(RunFile).max(20).optional(),
})
export type TerminationMessage = z.infer<typeof TerminationMessage>

/** Exit codes of the exporter; the Job's podFailurePolicy is made from them. */
export const EXIT = {published: 0, permanent: 2, transient: 3, terminated: 143} as const
