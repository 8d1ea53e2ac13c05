// Writes datasets with one of the formats, as a run would.
import type {Dataset} from '../../../sources/types.ts'
import type {Finding} from '../../findings.ts'
import {createFindings} from '../../findings.ts'
import type {MemorySink} from '../../testing/memory-sink.ts'
import {contextOf, inputOf, memorySink} from '../../testing/memory-sink.ts'
import type {Format, FormatContext, FormatResult} from '../../types.ts'

export interface Written {
  readonly result: FormatResult
  readonly sink: MemorySink
  readonly errors: readonly Finding[]
  readonly notes: readonly Finding[]
  /** The bytes of the file of that name. */
  readonly file: (name: string) => Buffer
}

export async function write(format: Format, datasets: readonly Dataset[], context: Partial<FormatContext> = {}): Promise<Written> {
  const sink = memorySink()
  const findings = createFindings(1_000_000)
  const result = await format.write(inputOf(...datasets), sink, contextOf({findings, ...context}))
  return {
    result,
    sink,
    errors: findings.errors(),
    notes: findings.notes(),
    file(name) {
      const index = sink.files.findIndex((each) => each.name === name)
      if (index < 0) throw new Error(`there is no file ${name}, but ${sink.files.map((each) => each.name).join(', ')}`)
      return sink.bytes(index)
    },
  }
}
