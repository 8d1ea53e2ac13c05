// A category of files (Formatkategorie): what its header says of it, its columns, and the datasets that it is made from.
import {BOOKING_COLUMNS} from '../../datasets/bookings.ts'
import type {DatasetName} from '../../../crds/datasets.ts'
import type {DatevFormat} from '../../../crds/formats/datev.ts'
import {BUCHUNGSSTAPEL} from './columns.ts'
import type {DatevColumn} from './types.ts'

export type CategoryFile = DatevFormat['files'][number]

export interface Category {
  /** In the spec and in file names. */
  readonly file: CategoryFile
  /** Header fields 3 to 5. */
  readonly number: number
  readonly title: string
  readonly version: number
  readonly columns: readonly DatevColumn[]
  /** In the order in which they are written. */
  readonly datasets: readonly DatasetName[]
  /** Canonical columns of those datasets. */
  readonly canonical: readonly string[]
  /** The number in the first column may come twice (an account has a name in each language). */
  readonly mayRepeat?: true
  /** The dataset's column that names a row in messages. */
  readonly key: string
}

export const STACK: Category = {
  file: 'Buchungsstapel',
  number: 21,
  title: 'Buchungsstapel',
  version: 13,
  columns: BUCHUNGSSTAPEL,
  datasets: ['bookings'],
  canonical: BOOKING_COLUMNS.map(({name}) => name),
  key: 'booking_id',
}
