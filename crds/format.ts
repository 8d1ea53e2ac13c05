// What the files are: optional siblings, exactly one of them.
import {z} from 'zod'
import type {DatasetName} from './datasets.ts'
import {exactlyOneOf} from './fields.ts'
import {DatevFormat} from './formats/datev.ts'

/** Every format by the name that a spec gives it. A new one is added here, in NEEDS and in exporter-job/formats/index.ts. */
const FORMATS = {
  datev: DatevFormat.optional().describe('DATEV-Format (EXTF) for DATEV Rechnungswesen.'),
}

export type FormatName = keyof typeof FORMATS
const FORMAT_NAMES = ['datev'] as const satisfies readonly FormatName[]

export const Format = exactlyOneOf(z.strictObject(FORMATS), FORMAT_NAMES)
export type Format = z.infer<typeof Format>

/** A dataset that a format cannot do without. */
export interface Need {
  readonly format: FormatName
  /** One of them will do. */
  readonly datasets: readonly [DatasetName, ...DatasetName[]]
  /** Where it is not always so: CEL over `self` (the format's own spec), the same in TypeScript, and in words. */
  readonly where?: {readonly cel: string; readonly test: (format: Format) => boolean; readonly words: string}
}

export const NEEDS: readonly Need[] = [
  {format: 'datev', datasets: ['bookings'], where: datevFile('Buchungsstapel')},
  {format: 'datev', datasets: ['customers', 'suppliers'], where: datevFile('DebitorenKreditoren')},
  {format: 'datev', datasets: ['accounts'], where: datevFile('Kontenbeschriftungen')},
  {format: 'datev', datasets: ['payment_terms'], where: datevFile('Zahlungsbedingungen')},
]

function datevFile(file: DatevFormat['files'][number]): NonNullable<Need['where']> {
  return {cel: `'${file}' in self.files`, test: ({datev}) => datev?.files.includes(file) === true, words: `with the file ${file}`}
}
