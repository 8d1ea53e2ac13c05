// Writes a ledger given as values, as a run would.
import {SaftFormat} from '../../../../crds/formats/saft.ts'
import type {z} from 'zod'
import {createFindings} from '../../findings.ts'
import type {Findings} from '../../findings.ts'
import {datasetOf} from '../../testing/dataset.ts'
import type {Row} from '../../testing/dataset.ts'
import {contextOf, memorySink} from '../../testing/memory-sink.ts'
import type {MemorySink} from '../../testing/memory-sink.ts'
import type {FormatContext, FormatInput, FormatResult} from '../../types.ts'
import {createSaftFormat} from '../format.ts'
import {columnsOf} from './ledger.ts'

export type SpecInput = z.input<typeof SaftFormat>

/** An invented company, with whatever any authority asks for. */
export function specOf(overrides: Partial<SpecInput> = {}): SaftFormat {
  return SaftFormat.parse({
    profile: 'NO-1.30',
    company: {
      registrationNumber: '999999999',
      name: 'Fjord & Fjell AS',
      vatNumber: '999999999MVA',
      address: {street: 'Bryggen', number: '1', postalCode: '5003', city: 'Bergen', country: 'NO'},
      contact: {firstName: 'Ola', lastName: 'Nordmann', telephone: '+47 55 00 00 00'},
    },
    ...overrides,
  })
}

export interface Written {
  readonly sink: MemorySink
  readonly result: FormatResult
  readonly findings: Findings
}

export type Datasets = Readonly<Record<string, readonly Row[]>>

export interface WriteOptions {
  readonly spec?: Partial<SpecInput>
  readonly context?: Partial<FormatContext>
  readonly chunkBytes?: number
  /** Columns of datasets, where their rows do not show them. */
  readonly columns?: Readonly<Record<string, readonly string[]>>
}

/** Each dataset may be opened again, as the seam promises. */
export function inputOfRows(datasets: Datasets, {chunkBytes, columns = {}}: Pick<WriteOptions, 'chunkBytes' | 'columns'> = {}): FormatInput {
  return {
    has: (name) => datasets[name] !== undefined,
    open: async (name) =>
      datasetOf(datasets[name]!, columns[name] ?? columnsOf(datasets[name]!), {name, ...(chunkBytes !== undefined && {chunkBytes})}),
    sql: undefined,
  }
}

export async function writeAudit(datasets: Datasets, {spec, context, ...options}: WriteOptions = {}): Promise<Written> {
  const sink = memorySink()
  const findings = createFindings(1_000)
  const result = await createSaftFormat(specOf(spec)).write(inputOfRows(datasets, options), sink, contextOf({name: 'saft', findings, ...context}))
  return {sink, result, findings}
}
