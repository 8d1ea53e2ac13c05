// The status of a ScheduledExport. Who writes which field is said at each; see docs/decisions.
import {z} from 'zod'

const Time = z.string().max(40).meta({format: 'date-time'})
const LocalDate = z.string().max(10)

export const TRIGGERS = ['Schedule', 'Manual', 'Backfill', 'CatchUp'] as const
export const PHASES = ['Pending', 'Processing', 'Completed', 'Failed', 'Skipped', 'Missed', 'Rejected'] as const
/** Phases that never change again. */
export const TERMINAL_PHASES = ['Completed', 'Failed', 'Skipped', 'Missed', 'Rejected'] as const
export type Phase = (typeof PHASES)[number]
export type Trigger = (typeof TRIGGERS)[number]

/** Characters of an error's code and message, and of a condition's reason and message. */
export const MAX_CODE = 64
export const MAX_MESSAGE = 2048
export const MAX_CONDITION_REASON = 256
export const MAX_CONDITION_MESSAGE = 4096

export const RunError = z.strictObject({
  code: z.string().max(MAX_CODE).describe('A stable word for the cause, such as AmountIsZero or ConnectionRefused (docs/errors.md).'),
  message: z.string().max(MAX_MESSAGE).describe('What was wrong and what would be right.'),
})
export type RunError = z.infer<typeof RunError>

/** One run, as status.history keeps it. */
export const HistoryEntry = z.strictObject({
  name: z.string().max(63).describe("The run's Job."),
  exportId: z.string().max(36).optional().describe('The same for every attempt at this run; also in the manifest.'),
  trigger: z.enum(TRIGGERS).describe('What started it.'),
  phase: z.enum(PHASES).describe('How far it is.'),
  scheduledTime: Time.optional().describe("The slot's time; for a manual run the time of its creation."),
  startedAt: Time.optional().describe('When the first attempt began.'),
  completedAt: Time.optional().describe('When it reached a phase that does not change again.'),
  periodStart: LocalDate.optional().describe('First local day covered.'),
  periodEnd: LocalDate.optional().describe('Local day after the last one covered.'),
  attempts: z.int().min(0).max(1000).optional().describe('The attempt that is running or was the last.'),
  rows: z.int().min(0).optional().describe('Data rows in all files.'),
  bytes: z.int().min(0).optional().describe('Bytes of all files.'),
  generation: z.int().min(0).optional().describe('metadata.generation of the spec that the run used.'),
  error: RunError.optional().describe('Why it failed, was rejected or was skipped.'),
})
export type HistoryEntry = z.infer<typeof HistoryEntry>

/** A published file. */
export const RunFile = z.strictObject({
  name: z.string().max(255).describe('File name without folder.'),
  uri: z.string().max(1024).describe('volume://<claim>/<path>'),
  bytes: z.int().min(0).describe('Size.'),
  rows: z.int().min(0).describe('Data rows, headings not counted.'),
  sha256: z.string().max(64).describe('Lower-case hexadecimal.'),
})
export type RunFile = z.infer<typeof RunFile>

export const LastRun = HistoryEntry.extend({
  files: z.array(RunFile).max(20).optional().describe('The first 20 files; the manifest has them all.'),
  manifest: z
    .strictObject({
      uri: z.string().max(1024).describe('volume://<claim>/<path>'),
      sha256: z.string().max(64).describe('Lower-case hexadecimal.'),
    })
    .optional()
    .describe('The manifest beside the files: written last, it is the proof of publication.'),
})
export type LastRun = z.infer<typeof LastRun>

/** A Job that has not been harvested: it runs, or its result is not in history yet. */
export const ActiveRun = z.strictObject({
  name: z.string().max(63).describe('The Job.'),
  uid: z.string().max(36).describe('UID of the Job that holds the slot: the slot of a manual run, also after the Job was made again.'),
  scheduledTime: Time.optional().describe("The slot's time."),
  restarts: z.int().min(0).max(10).optional().describe('How often the operator made the Job again because it had vanished without a result.'),
})
export type ActiveRun = z.infer<typeof ActiveRun>

export const CONDITION_TYPES = ['Ready', 'Reconciling', 'Stalled', 'LastRunSucceeded', 'RunBlocked'] as const
export type ConditionType = (typeof CONDITION_TYPES)[number]

export const Condition = z.strictObject({
  type: z.string().max(64).describe('Ready, Reconciling, Stalled, LastRunSucceeded or RunBlocked.'),
  status: z.enum(['True', 'False', 'Unknown']).describe('Whether it holds.'),
  observedGeneration: z.int().min(0).optional().describe('metadata.generation of the spec that the condition is about.'),
  lastTransitionTime: Time.describe('When status last changed.'),
  reason: z.string().min(1).max(MAX_CONDITION_REASON).describe('A stable word for the cause.'),
  message: z.string().max(MAX_CONDITION_MESSAGE).describe('The cause in a sentence, with what would be right.'),
})
export type Condition = z.infer<typeof Condition>

export const ScheduledExportStatus = z.strictObject({
  observedGeneration: z.int().min(0).optional().describe('The generation that the rest of the operator\'s status is about.'),
  conditions: z
    .array(Condition)
    .max(16)
    .optional()
    .meta({'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['type']})
    .describe('Ready: spec accepted, CronJob as wanted. Stalled: the spec must change. LastRunSucceeded. RunBlocked: a pod cannot start.'),
  effectiveSchedule: z.string().max(100).optional().describe('The schedule as the CronJob has it.'),
  nextRunTime: z.string().max(40).optional().describe('The next scheduled run, in spec.timeZone (RFC 3339).'),
  lastScheduleTime: Time.optional().describe('The last slot that Kubernetes started.'),
  lastSuccessTime: Time.optional().describe('When the last successful run completed.'),
  active: z.array(ActiveRun).max(100).optional().describe('Jobs without a result in history yet.'),
  lastRun: LastRun.optional().describe('The newest run with its files.'),
  history: z.array(HistoryEntry).max(50).optional().describe('Runs, newest first, at most spec.historyLimit.'),
})
export type ScheduledExportStatus = z.infer<typeof ScheduledExportStatus>

/** What the operator applies (server-side apply): everything but history and lastRun, which two programs write by merge patch. */
export type OperatorStatus = Omit<ScheduledExportStatus, 'history' | 'lastRun'>
/** What exporter and operator both write, by merge patch that carries metadata.resourceVersion. */
export type RunStatus = Pick<ScheduledExportStatus, 'history' | 'lastRun'>
