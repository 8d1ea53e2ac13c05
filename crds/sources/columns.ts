// What every source has that reads text: which of its columns are numbers and dates, and how they are written there.
import {z} from 'zod'
import {line, withRule} from '../fields.ts'

export const COLUMN_TYPES = ['text', 'numeric', 'date', 'boolean'] as const
export type ColumnType = (typeof COLUMN_TYPES)[number]

const Column = z.strictObject({
  name: line(63).min(1).describe("The dataset's column."),
  from: line(127).min(1).optional().describe('Its name in the source, if another one.'),
  type: z.enum(COLUMN_TYPES).default('text').describe('What it holds.'),
})

/** A column that the spec declares. */
export type Column = z.infer<typeof Column>

/** Columns that the spec declares, at most 250. */
export function columns(): z.ZodDefault<z.ZodArray<typeof Column>> {
  return z
    .array(Column)
    .max(250)
    .refine((all) => new Set(all.map(({name}) => name)).size === all.length, 'names a column twice: leave one out')
    .refine((all) => new Set(all.map(({name, from}) => from ?? name)).size === all.length, 'reads a column twice: leave one out')
    .default([])
    .meta({'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name']})
}

export const DATE_FORMATS = ['YYYY-MM-DD', 'DD.MM.YYYY', 'DD/MM/YYYY', 'MM/DD/YYYY', 'YYYY/MM/DD', 'YYYYMMDD', 'DDMMYYYY'] as const
export type DateFormat = (typeof DATE_FORMATS)[number]

/** How a source writes numbers, dates and NULL. */
export const VALUE_FIELDS = {
  decimalSign: z.enum(['.', ',']).default('.').describe('Decimal sign of columns of the type numeric.'),
  thousandsSeparator: z
    .enum(['.', ',', ' ', "'"])
    .optional()
    .describe("What may stand between groups of three digits; a space also stands for a no-break space, ' also for ’. Left out: nothing may."),
  dateFormat: z.enum(DATE_FORMATS).default('YYYY-MM-DD').describe('How columns of the type date are written. Between separators day and month may lack their leading zero.'),
  nullText: line(64).min(1).optional().describe('Text without quotes that stands for NULL, such as NULL; in JSON a string with this text.'),
}

/** How the source writes what the spec declares. */
export interface ValueFormat {
  readonly decimalSign: '.' | ','
  readonly thousandsSeparator?: '.' | ',' | ' ' | "'" | undefined
  readonly dateFormat: DateFormat
  readonly nullText?: string | undefined
}

/** "The two signs differ", for the API server and for zod. */
export function withTwoSigns<S extends z.ZodType<ValueFormat>>(schema: S): S {
  return withRule(schema, {
    cel: '!has(self.thousandsSeparator) || self.thousandsSeparator != self.decimalSign',
    message: 'thousandsSeparator and decimalSign must differ',
    test: ({decimalSign, thousandsSeparator}) => decimalSign !== thousandsSeparator,
  })
}
