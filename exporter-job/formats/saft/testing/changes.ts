// Writing and reading a profile's sample, with something changed.
import {expect} from 'vitest'
import type {Row} from '../../testing/dataset.ts'
import type {ProfileSample, SampleLedger} from './ledger.ts'
import {SAMPLES} from './samples.ts'
import type {SpecInput, Written} from './write.ts'
import {writeAudit} from './write.ts'
import type {XmlElement} from './xml.ts'
import {readXml} from './xml.ts'

export const [NORWAY, ROMANIA, LUXEMBOURG, PORTUGAL] = SAMPLES as [ProfileSample, ProfileSample, ProfileSample, ProfileSample]

/** The sample's ledger with these changes, under its spec with those. */
export async function write(
  {profile, ledger, spec, context}: ProfileSample,
  changes: Partial<SampleLedger> = {},
  more: Partial<SpecInput> = {},
): Promise<Written> {
  return writeAudit({...ledger, ...changes}, {spec: {...spec, profile, ...more}, context: context ?? {}})
}

/** The same, without errors, read back. */
export async function read(sample: ProfileSample, changes?: Partial<SampleLedger>, more?: Partial<SpecInput>): Promise<XmlElement> {
  const {sink, findings} = await write(sample, changes, more)
  expect(findings.errors()).toEqual([])
  return readXml(sink.bytes(0))
}

/** The rows with one of them changed (from 1). */
export function changed(rows: readonly Row[], row: number, change: Row): Row[] {
  return rows.map((each, index) => (index === row - 1 ? {...each, ...change} : each))
}

export function without(row: Row, ...names: readonly string[]): Row {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name)))
}
