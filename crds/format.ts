// What the files are: optional siblings, exactly one of them.
import {z} from 'zod'
import type {DatasetName} from './datasets.ts'
import {exactlyOneOf} from './fields.ts'
import {BmdFormat} from './formats/bmd.ts'
import {CsvFormat} from './formats/csv.ts'
import {DatevFormat} from './formats/datev.ts'
import {GobdFormat} from './formats/gobd.ts'
import {NdjsonFormat} from './formats/ndjson.ts'
import {SaftFormat} from './formats/saft.ts'

/** Every format by the name that a spec gives it. A new one is added here, in NEEDS and in exporter-job/formats/index.ts. */
const FORMATS = {
  datev: DatevFormat.optional().describe('DATEV-Format (EXTF) for DATEV Rechnungswesen.'),
  bmd: BmdFormat.optional().describe('BMD NTCS: bookings and personal accounts as CSV.'),
  saft: SaftFormat.optional().describe('SAF-T (Standard Audit File for Tax), in the version of an authority.'),
  csv: CsvFormat.optional().describe('CSV, one file a dataset.'),
  ndjson: NdjsonFormat.optional().describe('NDJSON, one file a dataset, one JSON object a row.'),
  gobd: GobdFormat.optional().describe('Data carrier for a German tax audit (Datenträgerüberlassung, Z3): index.xml and one CSV file a dataset.'),
}

export type FormatName = keyof typeof FORMATS
export const FORMAT_NAMES = ['datev', 'bmd', 'saft', 'csv', 'ndjson', 'gobd'] as const satisfies readonly FormatName[]

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
  {
    format: 'datev',
    datasets: ['documents'],
    where: {cel: 'has(self.documents)', test: ({datev}) => datev?.documents !== undefined, words: 'with documents'},
  },
  {
    format: 'bmd',
    datasets: ['bookings'],
    where: {cel: "'Buchungen' in self.files", test: ({bmd}) => bmd?.files.includes('Buchungen') === true, words: 'with the file Buchungen'},
  },
  {
    format: 'bmd',
    datasets: ['customers', 'suppliers'],
    where: {cel: "'Personenkonten' in self.files", test: ({bmd}) => bmd?.files.includes('Personenkonten') === true, words: 'with the file Personenkonten'},
  },
  {format: 'saft', datasets: ['journal_lines']},
  {format: 'saft', datasets: ['accounts']},
  {format: 'gobd', datasets: ['journal_lines', 'bookings', 'rows']},
]

function datevFile(file: DatevFormat['files'][number]): NonNullable<Need['where']> {
  return {cel: `'${file}' in self.files`, test: ({datev}) => datev?.files.includes(file) === true, words: `with the file ${file}`}
}
