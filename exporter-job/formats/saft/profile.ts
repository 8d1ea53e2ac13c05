// What an authority asks for, as data: a profile. The writer knows no country; another one is another profile.
import type {DatasetName} from '../../../crds/datasets.ts'
import type {SaftFormat} from '../../../crds/formats/saft.ts'
import type {FormatContext} from '../types.ts'
import type {Element, KeySet} from './elements.ts'

/** A part of the master files that is filled from a dataset. */
export interface Section {
  readonly dataset: KeySet
  /** The element around all entries; sections with the same name that follow each other share it. '' where there is none. */
  readonly name: string
  /** What stands before the first entry, from the header's values. */
  readonly head?: readonly Element[]
  /** An entry, one a row. */
  readonly entry: readonly Element[]
  /** A column that lines repeat by the entry's id. */
  readonly says?: string
  /** Entries with the same value in this column (or all of them) stand in one element; the dataset is sorted by it. */
  readonly group?: {readonly by?: string; readonly name: string; readonly elements: readonly Element[]}
  /** Whether every entry has balances, or only those of a dataset that has columns for them. */
  readonly balances: 'always' | 'given' | 'none'
  /** The column that names an entry's parent, whose balance is that of all below it: closing balances must be stated then. */
  readonly parent?: string
  /** Whether the element is there also without entries. */
  readonly whenEmpty: 'omit' | 'write'
}

/** An id that a file has of a transaction, and that is made of several columns. */
export interface ComposedId {
  /** The column without which transaction_id tells transactions apart. */
  readonly column: string
  /** The columns of each part, the first one that is filled. */
  readonly parts: readonly (readonly string[])[]
  /** How the file calls it. */
  readonly name: string
}

/** A transaction or a journal: its own elements stand before what it holds. */
export interface Level {
  readonly name: string
  readonly elements: readonly Element[]
  /** An element around what it holds. */
  readonly inner?: string
}

/** How negative amounts may be treated. */
export type NegativeAmounts = SaftFormat['negativeAmounts']

/** Values of the header by the names that its elements know; empty ones may be left out. */
export type HeaderValues = Readonly<Record<string, string | undefined>>

/** What a file's name is made of. */
export interface FileFacts {
  readonly registrationNumber: string
  /** Days, both inclusive: 20261001. */
  readonly start: string
  readonly end: string
  /** Local time of the slot: 20261101060000. */
  readonly createdAt: string
  /** From 1. */
  readonly number: number
  readonly total: number
}

export interface Profile {
  /** As the spec names it: "NO-1.30". */
  readonly id: SaftFormat['profile']
  readonly encoding: 'UTF-8' | 'Windows-1252'
  readonly namespace: string
  /** Of the books, unless the spec says otherwise. */
  readonly currency: string
  /** Books are in no other currency. */
  readonly hasFixedCurrency: boolean
  /** What is wrong with a run's period; undefined where nothing is. */
  periodFault?(period: FormatContext['period'], spec: SaftFormat): string | undefined
  readonly negativeAmounts: readonly NegativeAmounts[]
  /** The authority takes several files of one period, a month each. */
  readonly splits: boolean
  /** The longest file that the authority takes. */
  readonly maxFileBytes?: number
  /** Datasets that the profile cannot do without, beside journal_lines. */
  readonly needs: readonly DatasetName[]
  readonly header: readonly Element[]
  /** Values that only this profile knows. */
  headerValues(spec: SaftFormat, context: FormatContext): HeaderValues
  /** In the order of the file; a text stands as it is. */
  readonly masters: readonly (Section | string)[]
  readonly journal: Level
  readonly transaction: Level
  /** Of transactions, where their id is not transaction_id: no two may have the same. */
  readonly composedId?: ComposedId
  readonly line: readonly Element[]
  /** What follows the general ledger's entries. */
  readonly tail?: string
  fileName(facts: FileFacts): string
}
