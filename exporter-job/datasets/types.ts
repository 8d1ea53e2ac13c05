// How a canonical column of a dataset is described; docs/datasets.md shows the same.

/** What a value must look like in the dataset, whatever the format makes of it. */
export type CanonicalType = 'decimal' | 'integer' | 'text' | 'account' | 'date' | 'time' | 'side' | 'flag'

export interface ColumnDescription {
  readonly name: string
  readonly type: CanonicalType
  /** One sentence, as in docs/datasets.md. */
  readonly meaning: string
}
