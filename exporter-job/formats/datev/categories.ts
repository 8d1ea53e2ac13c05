// The categories of files (Formatkategorien): what their headers say of them, their columns, and the datasets that they are made from.
import {ACCOUNT_COLUMNS} from '../../datasets/accounts.ts'
import {BOOKING_COLUMNS} from '../../datasets/bookings.ts'
import {PARTNER_COLUMNS} from '../../datasets/partners.ts'
import {PAYMENT_TERM_COLUMNS} from '../../datasets/payment-terms.ts'
import type {DatasetName} from '../../../crds/datasets.ts'
import type {DatevFormat} from '../../../crds/formats/datev.ts'
import {KONTENBESCHRIFTUNGEN, ZAHLUNGSBEDINGUNGEN} from './columns-master.ts'
import {DEBITOREN_KREDITOREN} from './columns-partners.ts'
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

/** Master data, in the order in which DATEV wants it imported: what others refer to comes first. */
export const MASTER_DATA: readonly Category[] = [
  {
    file: 'Kontenbeschriftungen',
    number: 20,
    title: 'Kontenbeschriftungen',
    version: 3,
    columns: KONTENBESCHRIFTUNGEN,
    datasets: ['accounts'],
    canonical: ACCOUNT_COLUMNS.map(({name}) => name),
    key: 'account',
  },
  {
    file: 'Zahlungsbedingungen',
    number: 46,
    title: 'Zahlungsbedingungen',
    version: 2,
    columns: ZAHLUNGSBEDINGUNGEN,
    datasets: ['payment_terms'],
    canonical: PAYMENT_TERM_COLUMNS.map(({name}) => name),
    key: 'id',
  },
  {
    file: 'DebitorenKreditoren',
    number: 16,
    title: 'Debitoren/Kreditoren',
    version: 5,
    columns: DEBITOREN_KREDITOREN,
    datasets: ['customers', 'suppliers'],
    canonical: PARTNER_COLUMNS.map(({name}) => name),
    key: 'account',
  },
]
