// What the words in status mean, for docs/reference.md. A new word without a meaning does not compile.
import type {ConditionType, Phase, Trigger} from '../status.ts'
import type {PeriodRange} from '../spec.ts'

export const PHASE_MEANINGS: Record<Phase, string> = {
  Pending: 'The Job exists, no attempt has begun.',
  Processing: 'An attempt is running, or the next one waits for its backoff.',
  Completed: 'Files and manifest are published.',
  Failed: 'It ended without publishing; `error` says why. Nothing half-written is left.',
  Skipped: 'It had nothing to do.',
  Missed: 'The slot passed without a run.',
  Rejected: 'It was not allowed to publish: the period has published files already.',
}

export const TRIGGER_MEANINGS: Record<Trigger, string> = {
  Schedule: 'The schedule came due.',
  Manual: 'Somebody made a Job from the CronJob.',
  Backfill: 'A past period was asked for.',
  CatchUp: 'A slot that had been missed was started later.',
}

export const CONDITION_MEANINGS: Record<ConditionType, string> = {
  Ready: 'The spec is accepted and the CronJob is as wanted. A failed run does not make it False.',
  Reconciling: 'The operator is bringing the cluster to what the spec says.',
  Stalled: 'Nothing will happen until the spec (or what stands in its way) is changed; the message says what.',
  LastRunSucceeded: 'How the newest finished run went.',
  RunBlocked: "A run's pod cannot start: the message has the kubelet's reason (image, Secret, volume, no room).",
}

/** An example for each, as of a run on 2026-11-18 (a Wednesday). */
export const RANGE_EXAMPLES: Record<PeriodRange, string> = {
  PreviousDay: '2026-11-17',
  PreviousWeek: '2026-11-09 to 2026-11-15',
  PreviousMonth: '2026-10-01 to 2026-10-31',
  PreviousQuarter: '2026-07-01 to 2026-09-30',
  PreviousYear: '2025-01-01 to 2025-12-31',
  MonthToDate: '2026-11-01 to 2026-11-17',
  QuarterToDate: '2026-10-01 to 2026-11-17',
  YearToDate: '2026-01-01 to 2026-11-17',
}
