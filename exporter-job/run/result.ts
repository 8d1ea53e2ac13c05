// The result of a run as one line of JSON: the last line of stdout, for a person's scripts.
import type {RunError} from '../../crds/status.ts'
import type {RunOutcome} from './run.ts'

/** One line, without a line break. What was only checked was not completed. */
export function resultLine({run, published}: RunOutcome, {checked = false} = {}): string {
  const {phase, exportId, attempts, rows, bytes, error} = run
  return JSON.stringify({
    phase: checked && phase === 'Completed' ? 'Checked' : phase,
    exportId,
    period: {start: run.periodStart, end: run.periodEnd},
    attempts,
    ...(error === undefined ? {} : {error}),
    ...(published === undefined
      ? {}
      : {
          rows,
          bytes,
          revision: published.manifest.revision,
          totals: published.manifest.totals,
          notes: published.manifest.notes,
          files: published.files,
          manifest: published.manifestRef,
          unusedColumns: published.manifest.unusedColumns,
        }),
  })
}

/** The same for a run that could not even begin. */
export function failureLine(error: RunError): string {
  return JSON.stringify({phase: 'Failed', error})
}
