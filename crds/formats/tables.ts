// What the formats csv, ndjson and gobd share: which columns of which dataset they write.
import {z} from 'zod'
import {DATASET_NAMES} from '../datasets.ts'
import type {DatasetName} from '../datasets.ts'
import {line} from '../fields.ts'

/** What a value is, where neither source nor dataset says it. */
export const VALUE_TYPES = ['Text', 'Number', 'Date', 'Timestamp', 'Boolean'] as const
export type ValueType = (typeof VALUE_TYPES)[number]

/** A column of a dataset and what the file calls it. */
export interface ColumnChoice {
  readonly from: string
  readonly to?: string | undefined
  readonly type?: ValueType | undefined
}

export const COLUMN_CHOICE = {
  from: line(100).min(1).describe("The dataset's column."),
  to: line(100).min(1).optional().describe("Its name in the file; left out, the dataset's."),
  type: z
    .enum(VALUE_TYPES)
    .optional()
    .describe(
      "What its values are; left out, what docs/datasets.md says of a canonical column, and of another one what the database says. " +
        'Of a column of a CSV file nothing is known: it is Text, written as it is.',
    ),
}

/** The columns of one dataset: all of them unless some are named; no two of one name. */
export function columnsOf<S extends z.ZodType<ColumnChoice>>(column: S): z.ZodDefault<z.ZodArray<S>> {
  return z
    .array(column)
    .max(200)
    .refine((columns) => new Set(columns.map(({from, to}) => to ?? from)).size === columns.length, 'names a column twice: give one of them another name with "to"')
    .default([])
}

/** What names a dataset in a format's list of them. */
export const DATASET_CHOICE = z.enum(DATASET_NAMES as readonly [DatasetName, ...DatasetName[]]).describe('The dataset that the entry is about.')

/** One entry a dataset at most. */
export function datasetChoices<S extends z.ZodType<{readonly dataset: DatasetName}>>(entry: S): z.ZodDefault<z.ZodArray<S>> {
  return z
    .array(entry)
    .max(DATASET_NAMES.length)
    .refine((entries) => new Set(entries.map(({dataset}) => dataset)).size === entries.length, 'names a dataset twice: make one entry of both')
    .default([])
    .meta({'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['dataset']})
}

/** Rows a file, where a dataset is to be split. */
export const MAX_ROWS = z
  .int()
  .min(1)
  .max(1_000_000_000)
  .optional()
  .describe('Rows a file at most; more go into further files, named …_001, …_002. Left out, a dataset is one file.')
