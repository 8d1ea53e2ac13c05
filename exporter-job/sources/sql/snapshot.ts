// A snapshot of a source that speaks SQL: datasets are queries of the spec.
import {PermanentFault} from '../../errors.ts'
import type {Dataset, Snapshot} from '../types.ts'

export interface SqlSnapshotOptions {
  /** The source's name in the spec. */
  readonly source: string
  /** One SELECT for each dataset. */
  readonly queries: Readonly<Record<string, string>>
  readonly takenAt: string
  readonly signal: AbortSignal
  readonly open: (name: string, query: string) => Promise<Dataset>
  /** The query without semicolons and comments at its end. */
  readonly withoutEnd: (query: string) => string
  /** A column as something that is equal only where every character is. */
  readonly exact: (column: string) => string
  readonly dispose: () => Promise<void>
}

export function sqlSnapshot({source, queries, takenAt, signal, open, withoutEnd, exact, dispose}: SqlSnapshotOptions): Snapshot {
  function queryOf(name: string): string {
    const query = Object.hasOwn(queries, name) ? queries[name] : undefined
    if (query === undefined) throw new PermanentFault('DatasetMissing', `spec.source.${source}.datasets has no query for ${name}`)
    return query
  }
  async function openUnlessAborted(name: string, query: string): Promise<Dataset> {
    signal.throwIfAborted()
    return open(name, query)
  }
  return {
    takenAt,
    open: async (name) => openUnlessAborted(name, queryOf(name)),
    sql: {
      // Without what may stand behind the statement: a semicolon, a comment to the end of the line.
      subquery: (dataset) => `(\n${withoutEnd(queryOf(dataset))}\n)`,
      exact,
      open: openUnlessAborted,
    },
    [Symbol.asyncDispose]: dispose,
  }
}
